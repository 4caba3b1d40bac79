"""The circles of a season: a sentence, what to look at first, people without a circle, and what comes next."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from matching.admin.access import circles_season_of, for_coordinators
from matching.admin.circles.lines import alone, figures, last_run, lines_of
from matching.circle_snapshot import pool
from matching.models import CircleRun
from matching.services.circles import TooFewPeers, start_circle_run
from mentorship.partnerships.services import ANSWER_DAYS
from mentorship.seasons.models import Season

PER_PAGE = 20


@for_coordinators
@require_GET
def board(request: HttpRequest, season_id: UUID) -> HttpResponse:
    """Exceptions first."""
    season = circles_season_of(request, season_id)
    run = last_run(season)
    context: dict[str, Any] = {
        "title": _("Circles"),
        "season": season,
        "run": run,
        "under_way": _under_way(season),
        "failed": _failed(season, after=run.number if run else 0),
        "pool": pool(season),
    }
    if run is None:
        return render(request, "admin/matching/circles/first_run.html", context)
    lines, concerned = lines_of(run, request.user, timezone.now())
    waiting = alone(run, request.user)
    context |= {
        "figures": figures(lines, len(waiting), concerned),
        "page": Paginator(lines, PER_PAGE).get_page(request.GET.get("page")),
        "waiting": Paginator(waiting, PER_PAGE).get_page(request.GET.get("waiting")),
        "answer_days": ANSWER_DAYS,
    }
    return render(request, "admin/matching/circles/board.html", context)


@for_coordinators
@require_POST
def start(request: HttpRequest, season_id: UUID) -> HttpResponse:
    """Ask for a run and watch it."""
    season = circles_season_of(request, season_id)
    try:
        run = start_circle_run(season=season, by=request.user, now=timezone.now())
    except TooFewPeers:
        messages.warning(request, _("There must be at least four eligible peers first."))
        return redirect("admin:matching_circles", season.pk)
    return redirect("jobs:progress", run.job_id)


def _under_way(season: Season) -> CircleRun | None:
    rows = CircleRun.objects.filter(season=season, state=CircleRun.State.QUEUED).select_related("job")
    run: CircleRun | None = rows.defer("problem", "trace").first()
    return run


def _failed(season: Season, *, after: int) -> bool:
    """The newest run failed."""
    return CircleRun.objects.filter(season=season, state=CircleRun.State.FAILED, number__gt=after).exists()
