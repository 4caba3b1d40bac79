"""The workbench: the season's matches as a sentence, what to look at first, and one match beside it."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from matching import words
from matching.admin.access import for_coordinators, last_run, season_of
from matching.admin.overview import joined_since, overview, pool, proposals
from matching.admin.panel import panel
from matching.alone import to_call
from matching.models import MatchRun, Pin, Proposal
from matching.querysets import FINE, ProposalQuerySet
from mentorship.seasons.models import Season

PER_PAGE = 20


@for_coordinators
@require_GET
def workbench(request: HttpRequest, season_id: UUID) -> HttpResponse:
    """Exceptions first; `?show=all` lists every match, `?match=` opens one, `?mentors=` pages its other mentors."""
    season = season_of(request, season_id)
    run = last_run(season)
    context: dict[str, Any] = {"title": _("Matching"), "season": season, "run": run, "under_way": _under_way(season)}
    if run is None:
        context |= {"pool": pool(season), "failed": _failed(season, after=0)}
        return render(request, "admin/matching/first_run.html", context)
    rows = proposals(run, request.user, timezone.now())
    figures = overview(rows)
    show_all = request.GET.get("show") == "all" or not figures.first
    shown = rows.named() if show_all else rows.filter(attention__lt=FINE).named()
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    lines = [_line(row) for row in page.object_list]
    chosen = _chosen(request, rows, page.object_list)
    context |= {
        "figures": figures,
        "show_all": show_all,
        "page": page,
        "lines": lines,
        "chosen": chosen,
        "panel": panel(chosen, request.user, request.GET.get("mentors")) if chosen else None,
        "show": "all" if show_all else "",
        "joined": joined_since(run),
        "failed": _failed(season, after=run.number),
        "lapsed": Pin.objects.filter(pk__in=run.figures.get("lapsed", [])).count(),
        "to_call": to_call(request.user, season).count(),
    }
    return render(request, "admin/matching/workbench.html", context)


def _line(row: Any) -> dict[str, Any]:
    """One row of the list; who takes part in a barred one isn't in it."""
    if row.barred:
        return {"barred": True}
    label, kind = words.ATTENTION.get(row.attention) or _state(row)
    return {"barred": False, "row": row, "label": label, "kind": kind, "first": row.attention < FINE}


def _state(row: Proposal) -> tuple[Any, str]:
    if row.partnership is not None:
        return words.PARTNERED[row.partnership.state]
    return words.PROPOSED.get(row.state, words.PROPOSED["proposed"])


def _chosen(request: HttpRequest, rows: ProposalQuerySet, shown: Any) -> Any:
    """The match that was asked for, else the first of the list that this coordinator may see."""
    wanted = request.GET.get("match", "")
    try:
        key = UUID(wanted)
    except ValueError:
        return next((row for row in shown if not row.barred), None)
    found = rows.filter(pk=key, barred=False).named().first()
    return found or next((row for row in shown if not row.barred), None)


def _under_way(season: Season) -> MatchRun | None:
    rows = MatchRun.objects.filter(season=season, state=MatchRun.State.QUEUED).select_related("job")
    run: MatchRun | None = rows.defer("problem", "trace").first()
    return run


def _failed(season: Season, *, after: int) -> MatchRun | None:
    """The newest run, where it failed or was cancelled."""
    rows = MatchRun.objects.filter(season=season, state=MatchRun.State.FAILED, number__gt=after).select_related("job")
    run: MatchRun | None = rows.defer("problem", "trace").first()
    return run
