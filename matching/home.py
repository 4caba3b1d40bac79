"""What matching adds to lower layers for somebody without a match: a card at home, words on their application."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from matching.alone import entries_of, entry_of
from mentorship.applications.hooks import Outcome
from mentorship.applications.models import Application
from mentorship.common.registries import HomeSection
from mentorship.seasons.phases import phase
from mentorship.seasons.states import Phase

OPEN = {Phase.REVIEWING, Phase.RUNNING}


def alone(request: HttpRequest) -> HomeSection | None:
    """The newest season that told somebody that it has no match for them, as long as one may still come."""
    now = timezone.now()
    for entry in entries_of(request.user)[:3]:
        if phase(entry.season, now) in OPEN:
            context = {"entry": entry, "season": entry.season, "url": _url(entry.application_id)}
            return HomeSection("matching/home_alone.html", context, order=45, next_action=entry.waits is None)
    return None


def outcome(request: HttpRequest, application: Application) -> Outcome | None:
    """What became of an application that has no match, once its owner was told."""
    if entry_of(request.user, application.pk) is None:
        return None
    return Outcome("matching/outcome.html", {"url": _url(application.pk)})


def _url(application: Any) -> str:
    return reverse("matching:alone", args=[application])
