"""Starting a run, its technical details, and the file with which anybody can work it out again."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from matching import words
from matching.admin.access import season_of, workbench_url
from matching.export import written
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
    context: dict[str, Any] = {
        "title": _("Technical details"),
        "season": run.season,
        "run": run,
        "seconds": _seconds(run),
        "steps": [_Step.of(run, name) for name in run.figures["stages"]],
        "removed": words.removed_in_words(run.figures),
        "effects": words.effects_in_words(run.figures),
        "concerned": _concerned(run, request.user),
    }
    return render(request, "admin/matching/details.html", context)


@for_coordinators
@require_GET
def problem(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """The run's inputs as a file: only where nothing in it is anybody's secret, and nobody's own match."""
    run = _done(request, run_id)
    if not run.figures.get("file") or run.figures["identity"] or _concerned(run, request.user):
        raise Http404
    sealed = MatchRun.objects.only("problem", "trace").get(pk=run.pk)
    response = HttpResponse(written(sealed.problem, sealed.trace), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="problem-{run.season.slug}-{run.number}.json"'
    return response


@dataclass(frozen=True)
class _Step:
    """One tier: what it says, what its number is made of, and its proof where that tells nothing of identity."""

    sentence: str
    meaning: str
    proof: dict[str, int] | None

    @classmethod
    def of(cls, run: MatchRun, name: str) -> "_Step":
        meaning = words.stage_meaning(name, run.figures)
        return cls(str(words.STAGES[name]), meaning, run.figures.get("proofs", {}).get(name))


def _seconds(run: MatchRun) -> int | None:
    """How long the job took, to the whole second and at least one."""
    job = run.job
    if job is None or job.started_at is None or job.ended_at is None:
        return None
    return max(1, round((job.ended_at - job.started_at).total_seconds()))


def _concerned(run: MatchRun, user: Any) -> bool:
    """A match of the run concerns them: from the figures of all and the lines of the others it could be told."""
    return bool(Proposal.objects.filter(run=run).marked_for(user).filter(barred=True).exists())


def _done(request: Any, run_id: UUID) -> MatchRun:
    rows = MatchRun.objects.visible_to(request.user).done().select_related("season", "job").defer("trace", "problem")
    run: MatchRun = get_object_or_404(rows, pk=run_id)
    request.season = run.season
    return run
