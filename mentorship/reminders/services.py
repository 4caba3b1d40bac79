"""What happens to a delivery: asked for in the transaction of its cause, cancelled, sent again, settled."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction

from mentorship.common.states import IllegalMove
from mentorship.jobs.waking import wake
from mentorship.records.audit import record
from mentorship.reminders import wordings
from mentorship.reminders.models import Delivery, Preference, Wording
from mentorship.reminders.registry import rule_of
from mentorship.reminders.states import DELIVERY

State = Delivery.State
# So many rows are written by one statement.
BATCH = 2000


@dataclass(frozen=True)
class Draft:
    """What `queue_delivery` takes, for many at once. `due_at` None means now."""

    rule: str
    recipient: Any
    dedupe_key: str
    subject: models.Model | None = None
    ids: dict[str, Any] | None = None
    due_at: datetime | None = None


def queue_delivery(
    *,
    rule: str,
    recipient: Any,
    dedupe_key: str,
    now: datetime,
    subject: models.Model | None = None,
    ids: dict[str, Any] | None = None,
    due_at: datetime | None = None,
) -> Delivery:
    """Ask for one message to `recipient` in the caller's transaction; the sender is woken on commit.

    A second request with the same `dedupe_key` changes nothing and returns the first one's row. Raises KeyError
    where no such rule is registered.
    """
    draft = Draft(rule, recipient, dedupe_key, subject, ids, due_at)
    queue_deliveries(drafts=[draft], now=now)
    return Delivery.objects.get(dedupe_key=dedupe_key)


@transaction.atomic
def queue_deliveries(*, drafts: Iterable[Draft], now: datetime) -> None:
    """Ask for many messages at once; those whose `dedupe_key` is known already change nothing."""
    rows = [
        Delivery(
            rule=rule_of(draft.rule).key,
            recipient=draft.recipient,
            subject_id=draft.subject.pk if draft.subject else None,
            ids=draft.ids or {},
            dedupe_key=draft.dedupe_key,
            due_at=draft.due_at or now,
            made_at=now,
        )
        for draft in drafts
    ]
    Delivery.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    if any(row.due_at <= now for row in rows):
        wake_sender_on_commit()


@transaction.atomic
def cancel_deliveries(*, rule: str, subject_ids: Iterable[Any], now: datetime) -> int:
    """Take back what is not yet on its way; return how many. `now` is when the reason for them went away."""
    rows = Delivery.objects.filter(rule=rule, subject_id__in=list(subject_ids), state=State.DUE)
    return rows.select_for_update(of=("self",)).update(state=State.CANCELLED, lease_until=None)


@transaction.atomic
def resend(*, delivery: Delivery, by: Any, now: datetime) -> Delivery:
    """Send what may have been sent, or could not be, once more under the same Message-ID. Raises IllegalMove."""
    delivery = _locked(delivery, State.DUE, from_states=(State.UNCERTAIN, State.DEAD))
    delivery.due_at = now
    delivery.attempts = 0
    delivery.problem = ""
    delivery.carrier = None
    delivery.save(update_fields=["state", "due_at", "attempts", "problem", "lease_until", "carrier"])
    record(by=by, verb="resend-delivery", target=delivery, now=now)
    wake_sender_on_commit()
    return delivery


@transaction.atomic
def cancel(*, delivery: Delivery, by: Any, now: datetime) -> Delivery:
    """Never send it, or no longer ask what became of it. Raises IllegalMove."""
    delivery = _locked(delivery, State.CANCELLED, from_states=(State.DUE, State.UNCERTAIN, State.DEAD))
    delivery.save(update_fields=["state", "lease_until"])
    record(by=by, verb="cancel-delivery", target=delivery, now=now)
    return delivery


@transaction.atomic
def mark(
    *,
    delivery: Delivery,
    state: Delivery.State,
    now: datetime,
    problem: str = "",
    attempts: int | None = None,
    due_at: datetime | None = None,
) -> bool:
    """Write what became of a delivery that the caller claimed; False where it is no longer the caller's.

    `problem` is a code without personal data. A slow sender may still say that an uncertain one was sent.
    """
    row = (
        Delivery.objects.select_for_update(of=("self",))
        .filter(pk=delivery.pk, lease_until=delivery.lease_until)
        .first()
    )
    if row is None or not DELIVERY.allows(row.state, state):
        return False
    row.state = state
    row.problem = problem[:200]
    row.attempts = row.attempts if attempts is None else attempts
    row.due_at = due_at or row.due_at
    row.sent_at = now if state == State.SENT else None
    if state != State.UNCERTAIN:
        row.lease_until = None
    if state not in {State.SENT, State.UNCERTAIN}:
        row.week = row.carrier = None  # it certainly didn't go out: the week is free again
    row.save(update_fields=["state", "problem", "attempts", "due_at", "sent_at", "lease_until", "week", "carrier"])
    return True


@transaction.atomic
def set_preference(*, person: Any, reminders: bool, by: Any, now: datetime) -> Preference:
    """Keep whether `person` wants reminders; essential messages come in any case."""
    preference, made = Preference.objects.select_for_update(of=("self",)).get_or_create(
        person=person, defaults={"reminders": reminders}
    )
    if made or preference.reminders != reminders:
        preference.reminders = reminders
        preference.save(update_fields=["reminders"])
        record(by=by, verb="set-mail-preference", target=preference, now=now)
    return preference


@transaction.atomic
def save_wording(*, wording: Wording, by: Any, now: datetime) -> Wording:
    """Keep a library's own words for a message. Raises UnknownPlaceholders."""
    wordings.check(rule_of(wording.rule), wording.subject, wording.body)
    wording.save()
    record(by=by, verb="save-wording", target=wording, now=now)
    return wording


@transaction.atomic
def delete_wording(*, wording: Wording, by: Any, now: datetime) -> None:
    """Let the shipped text speak again."""
    record(by=by, verb="delete-wording", target=wording, now=now)
    wording.delete()


def wake_sender_on_commit() -> None:
    transaction.on_commit(lambda: wake("mentorship.reminders.tasks.send", queue="mail", expires=55))


def _locked(delivery: Delivery, target: Delivery.State, *, from_states: tuple[Delivery.State, ...]) -> Delivery:
    """Return the row, locked, checked and in its new state but not yet saved. Raises IllegalMove."""
    row: Delivery = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
    if row.state not in from_states:  # a sender may make some of these moves where a person may not
        raise IllegalMove(DELIVERY.name, row.state, target)
    DELIVERY.check(row.state, target)
    row.state = target
    row.lease_until = None
    return row
