"""A run for circles: asked for, done as a job, checked, and kept with what coordinators may read of it."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from matching import circle_snapshot
from matching.circle_snapshot import CircleSnapshot
from matching.engine.circles import CircleProblem, CircleTrace, solve, verify
from matching.models import CircleGuide, CircleProposal, CircleRun, CircleSeat
from matching.services.requesting import close, hold_season, request, under_way
from mentorship.applications.models import Application
from mentorship.jobs.registry import Progress
from mentorship.partnerships.querysets import HELD
from mentorship.records.audit import record
from mentorship.seasons.models import Goal, Season

KIND = "circles-run"
STEPS = 4
LEAST_PEERS = 4
State = CircleProposal.State


class TooFewPeers(Exception):
    """The season has too few eligible peers for one circle."""


@transaction.atomic
def start_circle_run(*, season: Season, by: Any, now: datetime) -> CircleRun:
    """Ask for circles for the season; a run that is under way is returned instead. Raises TooFewPeers."""
    season = hold_season(season)
    waiting = under_way(CircleRun, season)
    if waiting is not None:
        return waiting
    if Application.objects.matchable().filter(season=season, role="peer").count() < LEAST_PEERS:
        raise TooFewPeers
    return request(CircleRun, season=season, kind=KIND, by=by, now=now)


def execute_circle_run(*, run_id: UUID | str, progress: Progress, now: datetime) -> dict[str, Any]:
    """Freeze the season, find the best circles, check the result and keep it; returns counts.

    A run that is done already stays as it is, so that a job may be tried again.
    """
    run = CircleRun.objects.select_related("season").get(pk=run_id)
    if run.state == CircleRun.State.DONE:
        return _counts(run.figures)
    progress(0, STEPS, _("Reading the applications"))
    shot = circle_snapshot.take(run.season)
    problem = shot.to_solve
    progress(1, STEPS, _("Finding the best circles"))
    trace = solve(problem)
    progress(2, STEPS, _("Checking the result"))
    verify(problem, trace)
    progress(3, STEPS, _("Keeping the result"))
    return _counts(_keep(run.pk, shot, problem, trace, now).figures)


@transaction.atomic
def _keep(run_id: UUID, shot: CircleSnapshot, problem: CircleProblem, trace: CircleTrace, now: datetime) -> CircleRun:
    run: CircleRun = CircleRun.objects.select_for_update(of=("self",)).get(pk=run_id)
    close(run, trace.input_hash, trace.seed, now)
    run.problem, run.trace = json.loads(problem.to_json()), json.loads(trace.to_json())
    run.figures = _figures(trace)
    fixed = list(_fixed(run, shot))
    suggested = _suggested(run, shot, trace, first=len(fixed) + 1)
    circles = [*fixed, *suggested]
    run.save(update_fields=["state", "finished_at", "input_hash", "seed", "problem", "trace", "figures"])
    CircleProposal.objects.bulk_create(row for row, _peers, _guides in circles)
    CircleSeat.objects.bulk_create(
        CircleSeat(run=run, circle=row, application_id=peer) for row, peers, _guides in circles for peer in peers
    )
    CircleGuide.objects.bulk_create(
        CircleGuide(circle=row, person_id=person) for row, _peers, guides in circles for person in guides
    )
    CircleSeat.objects.bulk_create(
        CircleSeat(
            run=run,
            application=shot.applications[someone.peer],
            reasons={
                "nobody": someone.reason.code,
                "theme": someone.reason.theme,
                "people": someone.reason.people,
            },
        )
        for someone in trace.unplaced
    )
    record(by=run.requested_by, verb="finish-run", target=run, now=now)
    return run


Kept = tuple[CircleProposal, list[UUID], list[UUID]]


def _fixed(run: CircleRun, shot: CircleSnapshot) -> list[Kept]:
    """The last run's circles that are approved or held, so that each run shows the whole season."""
    last = CircleRun.objects.done().filter(season=run.season_id).order_by("-number").values("pk")[:1]
    rows = CircleProposal.objects.filter(run__in=last).select_related("partnership")
    kept = [
        row
        for row in rows.prefetch_related("seats__application", "guides").order_by("number")
        if str(row.pk) in shot.held or (row.partnership is not None and row.partnership.state in HELD)
    ]
    return [
        (
            CircleProposal(
                run=run,
                number=number,
                theme_id=row.theme_id,
                slot=row.slot,
                mode=row.mode,
                language=row.language,
                state=row.state,
                partnership=row.partnership,
            ),
            [
                seat.application_id
                for seat in row.seats.all()
                if row.partnership is not None or str(seat.application.applicant_id) in shot.applications
            ],
            [guide.person_id for guide in row.guides.all()],
        )
        for number, row in enumerate(kept, start=1)
    ]


def _suggested(run: CircleRun, shot: CircleSnapshot, trace: CircleTrace, *, first: int) -> list[Kept]:
    themes = {goal.slug: goal for goal in Goal.objects.filter(slug__in={each.kind.theme for each in trace.circles})}
    return [
        (
            CircleProposal(
                run=run,
                number=number,
                theme=themes[circle.kind.theme],
                slot=circle.kind.slot,
                mode=circle.kind.mode,
                language=circle.kind.language,
            ),
            [shot.applications[member].pk for member in circle.members],
            [UUID(person) for person in circle.facilitators],
        )
        for number, circle in enumerate(trace.circles, start=first)
    ]


def _figures(trace: CircleTrace) -> dict[str, Any]:
    """What coordinators may read: counts and what the search proved."""
    figures = trace.figures
    return {
        "peers": figures.peers,
        "placed": figures.placed,
        "circles": figures.circles,
        "with_facilitator": figures.with_facilitator,
        "sizes": dict(figures.sizes),
        "kept_together": figures.kept_together,
        "proved": trace.gap == 0,
        "value": trace.value,
        "bound": trace.bound,
        "versions": dict(trace.versions),
    }


def _counts(figures: dict[str, Any]) -> dict[str, Any]:
    return {"peers": figures["peers"], "placed": figures["placed"], "circles": figures["circles"]}
