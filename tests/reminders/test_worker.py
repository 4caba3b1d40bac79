"""From the commit of an event to the mail and the finished work, through the real broker and a real worker."""

import email
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis
from celery import current_app
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from mentorship.jobs import registry, waking
from mentorship.jobs.models import Job
from mentorship.jobs.registry import JobKind
from mentorship.jobs.services import enqueue_job
from mentorship.reminders.models import Delivery
from mentorship.reminders.services import queue_delivery
from tests.factories import UserFactory

ROOT = Path(__file__).resolve().parents[2]
# Not the numbered database that other tests and developers use.
BROKER_DATABASE = 9


def broker_url() -> str:
    """The broker of the settings at our own numbered database."""
    address = settings.REDIS_URL.partition("?")[0]
    if address.startswith("unix://"):
        return f"{address}?db={BROKER_DATABASE}"
    return f"{address.rpartition('/')[0] if urlsplit(address).path else address}/{BROKER_DATABASE}"


def celery_url(url: str) -> str:
    return url.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=")


def database_url() -> str:
    """The address of the test database, for another process."""
    address, question, query = os.environ["DATABASE_URL"].partition("?")
    return f"{address.rpartition('/')[0]}/{connection.settings_dict['NAME']}{question}{query}"


@pytest.fixture
def mail_folder(tmp_path) -> Path:
    folder = tmp_path / "mail"
    folder.mkdir()
    return folder


@pytest.fixture
def worker(transactional_db, monkeypatch, mail_folder) -> Iterator[subprocess.Popen[bytes]]:
    """A running worker; wakes of this process reach it."""
    url = broker_url()
    client = redis.Redis.from_url(url)
    client.flushdb()
    monkeypatch.setattr(waking, "_asleep_until", 0.0)
    monkeypatch.setattr(current_app.conf, "broker_write_url", celery_url(url))
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.reminders.worker"],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "mentorship.settings",
            "DATABASE_URL": database_url(),
            "REDIS_URL": url,
            "MAIL_DIR": str(mail_folder),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield process
    process.send_signal(signal.SIGQUIT)  # nothing is left to finish
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    client.flushdb()
    client.close()


def wait_until(true: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "the worker didn't do it in time"
        time.sleep(0.05)


def test_a_worker_sends_the_mail_and_does_the_work_that_were_asked_for(worker, note, mail_folder):
    registry.register(JobKind(key="counting", title="Counting", run=lambda *args: {}, next_url=lambda job: "/"))
    person = UserFactory(language="es")
    with transaction.atomic():
        delivery = queue_delivery(rule="note", recipient=person, dedupe_key="1", now=timezone.now())
        job = enqueue_job(kind="counting", by=person, now=timezone.now())
    registry._kinds.pop("counting")

    wait_until(lambda: Delivery.objects.get().state == "sent" and Job.objects.get().state == "done")

    (path,) = mail_folder.iterdir()
    message = email.message_from_bytes(path.read_bytes())
    assert (message["To"], message["Message-ID"]) == (person.email, f"<{delivery.pk}@testserver>")
    job.refresh_from_db()
    assert (job.result, job.done, job.total, job.attempts) == ({"counted": 3}, 3, 3, 1)
