"""What all pages of the workbench check and find: the coordinator, the season, the suggested match."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from matching.admin.filters import Chosen, chosen
from matching.models import MatchRun, Proposal
from mentorship.applications.models import Application
from mentorship.seasons.models import Season

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
    """The season, also for the ribbon. Raises Http404, also where it has no pairs."""
    season: Season = get_object_or_404(Season.objects.visible_to(request.user), pk=season_id, has_pairs=True)
    request.season = season
    return season


def circles_season_of(request: Any, season_id: UUID) -> Season:
    """The season, also for the ribbon. Raises Http404, also where it has no circles."""
    season: Season = get_object_or_404(Season.objects.visible_to(request.user), pk=season_id, has_circles=True)
    request.season = season
    return season


def any_season_of(request: Any, season_id: UUID) -> Season:
    """A season with pairs or circles, also for the ribbon. Raises Http404."""
    rows = Season.objects.visible_to(request.user).filter(Q(has_pairs=True) | Q(has_circles=True))
    season: Season = get_object_or_404(rows, pk=season_id)
    request.season = season
    return season


def match_of(request: Any, match_id: UUID) -> Proposal:
    """A suggested match on which this coordinator may decide. Raises Http404."""
    rows = Proposal.objects.visible_to(request.user).named().select_related("run__season")
    match: Proposal = get_object_or_404(rows.defer("run__problem", "run__trace"), pk=match_id)
    request.season = match.run.season
    return match


def pair_of(request: Any, mentee: UUID, mentor: UUID) -> tuple[Application, Application]:
    """A mentee and a mentor of one season on whom this coordinator may decide. Raises Http404."""
    rows = Application.objects.screenable_by(request.user).select_related("season", "applicant__profile__unit")
    first: Application = get_object_or_404(rows, pk=mentee, role="mentee")
    second: Application = get_object_or_404(rows, pk=mentor, role="mentor")
    if first.season_id != second.season_id:
        raise Http404
    request.season = first.season
    return first, second


def last_run(season: Season) -> MatchRun | None:
    """The season's newest result, without its encrypted parts."""
    rows = MatchRun.objects.done().filter(season=season).defer("problem", "trace")
    run: MatchRun | None = rows.order_by("-number").first()
    return run


def workbench_url(season_id: UUID, *, match: UUID | None = None, shown: Chosen | None = None) -> str:
    """The address of the workbench, with what is shown there, opened at a match."""
    query = (shown or Chosen()).query | ({"match": str(match)} if match else {})
    url = reverse("admin:matching_workbench", args=[season_id])
    return url + (f"?{urlencode(query)}" if query else "") + ("#match" if match else "")


def match_of_mentee(mentee: UUID, season_id: UUID) -> UUID | None:
    """The mentee's line in the season's last run."""
    found: UUID | None = (
        Proposal.objects.filter(mentee=mentee, run__season=season_id, run__state="done")
        .order_by("-run__number")
        .values_list("pk", flat=True)
        .first()
    )
    return found


def back(request: HttpRequest, season_id: UUID, match: UUID | None = None) -> HttpResponse:
    """Go back to the workbench, to the match and the list that the coordinator came from."""
    return redirect(workbench_url(season_id, match=match, shown=chosen(request.POST)))


def say_changed_meanwhile(request: HttpRequest) -> None:
    messages.warning(request, _("Somebody else decided on it meanwhile. Nothing was changed; this is how it stands."))


def say_busy(request: HttpRequest) -> None:
    messages.warning(
        request, _("Somebody else is deciding on the same people right now. Nothing was changed; please try again.")
    )
