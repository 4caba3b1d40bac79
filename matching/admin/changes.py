"""Changes that coordinators made to the last run's matches: who, when, what, and taking each back."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from matching import words
from matching.admin import effects
from matching.admin.access import (
    for_coordinators,
    last_run,
    match_of_mentee,
    say_busy,
    say_changed_meanwhile,
    season_of,
    workbench_url,
)
from matching.models import Adjustment, MatchRun
from matching.present import Present, take_present
from matching.services import CantUndo, NotTheirs, RunUnderWay, obstacles, undo_adjustment
from mentorship.partnerships.places import Busy

LATEST = 3
PER_PAGE = 20
TOLD_MOVES = 4


@dataclass(frozen=True)
class Line:
    """One change in words, and why it can't be undone any more, empty where it can."""

    adjustment: Adjustment
    moves: list[str]
    left: int
    why_not: str


@dataclass(frozen=True)
class Latest:
    """The last changes of a run, and how many there are in all and still in effect."""

    lines: list[Line]
    count: int
    in_effect: int


def latest(run: MatchRun, user: Any, present: Present) -> Latest:
    """The last changes that this coordinator may see; a constant number of queries."""
    rows = _rows(run, user)
    counts = rows.aggregate(count=Count("pk"), in_effect=Count("pk", filter=Q(undone_at=None)))
    return Latest(lines(rows[:LATEST], present), **counts)


def lines(adjustments: Iterable[Adjustment], present: Present) -> list[Line]:
    """Put changes into words."""
    rows = list(adjustments)
    why_not = obstacles(rows, present) if rows else {}
    named = effects.people(
        key
        for row in rows
        for move in row.moves.all()
        for key in (move.mentee_id, move.before_id, move.after_id)
        if key
    )
    return [_line(row, named, why_not.get(row.pk, "")) for row in rows]


@for_coordinators
@require_GET
def all_changes(request: HttpRequest, season_id: UUID) -> HttpResponse:
    """Every change to the last run, the newest first."""
    season = season_of(request, season_id)
    run = last_run(season)
    if run is None:
        raise Http404
    page = Paginator(_rows(run, request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _("Changes by coordinators"),
        "season": season,
        "page": page,
        "lines": lines(page.object_list, take_present(run, request.user)),
    }
    return render(request, "admin/matching/changes.html", context)


@for_coordinators
@require_POST
def undo(request: HttpRequest, adjustment_id: UUID) -> HttpResponse:
    """Take a change back."""
    rows = Adjustment.objects.visible_to(request.user).select_related("run__season")
    adjustment: Adjustment = get_object_or_404(rows.defer("run__problem", "run__trace"), pk=adjustment_id)
    try:
        undo_adjustment(adjustment=adjustment, by=request.user, now=timezone.now())
        messages.success(request, _("Undone. Everything that it changed is as it was before."))
    except CantUndo as refused:
        why = words.NOT_UNDONE[refused.why]
        messages.warning(request, _("It can't be undone: %(why)s Nothing was changed.") % {"why": why})
    except Busy:
        say_busy(request)
    except (NotTheirs, RunUnderWay):
        say_changed_meanwhile(request)
    first = adjustment.moves.first()
    match = match_of_mentee(first.mentee_id, adjustment.run.season_id) if first else None
    return redirect(workbench_url(adjustment.run.season_id, match=match))


def _rows(run: MatchRun, user: Any) -> QuerySet[Adjustment]:
    rows: QuerySet[Adjustment] = Adjustment.objects.visible_to(user).filter(run=run)
    return rows.select_related("by__profile", "undone_by__profile", "exclusion").prefetch_related("moves")


def _line(row: Adjustment, named: dict[str, effects.Person], why_not: str) -> Line:
    moves = list(row.moves.all())
    told = [effects.moved(move, named) for move in moves[:TOLD_MOVES]]
    return Line(row, told, len(moves) - len(told), str(words.NOT_UNDONE[why_not]) if why_not else "")
