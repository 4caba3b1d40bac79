"""A run of the engine: asked for, done as a job, checked, and kept with what coordinators may read of it."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from matching import reasons, snapshot
from matching.engine import solve, verify
from matching.engine.trace import Trace
from matching.models import MatchRun, Proposal
from matching.services.requesting import close, hold_season, request, under_way
from mentorship.applications.models import Application
from mentorship.jobs.registry import Progress
from mentorship.records.audit import record
from mentorship.seasons.models import Season

KIND = "matching-run"
STEPS = 4
BANDS = 10
State = MatchRun.State


class NobodyToMatch(Exception):
    """The season has no eligible mentee, or no eligible mentor."""


@transaction.atomic
def start_run(*, season: Season, by: Any, now: datetime) -> MatchRun:
    """Ask for a run of the season; one that is under way is returned instead. Raises NobodyToMatch."""
    season = hold_season(season)
    waiting = under_way(MatchRun, season)
    if waiting is not None:
        return waiting
    roles = set(Application.objects.matchable().filter(season=season).values_list("role", flat=True).distinct())
    if not {"mentee", "mentor"} <= roles:
        raise NobodyToMatch
    return request(MatchRun, season=season, kind=KIND, by=by, now=now)


def execute_run(*, run_id: UUID | str, progress: Progress, now: datetime) -> dict[str, Any]:
    """Freeze the season, find the best set of matches, check the result and keep it; returns counts.

    A run that is done already stays as it is, so that a job may be tried again.
    """
    run = MatchRun.objects.select_related("season").get(pk=run_id)
    if run.state == State.DONE:
        return _counts(run.figures)
    progress(0, STEPS, _("Reading the applications"))
    shot = snapshot.take(run.season)
    progress(1, STEPS, _("Finding the best set of matches"))
    trace = solve(shot.problem)
    progress(2, STEPS, _("Checking the result"))
    verify(shot.problem, trace)
    progress(3, STEPS, _("Keeping the result"))
    run = _keep(run.pk, shot, trace, now)
    return _counts(run.figures)


@transaction.atomic
def _keep(run_id: UUID, shot: snapshot.Snapshot, trace: Trace, now: datetime) -> MatchRun:
    run: MatchRun = MatchRun.objects.select_for_update(of=("self",)).get(pk=run_id)
    close(run, trace.input_hash, trace.seed, now)
    run.problem, run.trace = json.loads(shot.problem.to_json()), json.loads(trace.to_json())
    proposals = [*_pairs(run, shot, trace), *_unmatched(run, trace), *_left_out(run, shot), *_settled(run, shot)]
    run.figures = _figures(shot, trace, proposals)
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


def _figures(shot: snapshot.Snapshot, trace: Trace, proposals: list[Proposal]) -> dict[str, Any]:
    """What coordinators may read: counts, goal fit and favourites met; no score, no wish."""
    fits = sorted(row.fit for row in proposals if row.fit is not None)
    bands = [0] * BANDS
    for fit in fits:
        bands[min(fit // 10, BANDS - 1)] += 1
    figures = trace.figures
    return {
        "mentees": len(proposals),
        "matched": sum(1 for row in proposals if row.mentor_id),
        "settled": len(shot.held),
        "mentors": figures.mentors,
        "places": figures.places + len(shot.held),
        "fit": {
            "least": fits[0] if fits else None,
            "median": fits[(len(fits) - 1) // 2] if fits else None,
            "bands": bands,
        },
        "below": {str(cut): sum(1 for fit in fits if fit < cut) for cut in shot.problem.settings.cuts},
        "mentee_favourites": {"asked": figures.mentee_favourites.asked, "met": figures.mentee_favourites.met},
        "mentor_favourites": {"asked": figures.mentor_favourites.asked, "met": figures.mentor_favourites.met},
        "removed": dict(figures.removed),
        "stages": [stage.name for stage in trace.stages],
        "versions": dict(trace.versions),
        "identity": shot.problem.settings.identity,
        "lapsed": [str(key) for key in shot.lapsed],
    }


def _counts(figures: dict[str, Any]) -> dict[str, Any]:
    return {"mentees": figures["mentees"], "matched": figures["matched"]}
