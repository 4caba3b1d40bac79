"""Waking a worker reaches the broker, and nobody waits for a broker that isn't there."""

import json
import socket
import time
from collections.abc import Iterator

import pytest
import redis
from celery import current_app
from django.conf import settings

from mentorship.jobs import waking
from mentorship.jobs.models import Job
from mentorship.jobs.services import enqueue_job, requeue_lost
from tests.factories import NOW

QUEUE = "tests-of-waking"


@pytest.fixture(autouse=True)
def awake(monkeypatch):
    monkeypatch.setattr(waking, "_asleep_until", 0.0)


@pytest.fixture
def broker() -> Iterator[redis.Redis]:
    """The real broker, with our own queue in it."""
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.delete(QUEUE)
    yield client
    client.delete(QUEUE)
    client.close()


@pytest.fixture
def at_broker():
    """Returns a function that lets Celery write to another broker for the rest of the test."""
    before = current_app.conf.broker_write_url

    def move(url: str) -> None:
        current_app.conf.broker_write_url = url

    yield move
    current_app.conf.broker_write_url = before


def test_a_wake_carries_the_name_and_the_key_and_nothing_else(broker):
    assert waking.wake("some.task", "key-7", queue=QUEUE) is True
    message = json.loads(broker.lpop(QUEUE))
    assert message["headers"]["task"] == "some.task"
    assert message["headers"]["argsrepr"] == "('key-7',)"
    assert broker.llen(QUEUE) == 0


def test_a_broker_that_refuses_costs_no_time(at_broker):
    at_broker("redis://127.0.0.1:1/0")
    started = time.monotonic()
    assert waking.wake("some.task", "key-7", queue=QUEUE) is False
    assert time.monotonic() - started < 1


def test_a_broker_that_never_answers_costs_about_a_second_and_then_nothing(at_broker):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        at_broker(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        started = time.monotonic()
        assert waking.wake("some.task", "key-7", queue=QUEUE) is False
        assert time.monotonic() - started < 2.5
        started = time.monotonic()
        assert [waking.wake("some.task", str(n), queue=QUEUE) for n in range(100)] == [False] * 100
        assert time.monotonic() - started < 0.5


@pytest.mark.django_db
def test_asking_for_work_succeeds_without_a_broker(at_broker, counting, member, django_capture_on_commit_callbacks):
    at_broker("redis://127.0.0.1:1/0")
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        job = enqueue_job(kind="counting", by=member, now=NOW)
    assert len(callbacks) == 1
    assert Job.objects.get(pk=job.pk).state == "queued"


@pytest.mark.django_db
def test_the_tick_wakes_a_worker_for_each_waiting_job(monkeypatch, counting, member):
    woken = []
    monkeypatch.setattr(
        "mentorship.jobs.services.wake", lambda task, *ids, queue, expires: woken.append((task, *ids, queue, expires))
    )
    job = enqueue_job(kind="counting", by=member, now=NOW)
    requeue_lost(now=NOW)
    assert woken == [("mentorship.jobs.tasks.run", str(job.pk), "long", 55)]
