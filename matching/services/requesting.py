"""How a run of any kind comes and goes: asked for as a job, done or failed."""

from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Max

from matching.models import CircleRun, MatchRun, Run
from matching.states import RUN
from mentorship.jobs.models import Job
from mentorship.jobs.services import enqueue_job
from mentorship.records.audit import record
from mentorship.seasons.models import Season

State = Run.State
AnyRun = TypeVar("AnyRun", MatchRun, CircleRun)


def hold_season(season: Season) -> Season:
    """Lock the season, so that only one run is asked for at a time and no decision slips in between."""
    held: Season = Season.objects.select_for_update(of=("self",)).get(pk=season.pk)
    return held


def under_way(model: type[AnyRun], season: Season) -> AnyRun | None:
    """The run of this kind that is waiting or being worked on."""
    run: AnyRun | None = model._default_manager.filter(season=season, state=State.QUEUED).first()
    return run


def request(model: type[AnyRun], *, season: Season, kind: str, by: Any, now: datetime) -> AnyRun:
    """Ask for a run of this kind as a job; the season is held."""
    last = model._default_manager.filter(season=season).aggregate(last=Max("number"))["last"] or 0
    run = model(season=season, number=last + 1, requested_by=by, requested_at=now)
    run.job = enqueue_job(kind=kind, by=by, now=now, payload={"run": str(run.pk)})
    run.save(force_insert=True)
    record(by=by, verb="start-run", target=run, now=now)
    return run


def close(run: Run, input_hash: str, seed: str, now: datetime) -> None:
    """Mark a locked run as done; whoever calls saves it."""
    RUN.check(run.state, State.DONE)
    run.state, run.finished_at = State.DONE, now
    run.input_hash, run.seed = input_hash, seed


@transaction.atomic
def fail_run(*, job: Job, now: datetime) -> None:
    """Close the run of a job that failed or was cancelled, so that another can start."""
    for model in (MatchRun, CircleRun):
        run = model._default_manager.select_for_update(of=("self",)).filter(job=job).first()
        if run is not None and run.state == State.QUEUED:
            RUN.check(run.state, State.FAILED)
            run.state, run.finished_at = State.FAILED, now
            run.save(update_fields=["state", "finished_at"])
