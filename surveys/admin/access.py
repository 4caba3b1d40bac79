"""What all pages of surveys check and find: the coordinator, the season, the survey."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from mentorship.seasons.models import Season
from surveys.models import Wave

View = Callable[..., HttpResponseBase]


def for_coordinators(view: View) -> View:
    """Let coordinators in; the admin site has checked sign-in and second factor before."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_role("coordinator"):  # type: ignore[union-attr]
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


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
