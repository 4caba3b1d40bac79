"""A real Celery worker beside a test: on its database, through its broker, with its mail in files and its clock.

Started as `python -m tests.live_worker`, as an installation starts one.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import django
import pytest
import redis
import time_machine
from celery import current_app
from celery.signals import task_postrun, task_prerun
from django.conf import settings
from django.db import connection

from mentorship.jobs import waking

ROOT = Path(__file__).resolve().parents[1]
Start = Callable[..., "subprocess.Popen[bytes]"]


class Clock:
    """What time it is, for this process and for the worker's tasks, from when it is set."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._travel: time_machine.travel | None = None

    def set(self, moment: datetime) -> None:
        self.stop()
        self.file.write_text(str((moment - datetime.now(UTC)).total_seconds()))
        self._travel = time_machine.travel(moment, tick=True)
        self._travel.start()

    def stop(self) -> None:
        if self._travel is not None:
            self._travel.stop()
        self._travel = None
        self.file.unlink(missing_ok=True)


@pytest.fixture
def mail_folder(tmp_path: Path) -> Path:
    """Where the worker puts the mails that it sends."""
    folder = tmp_path / "mail"
    folder.mkdir()
    return folder


@pytest.fixture
def clock(tmp_path: Path) -> Iterator[Clock]:
    clock = Clock(tmp_path / "clock")
    yield clock
    clock.stop()


@pytest.fixture
def start_worker(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch, mail_folder: Path, clock: Clock
) -> Iterator[Start]:
    """Return a function that starts a worker; wakes of this process reach it and no other test's."""
    prefix = f"test-{uuid4().hex}-"
    monkeypatch.setattr(waking, "_asleep_until", 0.0)
    options = {**settings.CELERY_BROKER_TRANSPORT_OPTIONS, "global_keyprefix": prefix}
    monkeypatch.setitem(current_app.conf, "broker_transport_options", options)
    running: list[subprocess.Popen[bytes]] = []

    def start(module: str = "tests.live_worker", **environment: str) -> "subprocess.Popen[bytes]":
        known = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "mentorship.settings",
            "DATABASE_URL": database_url(),
            "MAIL_DIR": str(mail_folder),
            "TEST_BROKER_PREFIX": prefix,
            "TEST_CLOCK": str(clock.file),
        }
        running.append(
            subprocess.Popen(
                [sys.executable, "-m", module],
                cwd=ROOT,
                env=known | environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )
        return running[-1]

    yield start
    for process in running:
        end(process)
    broker = redis.Redis.from_url(settings.REDIS_URL)
    for key in broker.scan_iter(f"{prefix}*"):
        broker.delete(key)
    broker.close()


def database_url() -> str:
    """The address of the test database, for another process."""
    address, question, query = os.environ["DATABASE_URL"].partition("?")
    return f"{address.rpartition('/')[0]}/{connection.settings_dict['NAME']}{question}{query}"


def end(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGQUIT)  # nothing is left to finish
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_until(true: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for the worker. Raises AssertionError after so many seconds."""
    last = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < last, "the worker didn't do it in time"
        time.sleep(0.05)


def work() -> None:
    """Be a worker until told to end; each task runs at the test's time."""
    from mentorship.celery import app

    clock = Path(os.environ["TEST_CLOCK"])
    travels: list[time_machine.travel] = []

    def go(**kwargs: object) -> None:
        if clock.is_file():
            travels.append(time_machine.travel(datetime.now(UTC) + timedelta(seconds=float(clock.read_text()))))
            travels[-1].start()

    def come_back(**kwargs: object) -> None:
        while travels:
            travels.pop().stop()

    task_prerun.connect(go, weak=False)
    task_postrun.connect(come_back, weak=False)
    app.conf.broker_transport_options = {
        **settings.CELERY_BROKER_TRANSPORT_OPTIONS,
        "global_keyprefix": os.environ["TEST_BROKER_PREFIX"],
    }
    app.worker_main(
        [
            "worker",
            "--queues=mail,long",
            "--concurrency=1",
            "--loglevel=WARNING",
            "--without-gossip",
            "--without-mingle",
        ]
    )


if __name__ == "__main__":
    django.setup()
    work()
