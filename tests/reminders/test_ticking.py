"""Every minute and every night: what the clock drives, and how one sees that it does."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from mentorship.celery import app
from mentorship.common.registries import registries
from mentorship.jobs.models import Job
from mentorship.portal import health
from mentorship.records import retention
from mentorship.reminders import registry
from mentorship.reminders.models import Delivery, MailToken
from mentorship.reminders.sender import claim_next
from mentorship.reminders.services import queue_delivery
from mentorship.reminders.ticking import beat, run_night, run_tick, seconds_since_tick
from tests.factories import NOW

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def sources(monkeypatch):
    monkeypatch.setattr(registry, "_due_sources", [])
    monkeypatch.setattr(registries, "purges", [])
    monkeypatch.setattr("mentorship.jobs.services.wake", lambda *args, **options: True)


def test_a_tick_queues_what_has_become_due_and_sends_it(sources, note, member):
    registry.add_due_source(lambda now: queue_delivery(rule="note", recipient=member, dedupe_key="once", now=now))
    run_tick(now=NOW)
    run_tick(now=NOW + MINUTE)
    assert [message.to for message in mail.outbox] == [[member.email]]


def test_a_source_that_fails_keeps_nothing_else_from_happening(sources, note, member):
    def broken(now):
        Job.objects.create(kind="half-done", requested_at=now)
        raise ValueError

    registry.add_due_source(broken)
    registry.add_due_source(lambda now: queue_delivery(rule="note", recipient=member, dedupe_key="once", now=now))
    run_tick(now=NOW)
    assert (len(mail.outbox), Job.objects.count()) == (1, 0)


def test_a_tick_finds_what_a_lost_sender_and_a_lost_worker_left_behind(sources, note, member):
    queue_delivery(rule="note", recipient=member, dedupe_key="1", now=NOW)
    claim_next(now=NOW)
    job = Job.objects.create(kind="x", requested_at=NOW, state="running", attempts=1, lease_until=NOW + 5 * MINUTE)
    run_tick(now=NOW + 6 * MINUTE)
    job.refresh_from_db()
    assert (Delivery.objects.get().state, job.state, len(mail.outbox)) == ("sent", "queued", 1)


def test_the_night_forgets_what_is_no_longer_kept(sources, note, member):
    worked = []
    registries.purges.append(worked.append)
    for days in (401, 399):
        queue_delivery(rule="note", recipient=member, dedupe_key=str(days), now=NOW - timedelta(days=days))
    MailToken.objects.create(person=member, purpose="x", secret_hash="x", expires_at=NOW - timedelta(days=31))
    Job.objects.create(kind="x", requested_at=NOW, state="done", ended_at=NOW - timedelta(days=401))
    run_night(now=NOW)
    assert [row.dedupe_key for row in Delivery.objects.all()] == ["399"]
    assert (MailToken.objects.count(), Job.objects.count(), worked) == (0, 0, [NOW])


def test_the_clock_starts_tasks_that_exist():
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)


def test_each_task_waits_in_the_queue_that_a_worker_reads():
    names = ("reminders.tasks.tick", "reminders.tasks.send", "reminders.tasks.nightly", "jobs.tasks.run")
    app.loader.import_default_modules()
    assert [app.tasks[f"mentorship.{name}"].queue for name in names] == ["mail", "mail", "long", "long"]
    assert all(app.tasks[f"mentorship.{name}"].acks_late for name in names)


class TestHealth:
    def test_without_a_tick_it_is_not_well(self):
        assert seconds_since_tick(now=NOW) is None
        assert health.check(now=NOW)["beat"] == {"ok": False, "age": None}

    @pytest.mark.parametrize(("age", "well"), [(0, True), (300, True), (301, False)])
    def test_five_missed_ticks_are_not_well(self, age, well):
        beat(name="tick", now=NOW)
        assert health.check(now=NOW + timedelta(seconds=age))["beat"] == {"ok": well, "age": float(age)}

    @pytest.mark.parametrize(("minutes", "well"), [(0, True), (30, True), (31, False)])
    def test_a_message_nobody_sends_is_not_well(self, minutes, well, note, member):
        queue_delivery(rule="note", recipient=member, dedupe_key="1", now=NOW)
        assert health.check(now=NOW + minutes * MINUTE)["outbox"] == {"ok": well, "oldest_due": minutes * 60.0}

    def test_what_waits_for_its_time_or_was_sent_is_well(self, note, member):
        queue_delivery(rule="note", recipient=member, dedupe_key="1", now=NOW, due_at=NOW + timedelta(days=9))
        assert health.check(now=NOW + timedelta(days=1))["outbox"] == {"ok": True, "oldest_due": 0.0}

    def test_the_address_answers_503_until_all_is_well(self, client):
        assert client.get("/readyz").status_code == 503
        beat(name="tick", now=timezone.now())
        response = client.get("/readyz")
        assert response.status_code == 200
        assert {part: found["ok"] for part, found in response.json().items()} == {
            "database": True,
            "migrations": True,
            "beat": True,
            "outbox": True,
        }


def test_every_field_of_jobs_and_reminders_is_in_the_retention_registry():
    assert [name for name in retention.missing() if name.startswith(("jobs.", "reminders."))] == []
