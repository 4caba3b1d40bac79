"""What the clock drives: the per-minute tick, the night's work, and how to see that both still happen."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Min

from mentorship.common.registries import registries
from mentorship.jobs.services import forget_old_jobs, requeue_lost
from mentorship.reminders import links, registry
from mentorship.reminders.models import Delivery, Heartbeat
from mentorship.reminders.sender import expire_leases, send_due

logger = logging.getLogger(__name__)

TICK = "tick"
NIGHT = "night"
KEPT = timedelta(days=400)


def run_tick(*, now: datetime) -> None:
    """Queue what has become due, put right what lost workers left behind, and send. Safe to miss and to repeat."""
    beat(name=TICK, now=now)
    for source in registry.due_sources():
        _alone(source, now)
    requeue_lost(now=now)
    expire_leases(now=now)
    send_due(now=now)


def run_night(*, now: datetime) -> None:
    """Empty and forget what is no longer to be kept, the apps' own first."""
    for purge in registries.purges:
        _alone(purge, now)
    links.forget_expired(now=now)
    forget_old_jobs(now=now)
    forget_old_deliveries(now=now)
    beat(name=NIGHT, now=now)


def forget_old_deliveries(*, now: datetime) -> int:
    """Delete deliveries that were due 400 days ago; return how many."""
    return Delivery.objects.filter(due_at__lt=now - KEPT).delete()[0]


def beat(*, name: str, now: datetime) -> None:
    """Write down that `name` happened."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": now})


def seconds_since_tick(*, now: datetime) -> float | None:
    """How long ago the last tick was; None where there has never been one."""
    row = Heartbeat.objects.filter(name=TICK).first()
    return (now - row.at).total_seconds() if row else None


def seconds_overdue(*, now: datetime) -> float:
    """How long the oldest due delivery has been waiting for a sender; 0 where none waits."""
    oldest = Delivery.objects.due(now).aggregate(oldest=Min("due_at"))["oldest"]
    return (now - oldest).total_seconds() if oldest else 0.0


def _alone(work: Callable[[datetime], Any], now: datetime) -> None:
    """One piece of work that fails doesn't keep the others from being done."""
    try:
        with transaction.atomic():
            work(now)
    except Exception:
        logger.exception("%s.%s failed", work.__module__, getattr(work, "__qualname__", "work"))
