"""Rows of a past that are written together: what people did and what was said to them, as the services write it."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat

from mentorship.records.models import AuditEntry
from mentorship.reminders.models import Delivery
from mentorship.reminders.querysets import NO_MAILBOX
from mentorship.reminders.registry import rule_of
from mentorship.reminders.sender import message_id

State = Delivery.State
AT_ONCE = 1000


class Ledger:
    """Collects audit entries and deliveries; `write` puts them into the database in a few statements."""

    def __init__(self) -> None:
        self._entries: list[AuditEntry] = []
        self._deliveries: list[Delivery] = []

    def did(self, by: Any, verb: str, target: models.Model, at: datetime) -> None:
        """Note that `by` did something to a row."""
        label = target._meta.label_lower
        self._entries.append(AuditEntry(actor=by, verb=verb, label=label, object_id=str(target.pk), at=at))

    def said(
        self, rule: str, recipient: Any, dedupe_key: str, subject: models.Model, at: datetime, **ids: Any
    ) -> None:
        """Note that a message was asked for. Raises KeyError where there is no such rule."""
        self._deliveries.append(
            Delivery(
                rule=rule_of(rule).key,
                recipient=recipient,
                subject_id=subject.pk,
                ids=ids,
                dedupe_key=dedupe_key,
                due_at=at,
                made_at=at,
            )
        )

    def write(self) -> None:
        AuditEntry.objects.bulk_create(self._entries, batch_size=AT_ONCE)
        Delivery.objects.bulk_create(self._deliveries, batch_size=AT_ONCE)
        self._entries, self._deliveries = [], []


def waiting() -> set[Any]:
    """The messages that wait to be sent."""
    return set(Delivery.objects.filter(state=State.DUE).values_list("pk", flat=True))


def send_all(*, but: set[Any], now: datetime) -> None:
    """Say of every message that was due by `now` that it went out in its time, without sending anything.

    `but` are those that waited before. People without a mailbox read theirs on their own page.
    """
    due = Delivery.objects.filter(state=State.DUE, due_at__lte=now).exclude(pk__in=but)
    # Where the key stands in a Message-ID is the sender's to say.
    before, after = message_id(Delivery(pk="-")).split("-", 1)
    due.filter(recipient__email=None).update(state=State.SKIPPED, problem=NO_MAILBOX)
    due.update(
        state=State.SENT,
        sent_at=F("due_at"),
        message_id=Concat(Value(before), Cast("pk", CharField()), Value(after)),
    )
