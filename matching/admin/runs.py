"""Starting a run, and its technical details."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from matching import words
from matching.admin.access import season_of, workbench_url
from matching.models import MatchRun, Proposal
from matching.services import NobodyToMatch, start_run
from mentorship.common.admin_access import for_coordinators


@for_coordinators
@require_POST
def start(request: HttpRequest, season_id: UUID) -> HttpResponse:
    """Ask for a run and watch it."""
    season = season_of(request, season_id)
    try:
        run = start_run(season=season, by=request.user, now=timezone.now())
    except NobodyToMatch:
        messages.warning(request, _("There must be an eligible mentee and an eligible mentor first."))
        return redirect(workbench_url(season.pk))
    return redirect("jobs:progress", run.job_id)


@for_coordinators
@require_GET
def details(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """The technical page: what was proved, by which program, under which hash; no score, no wish."""
    run = _done(request, run_id)
    stages = [words.STAGES[name] for name in run.figures["stages"]]
    bands = [
        {"from": 10 * place, "to": 10 * place + (10 if place == 9 else 9), "count": count}
        for place, count in enumerate(run.figures["fit"]["bands"])
    ]
    context: dict[str, Any] = {
        "title": _("Technical details"),
        "season": run.season,
        "run": run,
        "stages": stages,
        "bands": bands,
        "removed": words.removed_in_words(run.figures),
        # From the figures of all and the lines of the others one's own could be told.
        "concerned": Proposal.objects.filter(run=run).marked_for(request.user).filter(barred=True).exists(),
    }
    return render(request, "admin/matching/details.html", context)


def _done(request: Any, run_id: UUID) -> MatchRun:
    rows = MatchRun.objects.visible_to(request.user).done().select_related("season").defer("trace", "problem")
    run: MatchRun = get_object_or_404(rows, pk=run_id)
    request.season = run.season
    return run
