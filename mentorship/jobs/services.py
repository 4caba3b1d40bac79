"""What happens to a job: asked for, run under a lease, cancelled, given back when its worker was lost."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from mentorship.jobs import registry
from mentorship.jobs.models import Job
from mentorship.jobs.states import JOB
from mentorship.jobs.waking import wake
from mentorship.records.audit import record

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
ATTEMPTS = 3
KEPT = timedelta(days=400)
State = Job.State


class JobCancelled(Exception):
    """Raised by `progress` once somebody asked the job to stop; a job's `run` lets it pass."""


class JobFailed(Exception):
    """Raised by a job's `run` to say in words for people why it can't go on; the text names no person."""


class JobLost(Exception):
    """Raised by `progress` where the lease ran out and the job is no longer this worker's."""


@transaction.atomic
def enqueue_job(*, kind: str, by: Any, now: datetime, payload: dict[str, Any] | None = None) -> Job:
    """Ask for long work and wake a worker on commit; a broker that is down delays it to the next tick.

    `payload` holds ids and counts only. Raises KeyError where no such kind is registered.
    """
    job = Job(kind=kind, requested_by=by, requested_at=now, payload=payload or {})
    registry.kind_of(job)
    job.save(force_insert=True)
    record(by=by, verb="enqueue-job", target=job, now=now)
    _wake_on_commit(job.pk)
    return job


@transaction.atomic
def request_cancel(*, job: Job, by: Any, now: datetime) -> Job:
    """Stop a waiting job at once, a running one at its next step; one that ended stays as it is."""
    job = Job.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if job.state not in {State.QUEUED, State.RUNNING} or job.cancel_requested:
        return job
    record(by=by, verb="cancel-job", target=job, now=now)
    job.cancel_requested = True
    job.save(update_fields=["cancel_requested"])
    if job.state == State.QUEUED:
        _end(job, State.CANCELLED, now=now)
    return job


def run_job(*, job_id: UUID | str, now: datetime) -> Job | None:
    """Run the job if it waits; return it as it ended, or None where it isn't this caller's to run.

    Whatever goes wrong is written on the job, in the language of the one who asked and without personal data.
    """
    job = _claim(job_id, now)
    if job is None:
        return None
    moment = _clock(now)
    language = getattr(job.requested_by, "language", None) or translation.get_language() or "en"
    with translation.override(language):
        try:
            result = _run(job, moment, now)
        except JobLost:
            logger.warning("job %s was taken over", job.pk)
            return None
        except JobCancelled:
            return _settle(job, State.CANCELLED, now=moment())
        except JobFailed as failure:
            return _settle(job, State.FAILED, now=moment(), error=str(failure))
        except SoftTimeLimitExceeded:
            return _settle(job, State.FAILED, now=moment(), error=_("It took too long and was stopped."))
        except (OperationalError, InterfaceError):
            logger.exception("job %s lost the database", job.pk)
            _reconnect()
            return _give_back(job.pk, now=moment(), attempts=job.attempts)
        except Exception as error:
            logger.exception("job %s failed", job.pk)
            text = _("It stopped because of an unexpected error (%(name)s).") % {"name": type(error).__name__}
            return _settle(job, State.FAILED, now=moment(), error=text)
        return _settle(job, State.DONE, now=moment(), result=result)


def requeue_lost(*, now: datetime) -> int:
    """Give jobs whose worker is gone back to the queue and wake a worker for every waiting one.

    Returns how many were lost. A job that was lost three times fails.
    """
    lost = list(Job.objects.lost(now).values_list("pk", "attempts"))
    for job_id, attempts in lost:
        _give_back(job_id, now=now, attempts=attempts, lost_at=now)
    for job_id in Job.objects.waiting().order_by("requested_at").values_list("pk", flat=True)[:100]:
        _wake(job_id, expires=55)
    return len(lost)


def forget_old_jobs(*, now: datetime) -> int:
    """Delete jobs that ended 400 days ago; return how many."""
    return Job.objects.ended_before(now - KEPT).delete()[0]


def _run(job: Job, moment: Callable[[], datetime], now: datetime) -> dict[str, Any]:
    try:
        kind = registry.kind_of(job)
    except KeyError:
        raise JobFailed(_("This version of the program doesn't know this kind of work.")) from None
    depth = len(connection.atomic_blocks)

    def progress(done: int, total: int, step: str = "") -> None:
        if len(connection.atomic_blocks) > depth:
            raise RuntimeError("progress is reported outside transactions: inside one nobody would see it")
        held = _held(job).update(done=done, total=total, step=str(step)[:120], lease_until=moment() + LEASE)
        if not held:
            raise JobLost
        if Job.objects.filter(pk=job.pk, cancel_requested=True).exists():
            raise JobCancelled

    return kind.run(job, progress, now) or {}


def _clock(now: datetime) -> Callable[[], datetime]:
    """Return a function that says how late it has become since `now`, which was right when it was given."""
    started = time.monotonic()
    return lambda: now + timedelta(seconds=time.monotonic() - started)


def _held(job: Job) -> Any:
    """The row as long as this worker holds it: each claim counts one attempt, so the count tells claims apart."""
    return Job.objects.filter(pk=job.pk, state=State.RUNNING, attempts=job.attempts)


@transaction.atomic
def _claim(job_id: UUID | str, now: datetime) -> Job | None:
    rows = Job.objects.waiting().select_for_update(skip_locked=True, of=("self",))
    job: Job | None = rows.filter(pk=job_id).first()
    if job is None:
        return None
    JOB.check(job.state, State.RUNNING)
    job.state = State.RUNNING
    job.attempts += 1
    job.started_at = now
    job.lease_until = now + LEASE
    job.save(update_fields=["state", "attempts", "started_at", "lease_until"])
    return job


@transaction.atomic
def _settle(
    job: Job, state: Job.State, *, now: datetime, error: str = "", result: dict[str, Any] | None = None
) -> Job | None:
    """Write the end of a run; None where the job has been taken over meanwhile."""
    current: Job | None = _held(job).select_for_update(of=("self",)).first()
    if current is not None:
        _end(current, state, now=now, error=error, result=result)
    return current


@transaction.atomic
def _give_back(job_id: UUID, *, now: datetime, attempts: int, lost_at: datetime | None = None) -> Job | None:
    """Put a running job back into the queue, or end it where it was cancelled or lost too often.

    `lost_at` demands that the lease has run out by then.
    """
    rows = Job.objects.lost(lost_at) if lost_at else Job.objects.filter(state=State.RUNNING)
    job: Job | None = rows.select_for_update(of=("self",)).filter(pk=job_id, attempts=attempts).first()
    if job is None:
        return None
    if job.cancel_requested:
        _end(job, State.CANCELLED, now=now)
    elif job.attempts >= ATTEMPTS:
        with translation.override(getattr(job.requested_by, "language", None) or translation.get_language()):
            text = _("It was interrupted %(times)d times and is not tried again.") % {"times": job.attempts}
        _end(job, State.FAILED, now=now, error=text)
    else:
        JOB.check(job.state, State.QUEUED)
        job.state = State.QUEUED
        job.lease_until = None
        job.done = job.total = 0
        job.step = ""
        job.save(update_fields=["state", "lease_until", "done", "total", "step"])
        _wake_on_commit(job.pk)
    return job


def _end(job: Job, state: Job.State, *, now: datetime, error: str = "", result: dict[str, Any] | None = None) -> None:
    """Write the last state of a locked job and let its kind put things right where it didn't succeed."""
    JOB.check(job.state, state)
    job.state = state
    job.ended_at = now
    job.lease_until = None
    job.error = error[:300]
    job.result = result or {}
    job.save(update_fields=["state", "ended_at", "lease_until", "error", "result"])
    if state != State.DONE:
        with _reported(job):
            registry.kind_of(job).failed(job, now)


@contextmanager
def _reported(job: Job) -> Iterator[None]:
    """A tidying-up that fails is logged and undone; the job's end stays written."""
    try:
        with transaction.atomic():
            yield
    except Exception:
        logger.exception("tidying up after job %s failed", job.pk)


def _reconnect() -> None:
    if not connection.in_atomic_block:
        connection.close()


def _wake_on_commit(job_id: UUID) -> None:
    transaction.on_commit(lambda: _wake(job_id))


def _wake(job_id: UUID, expires: float | None = None) -> None:
    wake("mentorship.jobs.tasks.run", str(job_id), queue="long", expires=expires)
