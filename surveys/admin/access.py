"""What all pages of surveys find: the season, the survey."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404

from mentorship.seasons.models import Season
from surveys.models import Wave


def season_of(request: Any, season_id: UUID) -> Season:
    """The season, also for the ribbon. Raises Http404."""
    season: Season = get_object_or_404(Season.objects.visible_to(request.user), pk=season_id)
    request.season = season
    return season


def wave_of(request: Any, wave_id: UUID) -> Wave:
    """The survey, its season for the ribbon. Raises Http404."""
    wave: Wave = get_object_or_404(Wave.objects.visible_to(request.user).select_related("season"), pk=wave_id)
    request.season = wave.season
    return wave
