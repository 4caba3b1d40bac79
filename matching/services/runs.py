"""A run of the engine: asked for, done as a job, checked, and kept with what coordinators may read of it."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from matching import reasons, snapshot
from matching.engine import solve, verify
from matching.engine.trace import Trace
from matching.models import MatchRun, Proposal
from matching.services import figures
from matching.states import RUN
from mentorship.applications.models import Application
from mentorship.jobs.models import Job
from mentorship.jobs.registry import Progress
from mentorship.jobs.services import enqueue_job
from mentorship.records.audit import record
from mentorship.seasons.models import Season

KIND = "matching-run"
STEPS = 4
"""Those of every run; looking closer takes more."""
State = MatchRun.State


class NobodyToMatch(Exception):
    """The season has no eligible mentee, or no eligible mentor."""


@transaction.atomic
def start_run(*, season: Season, by: Any, now: datetime) -> MatchRun:
    """Ask for a run of the season; one that is under way is returned instead. Raises NobodyToMatch."""
    season = Season.objects.select_for_update(of=("self",)).get(pk=season.pk)
    waiting: MatchRun | None = MatchRun.objects.filter(season=season, state=State.QUEUED).first()
    if waiting is not None:
        return waiting
    roles = set(Application.objects.matchable().filter(season=season).values_list("role", flat=True).distinct())
    if not {"mentee", "mentor"} <= roles:
        raise NobodyToMatch
    last = MatchRun.objects.filter(season=season).aggregate(last=Max("number"))["last"] or 0
    run = MatchRun(season=season, number=last + 1, requested_by=by, requested_at=now)
    run.job = enqueue_job(kind=KIND, by=by, now=now, payload={"run": str(run.pk)})
    run.save(force_insert=True)
    record(by=by, verb="start-run", target=run, now=now)
    return run


def execute_run(*, run_id: UUID | str, progress: Progress, now: datetime) -> dict[str, Any]:
    """Freeze the season, find the best set of matches, check the result and keep it; returns counts.

    A run that is done already stays as it is, so that a job may be tried again.
    """
    run = MatchRun.objects.select_related("season").get(pk=run_id)
    if run.state == State.DONE:
        return _counts(run.figures)
    steps = _Steps(progress)
    steps(_("Reading the applications"))
    shot = snapshot.take(run.season)
    steps.known(figures.closer_steps(shot.problem))
    steps(_("Finding the best set of matches"))
    trace = solve(shot.problem)
    steps(_("Checking the result"))
    verify(shot.problem, trace)
    closer = figures.look_closer(shot.problem, trace, steps)
    steps(_("Keeping the result"))
    run = _keep(run.pk, shot, trace, closer, now)
    return _counts(run.figures)


@transaction.atomic
def fail_run(*, job: Job, now: datetime) -> None:
    """Close the run of a job that failed or was cancelled, so that another can start."""
    run: MatchRun | None = MatchRun.objects.select_for_update(of=("self",)).filter(job=job).first()
    if run is not None and run.state == State.QUEUED:
        RUN.check(run.state, State.FAILED)
        run.state, run.finished_at = State.FAILED, now
        run.save(update_fields=["state", "finished_at"])


class _Steps:
    """Counts the steps of a run as they begin; between two of them it can be cancelled."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.done = 0
        self.total = 0

    def known(self, closer: int) -> None:
        """Say how many steps it takes to look closer: from then on it is known how many there are in all."""
        self.total = STEPS + closer

    def __call__(self, step: str) -> None:
        self.progress(self.done, self.total, step)
        self.done += 1


@transaction.atomic
def _keep(run_id: UUID, shot: snapshot.Snapshot, trace: Trace, closer: dict[str, Any], now: datetime) -> MatchRun:
    # The season is locked too: of two runs at once each would be the first to say something of wishes.
    rows = MatchRun.objects.select_related("season").select_for_update(of=("self", "season"), no_key=True)
    run: MatchRun = rows.get(pk=run_id)
    RUN.check(run.state, State.DONE)
    run.state, run.finished_at = State.DONE, now
    run.input_hash, run.seed = trace.input_hash, trace.seed
    run.problem, run.trace = json.loads(shot.problem.to_json()), json.loads(trace.to_json())
    proposals = [*_pairs(run, shot, trace), *_unmatched(run, trace), *_left_out(run, shot), *_settled(run, shot)]
    run.figures = figures.figures(shot, trace, proposals) | closer | figures.first_wishes(run, shot, trace)
    run.save(update_fields=["state", "finished_at", "input_hash", "seed", "problem", "trace", "figures"])
    Proposal.objects.bulk_create(proposals)
    record(by=run.requested_by, verb="finish-run", target=run, now=now)
    return run


def _pairs(run: MatchRun, shot: snapshot.Snapshot, trace: Trace) -> list[Proposal]:
    return [
        Proposal(
            run=run,
            mentee_id=UUID(pair.mentee),
            mentor_id=UUID(pair.mentor),
            state=Proposal.State.LOCKED if (pair.mentee, pair.mentor) in shot.locked else Proposal.State.PROPOSED,
            fit=pair.fit,
            reasons=reasons.paired(pair.reasons, rotates=bool({pair.mentee, pair.mentor} & shot.rotating)),
        )
        for pair in trace.pairs
    ]


def _unmatched(run: MatchRun, trace: Trace) -> list[Proposal]:
    return [
        Proposal(run=run, mentee_id=UUID(someone.mentee), reasons=reasons.alone(someone.reason))
        for someone in trace.unmatched
    ]


def _left_out(run: MatchRun, shot: snapshot.Snapshot) -> list[Proposal]:
    """Those whom a coordinator left without a mentor, so that a further run leaves it at that."""
    return [
        Proposal(run=run, mentee_id=UUID(mentee), state=Proposal.State.LOCKED, reasons=reasons.left_out())
        for mentee in sorted(shot.left_out)
    ]


def _settled(run: MatchRun, shot: snapshot.Snapshot) -> list[Proposal]:
    """The pairs that are approved already, so that each run shows the whole season."""
    return [
        Proposal(
            run=run,
            mentee_id=pair.mentee,
            mentor_id=pair.mentor,
            state=Proposal.State.APPROVED,
            fit=pair.partnership.fit,
            reasons=pair.partnership.reasons,
            partnership=pair.partnership,
        )
        for pair in shot.held
    ]


def _counts(figures: dict[str, Any]) -> dict[str, Any]:
    return {"mentees": figures["mentees"], "matched": figures["matched"]}
