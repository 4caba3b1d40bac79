"""The tasks that the clock and the wakes start; they only say what time it is."""

from celery import shared_task
from django.utils import timezone

from mentorship.reminders.sender import send_due
from mentorship.reminders.ticking import run_night, run_tick


@shared_task(name="mentorship.reminders.tasks.tick", queue="mail", acks_late=True)  # type: ignore[untyped-decorator]
def tick() -> None:
    run_tick(now=timezone.now())


@shared_task(name="mentorship.reminders.tasks.send", queue="mail", acks_late=True)  # type: ignore[untyped-decorator]
def send() -> None:
    send_due(now=timezone.now())


@shared_task(name="mentorship.reminders.tasks.nightly", queue="long", acks_late=True)  # type: ignore[untyped-decorator]
def nightly() -> None:
    run_night(now=timezone.now())
