"""At most one reminder a week for a person; what comes meanwhile is merged into the next one."""

import threading
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from mentorship.reminders import registry, sender, weekly
from mentorship.reminders.models import Delivery, MailToken, Wording
from mentorship.reminders.sender import CertainRefusal, claim_next, deliver, expire_leases, send_due
from mentorship.reminders.services import queue_delivery, resend, set_preference
from tests.factories import NOW, UserFactory
from tests.reminders.notes import register_note

PACIFIC = ZoneInfo("America/Los_Angeles")
TUESDAY = datetime(2027, 2, 2, 16, 0, tzinfo=PACIFIC)
WEEK = timedelta(days=7)


def queue(person, key="1", rule="note", now=TUESDAY):
    return queue_delivery(rule=rule, recipient=person, dedupe_key=key, now=now)


def states():
    return list(Delivery.objects.order_by("dedupe_key").values_list("state", flat=True))


@pytest.fixture
def other_note(note):
    """A second rule, with the first one's templates; what it does can be steered by its own attributes."""
    rule = registry.rule_of("note")
    steer = register_note(title="Another note")
    registry.register(replace(registry.rule_of("note"), key="note-again"))
    registry.register(rule)
    Wording.objects.create(rule="note-again", language="en", subject="Again", body="Again")
    yield steer
    registry._rules.pop("note-again")


@pytest.mark.django_db
class TestOneAWeek:
    @pytest.mark.parametrize(
        ("later", "sent"),
        [
            (TUESDAY + timedelta(seconds=1), 1),
            (datetime(2027, 2, 8, 23, 59, 59, tzinfo=PACIFIC), 1),
            (datetime(2027, 2, 9, 0, 0, tzinfo=PACIFIC), 2),
            (
                datetime(2027, 2, 9, 8, 0, tzinfo=PACIFIC),
                2,
            ),  # earlier in the day than the first, and yet a week later
        ],
    )
    def test_the_next_one_may_go_from_midnight_of_the_seventh_day(self, later, sent, note, member):
        queue(member, "1")
        send_due(now=TUESDAY)
        queue(member, "2")
        send_due(now=TUESDAY)
        send_due(now=later)
        assert len(mail.outbox) == sent

    def test_what_loses_waits_until_then_and_says_why(self, note, member):
        queue(member, "1")
        send_due(now=TUESDAY)
        queue(member, "2")
        send_due(now=TUESDAY)
        waiting = Delivery.objects.get(dedupe_key="2")
        assert (waiting.state, waiting.problem) == ("due", "week")
        assert waiting.due_at == datetime(2027, 2, 9, 0, 0, tzinfo=PACIFIC)

    def test_days_are_the_librarys_also_when_the_clock_changes(self, note, member):
        evening = datetime(2027, 3, 9, 23, 30, tzinfo=PACIFIC)  # the clock goes forward on the 14th
        queue(member, "1", now=evening)
        send_due(now=evening)
        queue(member, "2", now=evening)
        send_due(now=evening)
        assert Delivery.objects.get(dedupe_key="2").due_at == datetime(2027, 3, 16, 0, 0, tzinfo=PACIFIC)

    @pytest.mark.parametrize("change", [{"essential": True}, {"any_week": True}])
    def test_what_is_essential_or_about_a_day_neither_waits_nor_counts(self, change, note, member):
        queue(member, "1")
        send_due(now=TUESDAY)
        register_note(**change)
        queue(member, "2")
        queue(member, "3")
        send_due(now=TUESDAY)
        assert states() == ["sent"] * 3
        register_note()
        queue(member, "4")
        send_due(now=TUESDAY + WEEK)
        assert states() == ["sent"] * 4

    def test_people_do_not_wait_for_one_another(self, note):
        for number in range(3):
            queue(UserFactory(), str(number))
        send_due(now=TUESDAY)
        assert states() == ["sent"] * 3

    def test_a_reminder_that_certainly_did_not_go_out_gives_its_week_back(self, note, member):
        class Refuses(BaseEmailBackend):
            def send_messages(self, email_messages):
                raise CertainRefusal("refused:450")

        queue(member, "1")
        deliver(delivery=claim_next(now=TUESDAY), now=TUESDAY, connect=Refuses)
        assert Delivery.objects.get().week is None
        queue(member, "2")
        send_due(now=TUESDAY)
        assert states() == ["due", "sent"]

    def test_a_reminder_that_may_have_gone_out_keeps_its_week(self, note, member, coordinator):
        class Breaks(BaseEmailBackend):
            def send_messages(self, email_messages):
                raise TimeoutError

        queue(member, "1")
        deliver(delivery=claim_next(now=TUESDAY), now=TUESDAY, connect=Breaks)
        queue(member, "2")
        send_due(now=TUESDAY)
        assert states() == ["uncertain", "due"]
        resend(delivery=Delivery.objects.get(dedupe_key="1"), by=coordinator, now=TUESDAY)
        send_due(now=TUESDAY)
        assert states() == ["sent", "due"]

    def test_one_that_is_not_sent_takes_no_week(self, note, other_note, member):
        note.unless = lambda delivery, now: "done"
        queue(member, "1")
        queue(member, "2", "note-again")
        send_due(now=TUESDAY)
        assert states() == ["skipped", "sent"]

    def test_the_database_holds_two_of_one_week_apart(self, note, member):
        queue(member, "1")
        queue(member, "2")
        first = DateRange(date(2027, 2, 2), date(2027, 2, 9))
        Delivery.objects.filter(dedupe_key="1").update(week=first)
        with pytest.raises(IntegrityError), transaction.atomic():
            Delivery.objects.filter(dedupe_key="2").update(week=DateRange(date(2027, 2, 8), date(2027, 2, 15)))
        Delivery.objects.filter(dedupe_key="2").update(week=DateRange(date(2027, 2, 9), date(2027, 2, 16)))


@pytest.mark.django_db
class TestMerged:
    def test_what_is_due_goes_in_one_mail_with_a_line_and_a_link_each(self, note, other_note, member):
        queue(member, "1")
        other_note.action_url = "http://testserver/elsewhere"
        queue(member, "2", "note-again")
        Delivery.objects.filter(rule="note").update(due_at=TUESDAY - timedelta(minutes=1))
        send_due(now=TUESDAY)
        (message,) = mail.outbox
        assert message.subject == "Your reminders this week"
        for text in (
            "- Hello\n  Go there: http://testserver/somewhere",
            "- Again\n  Go there: http://testserver/elsewhere",
        ):
            assert text in message.body
        assert message.alternatives[0].content.count('href="http://testserver/elsewhere"') == 1
        assert states() == ["sent", "sent"]
        first, second = Delivery.objects.order_by("dedupe_key")
        assert (first.carrier, second.carrier) == (None, first)
        assert message.extra_headers["Message-ID"] == first.message_id

    def test_it_can_be_stopped_in_one_click(self, note, other_note, member):
        queue(member, "1")
        queue(member, "2", "note-again")
        send_due(now=TUESDAY)
        headers = mail.outbox[0].extra_headers
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert headers["List-Unsubscribe"][1:-1] in mail.outbox[0].body
        assert MailToken.objects.count() == 1

    def test_what_lost_twice_comes_together_a_week_later(self, note, other_note, member):
        for key, rule in (("1", "note"), ("2", "note"), ("3", "note-again")):
            queue(member, key, rule)
            send_due(now=TUESDAY)
        assert states() == ["sent", "due", "due"]
        send_due(now=TUESDAY + WEEK)
        assert [message.subject for message in mail.outbox] == ["Hello", "Your reminders this week"]
        assert states() == ["sent"] * 3

    def test_each_matter_is_asked_again_whether_it_still_holds(self, note, other_note, member):
        queue(member, "1")
        queue(member, "2", "note-again")
        other_note.unless = lambda delivery, now: "done"
        send_due(now=TUESDAY)
        assert (mail.outbox[0].subject, states()) == ("Hello", ["sent", "skipped"])

    def test_a_matter_whose_season_rests_waits_for_the_next_one(self, note, other_note, member):
        queue(member, "1")
        queue(member, "2", "note-again")
        other_note.wait_until = lambda delivery, now: max(now, TUESDAY + timedelta(days=1))
        send_due(now=TUESDAY)
        assert (mail.outbox[0].subject, states()) == ("Hello", ["sent", "due"])
        waiting = Delivery.objects.get(dedupe_key="2")
        assert (waiting.due_at, waiting.carrier, waiting.lease_until) == (TUESDAY + timedelta(days=1), None, None)

    def test_a_matter_that_cannot_be_made_does_not_hold_up_the_others(self, note, other_note, member):
        queue(member, "1")
        queue(member, "2", "note-again")

        def fails(delivery):
            raise ValueError

        other_note.context = fails
        send_due(now=TUESDAY)
        assert (mail.outbox[0].subject, states()) == ("Hello", ["sent", "due"])
        assert Delivery.objects.get(dedupe_key="2").problem == "text:ValueError"

    def test_what_becomes_of_the_mail_becomes_of_every_matter(self, note, other_note, member):
        class Breaks(BaseEmailBackend):
            def send_messages(self, email_messages):
                raise TimeoutError

        queue(member, "1")
        queue(member, "2", "note-again")
        deliver(delivery=claim_next(now=TUESDAY), now=TUESDAY, connect=Breaks)
        assert states() == ["uncertain", "uncertain"]

    def test_a_sender_that_dies_with_several_in_hand_leaves_all_of_them_uncertain(
        self, note, other_note, member, monkeypatch
    ):
        class Killed(BaseException):
            pass

        def dies(*args):
            raise Killed

        queue(member, "1")
        queue(member, "2", "note-again")
        monkeypatch.setattr(sender, "send_through", dies)
        with pytest.raises(Killed):
            send_due(now=TUESDAY)
        assert states() == ["claimed", "claimed"]
        expire_leases(now=TUESDAY + timedelta(hours=1))
        assert states() == ["uncertain", "uncertain"]

    def test_a_sender_that_dies_while_it_makes_a_mail_of_several_leaves_all_of_them_due(
        self, note, other_note, member
    ):
        class Killed(BaseException):
            pass

        def dies(delivery):
            raise Killed

        queue(member, "1")
        queue(member, "2", "note-again")
        context, other_note.context = other_note.context, dies
        with pytest.raises(Killed):
            send_due(now=TUESDAY)
        assert sorted(states()) == ["due", "making"]
        other_note.context = context
        expire_leases(now=TUESDAY + timedelta(hours=1))
        send_due(now=TUESDAY + timedelta(hours=1))
        assert (states(), len(mail.outbox)) == (["sent", "sent"], 1)

    def test_a_shared_mailbox_is_told_that_there_are_messages_and_nothing_else(self, note, other_note, member):
        member.mailbox_is_shared = True
        member.save()
        queue(member, "1")
        queue(member, "2", "note-again")
        send_due(now=TUESDAY)
        (message,) = mail.outbox
        assert message.subject == "You have a message"
        assert "http://testserver/messages/\n" in message.body
        assert ("Hello" in message.body, "Again" in message.body) == (False, False)

    def test_each_stands_by_itself_among_the_persons_messages(self, note, other_note, member, sign_in):
        queue(member, "1")
        queue(member, "2", "note-again")
        send_due(now=TUESDAY)
        html = sign_in(member).get("/messages/").content.decode()
        assert [html.count(str(row.pk)) for row in Delivery.objects.all()] == [1, 1]

    def test_who_wants_no_reminders_gets_none_merged_either(self, note, other_note, member):
        queue(member, "1")
        queue(member, "2", "note-again")
        set_preference(person=member, reminders=False, by=member, now=NOW)
        send_due(now=TUESDAY)
        assert (mail.outbox, states()) == ([], ["skipped", "skipped"])


@pytest.mark.django_db(transaction=True)
class TestTwoSendersAtOnce:
    def race(self, member):
        """Two senders, each with a reminder for one person in hand, go on at the same moment."""
        queue(member, "1")
        queue(member, "2")
        claimed = [claim_next(now=TUESDAY), claim_next(now=TUESDAY)]
        start = threading.Barrier(2)

        def go(delivery):
            start.wait(5)
            deliver(delivery=delivery, now=TUESDAY)
            connection.close()

        threads = [threading.Thread(target=go, args=[delivery]) for delivery in claimed]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    @pytest.mark.parametrize("_round", range(5))
    def test_one_of_two_reminders_goes_out_and_the_other_waits(self, _round, note, member):
        self.race(member)
        assert (len(mail.outbox), sorted(states())) == (1, ["due", "sent"])
        waiting = Delivery.objects.get(state="due")
        assert (waiting.problem, waiting.attempts) == ("week", 0)

    def test_control_without_taking_the_week_both_go_out(self, note, member, monkeypatch):
        monkeypatch.setattr(weekly, "take_week", lambda **options: None)
        self.race(member)
        assert (len(mail.outbox), states()) == (2, ["sent", "sent"])
