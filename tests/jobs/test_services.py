"""A job is run once, by whoever holds it, and ends in words."""

from datetime import timedelta
from itertools import product

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError, transaction

from mentorship.common.states import IllegalMove
from mentorship.jobs import services
from mentorship.jobs.models import Job
from mentorship.jobs.services import enqueue_job, forget_old_jobs, request_cancel, requeue_lost, run_job
from mentorship.jobs.states import JOB
from mentorship.records.models import AuditEntry
from tests.factories import NOW, UserFactory

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=10)


@pytest.fixture
def job(counting, member):
    return enqueue_job(kind="counting", by=member, now=NOW, payload={"shelf": 7})


def in_state(job, state, **fields):
    Job.objects.filter(pk=job.pk).update(state=state, **fields)
    job.refresh_from_db()
    return job


ALLOWED = {
    ("queued", "running"),
    ("queued", "cancelled"),
    ("running", "done"),
    ("running", "failed"),
    ("running", "cancelled"),
    ("running", "queued"),
}


@pytest.mark.parametrize(("source", "target"), list(product(Job.State.values, Job.State.values)))
def test_a_job_moves_only_as_the_table_says(source, target):
    if (source, target) in ALLOWED:
        JOB.check(source, target)
    else:
        with pytest.raises(IllegalMove):
            JOB.check(source, target)


def test_a_job_waits_with_its_payload_and_is_on_the_audit_trail(job, member):
    assert (job.state, job.payload, job.requested_by, job.requested_at) == ("queued", {"shelf": 7}, member, NOW)
    entry = AuditEntry.objects.get(object_id=str(job.pk))
    assert (entry.actor, entry.verb, entry.at) == (member, "enqueue-job", NOW)


def test_a_kind_nobody_registered_is_refused_before_anything_is_written(member):
    with pytest.raises(KeyError):
        enqueue_job(kind="unheard-of", by=member, now=NOW)
    assert Job.objects.count() == 0


def test_a_run_ends_with_the_result_of_its_kind(job):
    ended = run_job(job_id=job.pk, now=NOW)
    assert (ended.state, ended.result, ended.attempts, ended.lease_until) == ("done", {"counted": 3}, 1, None)
    assert ended.started_at == NOW
    assert ended.ended_at >= NOW


def test_a_job_that_ended_is_not_run_again(job, counting):
    run_job(job_id=job.pk, now=NOW)
    counting.run = lambda job, progress, now: pytest.fail("run twice")
    assert run_job(job_id=job.pk, now=LATER) is None


def test_progress_is_written_and_renews_the_lease(job, counting):
    seen = []

    def run(job, progress, now):
        progress(2, 5, "Shelf two")
        current = Job.objects.get(pk=job.pk)
        seen.append((current.done, current.total, current.step, current.lease_until >= NOW + services.LEASE))
        return {}

    counting.run = run
    run_job(job_id=job.pk, now=NOW)
    assert seen == [(2, 5, "Shelf two", True)]


def test_progress_inside_a_transaction_is_an_error_since_nobody_would_see_it(job, counting):
    def run(job, progress, now):
        with transaction.atomic():
            progress(1, 2)

    counting.run = run
    assert run_job(job_id=job.pk, now=NOW).error == "It stopped because of an unexpected error (RuntimeError)."


def test_a_failure_keeps_the_kind_of_error_and_none_of_its_words(job, counting, caplog):
    def run(job, progress, now):
        raise ValueError("Rosa Santos, 200001")

    counting.run = run
    ended = run_job(job_id=job.pk, now=NOW)
    assert (ended.state, ended.error) == ("failed", "It stopped because of an unexpected error (ValueError).")
    assert counting.tidied == [("failed", ended.ended_at)]


def test_a_kind_says_in_its_own_words_why_it_cannot_go_on(job, counting):
    def run(job, progress, now):
        raise services.JobFailed("The season has no applications yet.")

    counting.run = run
    assert run_job(job_id=job.pk, now=NOW).error == "The season has no applications yet."


def test_work_that_takes_too_long_fails_in_words(job, counting):
    def run(job, progress, now):
        raise SoftTimeLimitExceeded

    counting.run = run
    assert run_job(job_id=job.pk, now=NOW).error == "It took too long and was stopped."


def test_a_run_speaks_the_language_of_the_one_who_asked(counting):
    from django.utils.translation import get_language

    counting.run = lambda job, progress, now: {"language": get_language()}
    job = enqueue_job(kind="counting", by=UserFactory(language="es"), now=NOW)
    assert run_job(job_id=job.pk, now=NOW).result == {"language": "es"}


def test_a_kind_that_this_version_does_not_know_fails_instead_of_waiting_forever(job):
    in_state(job, "queued", kind="from-tomorrow")
    ended = run_job(job_id=job.pk, now=NOW)
    assert (ended.state, ended.error) == (
        "failed",
        "This version of the program doesn't know this kind of work.",
    )


def test_tidying_up_that_fails_leaves_the_job_ended(job, counting):
    counting.breaks = True
    counting.run = lambda job, progress, now: 1 / 0
    run_job(job_id=job.pk, now=NOW)
    job.refresh_from_db()
    assert job.state == "failed"


def test_a_waiting_job_is_cancelled_at_once(job, counting, member):
    assert request_cancel(job=job, by=member, now=NOW).state == "cancelled"
    assert run_job(job_id=job.pk, now=LATER) is None
    assert counting.tidied == [("cancelled", NOW)]
    assert AuditEntry.objects.filter(verb="cancel-job", actor=member).count() == 1


def test_a_running_job_stops_at_its_next_step(job, counting, member):
    reached = []

    def run(job, progress, now):
        progress(1, 3)
        request_cancel(job=job, by=member, now=NOW)
        progress(2, 3)
        reached.append("never")

    counting.run = run
    ended = run_job(job_id=job.pk, now=NOW)
    assert (ended.state, ended.done, reached) == ("cancelled", 2, [])
    assert counting.tidied == [("cancelled", ended.ended_at)]


def test_a_job_that_ended_stays_as_it_is_when_somebody_cancels_it(job, member):
    run_job(job_id=job.pk, now=NOW)
    assert request_cancel(job=job, by=member, now=LATER).state == "done"
    assert not AuditEntry.objects.filter(verb="cancel-job").exists()


def test_a_job_within_its_lease_is_left_alone(job):
    in_state(job, "running", attempts=1, lease_until=NOW + services.LEASE)
    assert requeue_lost(now=NOW + services.LEASE) == 0


def test_a_lost_job_goes_back_to_the_queue_and_runs(job):
    in_state(job, "running", attempts=1, lease_until=NOW, done=4, total=9, step="Shelf four")
    assert requeue_lost(now=LATER) == 1
    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.step, job.lease_until) == ("queued", 0, 0, "", None)
    assert run_job(job_id=job.pk, now=LATER).state == "done"


def test_a_job_lost_three_times_fails_in_words(job, counting):
    in_state(job, "running", attempts=3, lease_until=NOW)
    requeue_lost(now=LATER)
    job.refresh_from_db()
    assert (job.state, job.error) == ("failed", "It was interrupted 3 times and is not tried again.")
    assert counting.tidied == [("failed", LATER)]


def test_a_lost_job_that_was_to_stop_is_cancelled(job):
    in_state(job, "running", attempts=1, lease_until=NOW, cancel_requested=True)
    requeue_lost(now=LATER)
    job.refresh_from_db()
    assert job.state == "cancelled"


def test_a_slow_worker_learns_that_the_job_is_no_longer_its_own(job, counting):
    def run(job, progress, now):
        in_state(Job.objects.get(pk=job.pk), "running", lease_until=NOW)
        requeue_lost(now=LATER)
        in_state(Job.objects.get(pk=job.pk), "running", attempts=2)
        progress(1, 2)

    counting.run = run
    assert run_job(job_id=job.pk, now=NOW) is None
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("running", 2)


def test_a_slow_worker_cannot_end_a_job_that_was_taken_over(job, counting):
    def run(job, progress, now):
        in_state(Job.objects.get(pk=job.pk), "running", attempts=2)
        return {"counted": 99}

    counting.run = run
    assert run_job(job_id=job.pk, now=NOW) is None
    job.refresh_from_db()
    assert (job.state, job.result) == ("running", {})


def test_a_database_that_went_away_gives_the_job_back(job, counting):
    def run(job, progress, now):
        raise OperationalError("server closed the connection")

    counting.run = run
    assert run_job(job_id=job.pk, now=NOW).state == "queued"
    assert run_job(job_id=job.pk, now=NOW).state == "queued"
    assert run_job(job_id=job.pk, now=NOW).state == "failed"


def test_jobs_are_forgotten_400_days_after_they_ended(job):
    run_job(job_id=job.pk, now=NOW)
    Job.objects.update(ended_at=NOW)
    assert forget_old_jobs(now=NOW + timedelta(days=400)) == 0
    assert forget_old_jobs(now=NOW + timedelta(days=401)) == 1
