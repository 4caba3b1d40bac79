"""What every page of an applicant starts with: the season, or one's own application; anybody else's is not found."""

from datetime import datetime
from typing import cast
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from mentorship.applications.models import Application
from mentorship.people.models import User
from mentorship.seasons.models import Season
from mentorship.seasons.phases import phase
from mentorship.seasons.states import Phase


def person(request: HttpRequest) -> User:
    """Return who is signed in; for views that demand it."""
    return cast(User, request.user)


def season_of(request: HttpRequest, slug: str) -> Season:
    """Return the season, and set the request's, which the ribbon reads. Raises Http404."""
    season: Season = get_object_or_404(Season.objects.visible_to(request.user), slug=slug)
    request.season = season  # type: ignore[attr-defined]
    return season


def own_application(request: HttpRequest, pk: UUID) -> Application:
    """Return one's own application with what its pages read, and set the request's season. Raises Http404."""
    rows = (
        Application.objects.visible_to(request.user)
        .filter(applicant=person(request))
        .select_related(
            "season",
            "questionnaire",
            "applicant__profile__unit",
            "applicant__profile__job_class",
            "applicant__profile__supervisor__profile",
        )
        .prefetch_related("goals__goal", "tags", "favourites__person__profile__unit")
    )
    application: Application = get_object_or_404(rows, pk=pk)
    request.season = application.season  # type: ignore[attr-defined]
    return application


def may_write(application: Application, now: datetime) -> bool:
    """Whether its owner can still change it. An untold decision changes nothing: it would show itself."""
    return application.state != Application.State.WITHDRAWN and phase(application.season, now) == Phase.APPLYING
