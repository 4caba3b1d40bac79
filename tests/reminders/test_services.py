"""A message is asked for once and moves only as the table says."""

import uuid
from datetime import timedelta
from itertools import product

import pytest

from mentorship.common.states import IllegalMove
from mentorship.records.models import AuditEntry
from mentorship.reminders.models import Delivery, Preference
from mentorship.reminders.services import (
    Draft,
    cancel,
    cancel_deliveries,
    mark,
    queue_deliveries,
    queue_delivery,
    resend,
    set_preference,
)
from mentorship.reminders.states import DELIVERY
from tests.factories import NOW, UserFactory

pytestmark = pytest.mark.django_db
State = Delivery.State


@pytest.fixture
def delivery(note, member):
    return queue_delivery(rule="note", recipient=member, dedupe_key="note:1", now=NOW)


def in_state(delivery, state, **fields):
    Delivery.objects.filter(pk=delivery.pk).update(state=state, **fields)
    delivery.refresh_from_db()
    return delivery


ALLOWED = {
    ("due", "making"),
    ("due", "cancelled"),
    ("making", "claimed"),
    ("making", "skipped"),
    ("making", "due"),
    ("making", "dead"),
    ("claimed", "sent"),
    ("claimed", "due"),
    ("claimed", "dead"),
    ("claimed", "uncertain"),
    ("uncertain", "sent"),
    ("uncertain", "due"),
    ("uncertain", "cancelled"),
    ("dead", "due"),
    ("dead", "cancelled"),
}
EVERY_STATE = pytest.mark.parametrize("state", State.values)


@pytest.mark.parametrize(("source", "target"), list(product(State.values, State.values)))
def test_a_delivery_moves_only_as_the_table_says(source, target):
    assert DELIVERY.allows(source, target) == ((source, target) in ALLOWED)


@EVERY_STATE
def test_only_what_may_have_been_sent_or_could_not_be_is_sent_again(state, delivery, coordinator):
    in_state(delivery, state, attempts=7, problem="refused:550")
    if state not in {"uncertain", "dead"}:
        with pytest.raises(IllegalMove):
            resend(delivery=delivery, by=coordinator, now=NOW)
        return
    later = NOW + timedelta(hours=1)
    again = resend(delivery=delivery, by=coordinator, now=later)
    assert (again.state, again.due_at, again.attempts, again.problem) == ("due", later, 0, "")
    assert AuditEntry.objects.filter(verb="resend-delivery", actor=coordinator).count() == 1


@EVERY_STATE
def test_only_what_is_still_open_is_cancelled(state, delivery, coordinator):
    in_state(delivery, state)
    if state in {"due", "uncertain", "dead"}:
        assert cancel(delivery=delivery, by=coordinator, now=NOW).state == "cancelled"
    else:
        with pytest.raises(IllegalMove):
            cancel(delivery=delivery, by=coordinator, now=NOW)
        delivery.refresh_from_db()
        assert delivery.state == state


@pytest.mark.parametrize(("source", "target"), list(product(State.values, State.values)))
def test_a_sender_marks_only_what_is_still_its_own(source, target, delivery):
    lease = NOW + timedelta(minutes=5)
    in_state(delivery, source, lease_until=lease)
    assert mark(delivery=delivery, state=State(target), now=NOW) == ((source, target) in ALLOWED)
    in_state(delivery, source, lease_until=lease + timedelta(minutes=1))
    delivery.lease_until = lease
    assert mark(delivery=delivery, state=State(target), now=NOW) is False
    delivery.refresh_from_db()
    assert delivery.state == source


def test_the_same_message_is_asked_for_once(delivery, member):
    again = queue_delivery(
        rule="note", recipient=member, dedupe_key="note:1", now=NOW + timedelta(days=1), ids={"other": 1}
    )
    assert (again.pk, again.ids, again.due_at) == (delivery.pk, {}, NOW)
    assert Delivery.objects.count() == 1


def test_many_messages_are_asked_for_in_one_statement(note, member, stranger, django_assert_num_queries):
    drafts = [
        Draft(rule="note", recipient=person, dedupe_key=f"note:{person.pk}", subject=person, due_at=NOW)
        for person in (member, stranger, member)
    ]
    with django_assert_num_queries(3):  # a savepoint, the insert, its release
        queue_deliveries(drafts=drafts, now=NOW)
    assert set(Delivery.objects.values_list("recipient", "subject_id")) == {
        (member.pk, member.pk),
        (stranger.pk, stranger.pk),
    }


def test_a_rule_nobody_registered_is_refused_before_anything_is_written(note, member):
    with pytest.raises(KeyError):
        queue_delivery(rule="unheard-of", recipient=member, dedupe_key="x", now=NOW)
    assert Delivery.objects.count() == 0


def test_a_sender_is_woken_on_commit_when_something_is_due(note, member, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        queue_delivery(rule="note", recipient=member, dedupe_key="1", now=NOW)
    assert len(callbacks) == 1
    with django_capture_on_commit_callbacks() as callbacks:
        queue_delivery(rule="note", recipient=member, dedupe_key="2", now=NOW, due_at=NOW + timedelta(minutes=1))
    assert len(callbacks) == 0


def test_messages_are_taken_back_by_what_they_are_about(note, member):
    about, other = UserFactory(), UserFactory()
    for number, subject in enumerate([about, about, other]):
        queue_delivery(rule="note", recipient=member, dedupe_key=str(number), now=NOW, subject=subject)
    Delivery.objects.filter(dedupe_key="1").update(state="sent")
    assert cancel_deliveries(rule="note", subject_ids=[about.pk, uuid.uuid4()], now=NOW) == 1
    assert dict(Delivery.objects.values_list("dedupe_key", "state")) == {
        "0": "cancelled",
        "1": "sent",
        "2": "due",
    }


def test_a_choice_of_mail_is_kept_and_audited_once(member):
    set_preference(person=member, reminders=False, by=member, now=NOW)
    set_preference(person=member, reminders=False, by=member, now=NOW)
    assert Preference.objects.get().reminders is False
    assert AuditEntry.objects.filter(verb="set-mail-preference").count() == 1
