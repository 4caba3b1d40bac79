"""Several lines of the workbench at once: ticked there, approved or held after a page that says what will happen."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from matching import words
from matching.admin.access import (
    for_coordinators,
    last_run,
    say_busy,
    say_changed_meanwhile,
    season_of,
    workbench_url,
)
from matching.admin.approving import say_approved
from matching.admin.filters import chosen
from matching.admin.overview import APPROVABLE, proposals
from matching.models import MatchRun
from matching.querysets import FINE
from matching.services import RunUnderWay, approve_proposals, lock_proposals
from mentorship.partnerships.places import Busy

APPROVE, HOLD = "approve", "hold"


@dataclass(frozen=True)
class Lines:
    """The ticked lines with which it can be done, with what to know of each, and how many were ticked besides."""

    rows: list[Any]
    left: int
    notes: dict[UUID, str] = field(default_factory=dict)

    @property
    def told(self) -> list[tuple[Any, str]]:
        return [(row, self.notes.get(row.pk, "")) for row in self.rows]


@for_coordinators
@require_http_methods(["GET", "HEAD", "POST"])
def chosen_lines(request: HttpRequest, season_id: UUID) -> HttpResponse:
    """`?match=` names the lines, `?do=` says what with: approve or hold."""
    season = season_of(request, season_id)
    run = last_run(season)
    asked = request.POST if request.method == "POST" else request.GET
    if run is None or asked.get("do") not in {APPROVE, HOLD}:
        raise Http404
    shown = chosen(asked)
    if request.method == "POST":
        _do(request, run, asked["do"], _keys(asked.getlist("match")))
        return redirect(workbench_url(season.pk, shown=shown))
    lines = _lines(run, request.user, asked["do"], _keys(asked.getlist("match")))
    context = {
        "title": _("Approve the chosen matches") if asked["do"] == APPROVE else _("Hold the chosen matches"),
        "season": season,
        "approve": asked["do"] == APPROVE,
        "lines": lines,
        "shown": shown,
        "cancel_url": workbench_url(season.pk, shown=shown),
    }
    return render(request, "admin/matching/chosen.html", context)


def _do(request: HttpRequest, run: MatchRun, what: str, keys: list[UUID]) -> None:
    now = timezone.now()
    try:
        if what == APPROVE:
            say_approved(request, approve_proposals(run=run, proposals=keys, by=request.user, now=now))
            return
        held = lock_proposals(run=run, proposals=keys, by=request.user, now=now)
    except Busy:
        say_busy(request)
    except RunUnderWay:
        say_changed_meanwhile(request)
    else:
        if held:
            text = ngettext("%(n)d match is held.", "%(n)d matches are held.", held)
            messages.success(request, text % {"n": held})
        if held < len(keys):
            text = ngettext(
                "%(n)d match is as it was: it is held already, or decided otherwise.",
                "%(n)d matches are as they were: they are held already, or decided otherwise.",
                len(keys) - held,
            )
            messages.warning(request, text % {"n": len(keys) - held})


def _lines(run: MatchRun, user: Any, what: str, keys: list[UUID]) -> Lines:
    rows = proposals(run, user, timezone.now()).filter(pk__in=keys, barred=False).named()
    fitting = [row for row in rows.filter(APPROVABLE) if what == APPROVE or row.state == "proposed"]
    notes = {
        row.pk: str(words.ATTENTION[row.attention][0])
        for row in fitting
        if row.attention < FINE and row.attention in words.ATTENTION
    }
    return Lines(fitting, len(keys) - len(fitting), notes)


def _keys(texts: Iterable[str]) -> list[UUID]:
    """The keys among these texts, each once."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return list(dict.fromkeys(found))
