"""Starting a run, its technical details, and its inputs for those who want to work it out again."""

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from matching import words
from matching.admin.access import for_coordinators, season_of, workbench_url
from matching.export import exportable
from matching.models import MatchRun
from matching.services import NobodyToMatch, start_run


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
    }
    return render(request, "admin/matching/details.html", context)


@for_coordinators
@require_GET
def export(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """problem.json of a run that didn't match on identities, for anybody to solve again."""
    run = _done(request, run_id)
    if run.figures["identity"]:
        raise PermissionDenied(_("This season matches on identities: what was worked from never leaves the server."))
    text = json.dumps(exportable(run.problem), ensure_ascii=False, indent=1, sort_keys=True)
    response = HttpResponse(text, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="problem-{run.number}.json"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _done(request: Any, run_id: UUID) -> MatchRun:
    rows = MatchRun.objects.visible_to(request.user).done().select_related("season").defer("trace", "problem")
    run: MatchRun = get_object_or_404(rows, pk=run_id)
    request.season = run.season
    return run
