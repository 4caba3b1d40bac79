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
from matching.admin import changes, filters
from matching.admin.access import for_coordinators, last_run, season_of
from matching.admin.overview import joined_since, overview, pool, proposals
from matching.admin.panel import panel
from matching.alone import left_without_before, to_call
from matching.models import MatchRun, Pin, Proposal
from matching.present import Present, take_present
from matching.querysets import ProposalQuerySet
from mentorship.partnerships.services import ANSWER_DAYS
from mentorship.seasons.models import Season

PER_PAGE = 20


@for_coordinators
@require_GET
def workbench(request: HttpRequest, season_id: UUID) -> HttpResponse:
    """Exceptions first; `?show=` and `?unit=` choose others, `?match=` opens one, `?mentors=` pages its mentors."""
    season = season_of(request, season_id)
    run = last_run(season)
    context: dict[str, Any] = {"title": _("Matching"), "season": season, "run": run, "under_way": _under_way(season)}
    if run is None:
        context |= {"pool": pool(season), "failed": _failed(season, after=0)}
        return render(request, "admin/matching/first_run.html", context)
    present = take_present(run, request.user)
    rows = proposals(run, request.user, timezone.now(), present)
    figures = overview(rows)
    asked = filters.chosen(request.GET)
    show = asked.show or (filters.FIRST if figures.first else filters.ALL)
    waited = left_without_before(season)
    filtered = rows.filter(filters.condition(show, waited))
    shown = filters.of_unit(filtered, asked.unit)
    page = Paginator(shown.named(), PER_PAGE).get_page(request.GET.get("page"))
    chosen = _chosen(request, rows, page.object_list)
    units = filters.units(filtered)
    lines = [_line(row, asked, page.number, waited) for row in page.object_list]
    fillable = _repair(present)
    context |= {
        "figures": figures,
        "tabs": filters.tabs(filters.of_unit(rows, asked.unit), show, waited, asked.unit),
        "caption": filters.CAPTIONS[show],
        "unit_form": filters.UnitForm(initial={"unit": asked.unit}, units=units)
        if len(units) > 1 or asked.unit
        else None,
        "show": show,
        "unit": asked.unit or "",
        "page": page,
        "lines": lines,
        "chosen": chosen,
        "panel": panel(chosen, present, request.GET) if chosen else None,
        "pickable": any(line.get("open") for line in lines),
        "repair": fillable,
        "next_kind": "other" if fillable["moves"] else "main",
        "answer_days": ANSWER_DAYS,
        "ruled_out_open": "out" in request.GET,
        "changes": changes.latest(run, request.user, present),
        "joined": joined_since(run),
        "failed": _failed(season, after=run.number),
        "lapsed": Pin.objects.filter(pk__in=run.figures.get("lapsed", [])).count(),
        "to_call": to_call(request.user, season).count(),
    }
    return render(request, "admin/matching/workbench.html", context)


def _line(row: Any, asked: filters.Chosen, page: int, waited: set[UUID]) -> dict[str, Any]:
    """One row of the list; who takes part in a barred one isn't in it."""
    if row.barred:
        return {"barred": True}
    label, kind = words.ATTENTION.get(row.attention) or _state(row)
    place = {"page": page} if page > 1 else {}
    return {
        "barred": False,
        "row": row,
        "label": label,
        "kind": kind,
        "url": f"{asked.url(**place, match=row.pk)}#match",
        "waited": row.mentee.applicant_id in waited,
        "open": row.mentor_id is not None and row.state in {"proposed", "locked"},
    }


def _repair(present: Present) -> dict[str, int]:
    """How many could have a mentor now, and how many matches would change, if what became free were filled."""
    effect = present.standing.repaired()
    gaining = sum(1 for move in effect.moves if move.after and not move.before)
    return {"gaining": gaining, "moves": len(effect.moves)}


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


def _failed(season: Season, *, after: int) -> bool:
    """The newest run failed."""
    return MatchRun.objects.filter(season=season, state=MatchRun.State.FAILED, number__gt=after).exists()
