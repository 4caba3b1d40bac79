"""A due message goes out once, in its recipient's language, or it is said why not."""

import email
import threading
from datetime import date, timedelta
from email import policy

import psycopg2
import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError, OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from mentorship.people.models import Absence
from mentorship.reminders import links, sender
from mentorship.reminders.models import Delivery, MailToken
from mentorship.reminders.sender import AGAIN, LEASE, RETRY_MINUTES, claim_next, deliver, expire_leases, send_due
from mentorship.reminders.services import mark, queue_delivery, resend, set_preference
from tests.factories import NOW, UserFactory
from tests.reminders.notes import register_note

State = Delivery.State
# Well after an interrupted message is due again.
LATER = 2 * AGAIN


def queue(person, key="note:1", **fields):
    return queue_delivery(rule="note", recipient=person, dedupe_key=key, now=NOW, **fields)


def states():
    return list(Delivery.objects.order_by("dedupe_key").values_list("state", flat=True))


def only():
    return Delivery.objects.get()


@pytest.mark.django_db
class TestSending:
    def test_a_due_message_reaches_a_real_mail_server(self, note, member, mail_server, settings):
        settings.PUBLIC_URL = "https://mentorship.example.org"
        delivery = queue(member)
        assert send_due(now=NOW) == 1
        (raw,) = mail_server.mails
        message = email.message_from_bytes(raw, policy=policy.default)
        assert message["To"] == member.email
        assert message["From"] == settings.DEFAULT_FROM_EMAIL
        assert message["Subject"] == "Hello"
        assert message["Message-ID"] == f"<{delivery.pk}@mentorship.example.org>"
        assert message["Auto-Submitted"] == "auto-generated"
        assert "Hello, February 14:30" in message.get_body(("plain",)).get_content()
        assert "<p style=" in message.get_body(("html",)).get_content()
        assert (only().state, only().sent_at >= NOW, only().message_id) == ("sent", True, message["Message-ID"])

    def test_what_is_not_yet_due_waits(self, note, member):
        queue(member, due_at=NOW + timedelta(minutes=1))
        assert send_due(now=NOW) == 0
        assert send_due(now=NOW + timedelta(minutes=1)) == 1

    def test_what_was_sent_is_not_sent_again(self, note, member):
        queue(member)
        send_due(now=NOW)
        queue(member)
        send_due(now=NOW + timedelta(days=1))
        assert len(mail.outbox) == 1

    def test_each_is_written_in_its_recipients_language(self, note):
        queue(UserFactory(language="en"), "1")
        queue(UserFactory(language="es"), "2")
        send_due(now=NOW)
        assert {message.body.split("\n")[0] for message in mail.outbox} == {
            "Hello, February 14:30",
            "Hello, febrero 14:30",
        }
        assert {message.alternatives[0].content.split('lang="')[1][:2] for message in mail.outbox} == {"en", "es"}

    def test_a_message_that_is_no_longer_wanted_is_skipped(self, note, member):
        note.unless = lambda delivery, now: "season-over"
        queue(member)
        send_due(now=NOW)
        assert (only().state, only().problem, mail.outbox) == ("skipped", "unless:season-over", [])

    def test_whether_it_is_wanted_is_asked_at_sending(self, note, member):
        queue(member)
        note.unless = lambda delivery, now: "withdrawn"
        send_due(now=NOW)
        assert only().state == "skipped"

    def test_somebody_who_may_no_longer_sign_in_gets_nothing(self, essential_note, member):
        queue(member)
        member.is_active = False
        member.save()
        send_due(now=NOW)
        assert (only().state, only().problem, mail.outbox) == ("skipped", "deactivated", [])

    def test_without_a_mailbox_it_stands_on_the_site_alone(self, note):
        queue(UserFactory(email=None))
        send_due(now=NOW)
        assert (only().state, only().problem, mail.outbox) == ("skipped", "no-mailbox", [])

    def test_a_shared_mailbox_is_told_that_there_is_a_message_and_nothing_else(self, note):
        note.greeting = "CANARY"
        person = UserFactory(mailbox_is_shared=True, given_name="CANARYNAME")
        delivery = queue(person)
        send_due(now=NOW)
        (message,) = mail.outbox
        assert message.subject == "You have a message"
        assert f"/messages/{delivery.pk}" in message.body
        assert "CANARY" not in message.message().as_string()
        assert "List-Unsubscribe" not in message.extra_headers

    def test_who_wants_no_reminders_still_gets_what_is_essential(self, note, member):
        set_preference(person=member, reminders=False, by=member, now=NOW)
        queue(member, "1")
        send_due(now=NOW)
        register_note(essential=True)
        queue(member, "2")
        send_due(now=NOW)
        assert states() == ["skipped", "sent"]
        assert Delivery.objects.get(dedupe_key="1").problem == "unsubscribed"

    def test_a_reminder_waits_until_after_an_absence(self, note, member):
        Absence.objects.create(person=member, first_day=date(2027, 1, 30), last_day=date(2027, 2, 3))
        Absence.objects.create(person=member, first_day=date(2027, 2, 4), last_day=date(2027, 2, 5))
        queue(member)
        send_due(now=NOW)
        assert only().state == "due"
        assert only().due_at.isoformat() == "2027-02-06T08:00:00+00:00"  # midnight in Los Angeles
        assert only().attempts == 0

    def test_what_is_essential_does_not_wait_for_an_absence(self, essential_note, member):
        Absence.objects.create(person=member, first_day=date(2027, 1, 30), last_day=date(2027, 2, 3))
        queue(member)
        send_due(now=NOW)
        assert only().state == "sent"

    def test_a_message_waits_for_the_hours_its_rule_names(self, essential_note, member):
        monday = NOW + timedelta(hours=14)
        register_note(essential=True, wait_until=lambda delivery, now: max(now, monday))
        queue(member)
        assert send_due(now=NOW) == 1
        assert (only().state, only().due_at) == ("due", monday)
        send_due(now=monday)
        assert only().state == "sent"

    def test_a_rule_this_version_does_not_know_does_not_hold_up_the_others(self, note, member):
        queue(member, "1")
        Delivery.objects.update(rule="from-tomorrow")
        queue(member, "2")
        send_due(now=NOW)
        assert states() == ["due", "sent"]

    def test_a_text_that_cannot_be_made_is_tried_again_and_leaves_no_link_behind(self, note, member):
        def context(delivery):
            links.one_click("reminders:stop", delivery=delivery, purpose="x", lifetime=timedelta(days=1))
            raise ValueError("Rosa Santos")

        note.context = context
        queue(member)
        send_due(now=NOW)
        assert (only().state, only().problem, only().attempts) == ("due", "text:ValueError", 1)
        assert MailToken.objects.count() == 0

    def test_a_subject_cannot_add_a_header(self, note, member, mail_server):
        note.greeting = "Hello\r\nBcc: everybody@example.org\r\n\r\nBody\u2028more\x00"
        queue(member)
        send_due(now=NOW)
        message = email.message_from_bytes(mail_server.mails[0], policy=policy.default)
        assert message["Bcc"] is None
        assert message["Subject"] == "Hello Bcc: everybody@example.org Body more"

    def test_a_reminder_can_be_stopped_in_one_click_and_an_essential_message_cannot(self, note, member):
        queue(member, "1")
        send_due(now=NOW)
        register_note(essential=True)
        queue(member, "2")
        send_due(now=NOW)
        refusable, essential = mail.outbox
        assert refusable.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert refusable.extra_headers["List-Unsubscribe"].startswith("<http://testserver/messages/stop/")
        assert refusable.extra_headers["List-Unsubscribe"][1:-1] in refusable.body
        assert "List-Unsubscribe" not in essential.extra_headers
        assert "/messages/stop/" not in essential.body

    def test_the_queries_for_one_message_are_few_and_constant(self, note):
        counts = []
        for number in range(3):
            queue(UserFactory(), str(number))
            with CaptureQueriesContext(connection) as queries:
                deliver(delivery=claim_next(now=NOW), now=NOW)
            counts.append(len(queries))
        assert counts == [counts[0]] * 3


@pytest.mark.django_db
class TestRefusals:
    def test_a_refusal_is_tried_again_from_a_minute_to_six_hours_and_then_given_up(self, note, member, mail_server):
        mail_server.answer = "550 no such mailbox"
        queue(member)
        now, waits = NOW, []
        for attempt in range(1, 7):
            send_due(now=now)
            assert (only().state, only().attempts, only().problem) == ("due", attempt, "refused:550")
            waits.append((only().due_at - now).total_seconds() / 60)
            now = only().due_at
        for wait, nominal in zip(waits, (1, 5, 20, 60, 180, 360), strict=True):
            assert nominal * 0.8 <= wait <= nominal * 1.2 + 0.1
        send_due(now=now)
        assert (only().state, only().problem) == ("dead", "refused:550")
        assert mail_server.mails == []

    def test_what_could_not_be_sent_goes_out_when_it_is_asked_for_again(self, note, member, coordinator, mail_server):
        queue(member)
        Delivery.objects.update(state="dead", attempts=7)
        resend(delivery=only(), by=coordinator, now=NOW)
        send_due(now=NOW)
        assert (only().state, len(mail_server.mails)) == ("sent", 1)

    def test_a_mail_server_that_is_away_is_a_refusal(self, note, member, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        queue(member)
        send_due(now=NOW)
        assert (only().state, only().problem) == ("due", "unreachable")

    def test_a_connection_that_breaks_while_sending_leaves_it_open_whether_it_went_out(self, note, member):
        class Breaks(BaseEmailBackend):
            def send_messages(self, email_messages):
                raise TimeoutError

        queue(member)
        deliver(delivery=claim_next(now=NOW), now=NOW, connect=Breaks)
        assert (only().state, only().problem) == ("uncertain", "broken-off:TimeoutError")
        assert send_due(now=NOW + timedelta(days=1)) == 0


class Killed(BaseException):
    """Ends a sender as SIGKILL does: nothing of its own is done after it."""


@pytest.mark.django_db
class TestCrashes:
    @pytest.fixture
    def handed_over(self, note, member, monkeypatch):
        """A message whose sender died while the mail server had it."""

        def dies(*args):
            raise Killed

        queue(member)
        with monkeypatch.context() as patch:
            patch.setattr(sender, "send_through", dies)
            with pytest.raises(Killed):
                deliver(delivery=claim_next(now=NOW), now=NOW)
        return only()

    def test_a_sender_that_died_while_sending_leaves_it_uncertain_and_it_is_not_sent_again_by_itself(
        self, handed_over
    ):
        assert handed_over.state == "claimed"
        assert expire_leases(now=NOW + LEASE) == 0
        assert expire_leases(now=NOW + LEASE + timedelta(seconds=1)) == 1
        assert (only().state, only().problem) == ("uncertain", "sender-lost")
        assert send_due(now=NOW + timedelta(days=1)) == 0
        assert mail.outbox == []

    def test_a_sender_that_died_before_sending_leaves_it_to_the_next_one(self, note, member):
        def dies(delivery):
            raise Killed

        queue(member)
        context, note.context = note.context, dies
        with pytest.raises(Killed):
            send_due(now=NOW)
        late = NOW + LEASE + timedelta(minutes=1)
        assert (only().state, expire_leases(now=NOW + LEASE), expire_leases(now=late)) == ("making", 0, 1)
        assert (only().state, only().problem, only().attempts, only().due_at) == ("due", "maker-lost", 1, late)
        note.context = context
        assert (send_due(now=late), only().state, len(mail.outbox)) == (1, "sent", 1)

    def test_a_mail_that_brings_down_each_of_its_senders_is_not_made_for_ever(self, note, member):
        queue(member)
        moment, tries = NOW, 0
        while claim_next(now=moment) is not None:
            tries += 1
            moment += LEASE + timedelta(seconds=1)
            expire_leases(now=moment)
        assert (tries, only().state, only().problem, only().lease_until) == (
            len(RETRY_MINUTES) + 1,
            "dead",
            "maker-lost",
            None,
        )

    def test_a_sender_that_was_slow_in_making_it_hands_nothing_over(self, note, member):
        queue(member)
        slow = claim_next(now=NOW)
        late = NOW + timedelta(hours=1)
        expire_leases(now=late)
        deliver(delivery=slow, now=late)
        assert (only().state, mail.outbox) == ("due", [])
        other = claim_next(now=late)
        deliver(delivery=slow, now=late)
        assert (only().state, only().lease_until, mail.outbox) == ("making", other.lease_until, [])
        deliver(delivery=other, now=late)
        deliver(delivery=slow, now=late)
        assert (only().state, len(mail.outbox)) == ("sent", 1)

    def test_control_a_slow_sender_that_does_not_look_at_its_lease_sends_twice(self, note, member, monkeypatch):
        monkeypatch.setattr(sender, "_hold_out", lambda parcel: None)
        queue(member)
        slow = claim_next(now=NOW)
        late = NOW + timedelta(hours=1)
        expire_leases(now=late)
        for delivery in (claim_next(now=late), slow):
            deliver(delivery=delivery, now=late)
        assert len(mail.outbox) == 2

    def test_a_sender_that_was_slow_in_sending_still_says_that_it_was_sent(self, handed_over):
        expire_leases(now=NOW + timedelta(hours=1))
        assert mark(delivery=handed_over, state=State.SENT, now=NOW + timedelta(hours=1)) is True
        assert only().state == "sent"

    def test_a_slow_sender_cannot_touch_what_was_asked_for_again(self, handed_over, coordinator):
        slow = handed_over
        expire_leases(now=NOW + timedelta(hours=1))
        resend(delivery=only(), by=coordinator, now=NOW + timedelta(hours=1))
        assert mark(delivery=slow, state=State.SENT, now=NOW + timedelta(hours=1)) is False
        assert only().state == "due"


def lose_connection(*args):
    """End our own connection, as a database that restarts does. Raises what Django makes of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


@pytest.mark.django_db(transaction=True)
class TestDatabaseAway:
    @pytest.fixture(autouse=True)
    def _at_once(self, monkeypatch):
        monkeypatch.setattr(sender, "PAUSE", 0)

    def test_a_database_that_goes_away_while_a_message_is_made_is_not_the_fault_of_its_text(self, note, member):
        context, note.context = note.context, lose_connection
        queue(member)
        send_due(now=NOW)
        assert (only().state, only().problem, only().attempts) == ("due", "database-away", 0)
        # The sender's clock runs on while it works.
        assert NOW + AGAIN <= only().due_at < NOW + LATER
        note.context = context
        assert send_due(now=NOW) == 0
        assert send_due(now=NOW + LATER) == 1
        assert (only().state, only().problem, len(mail.outbox)) == ("sent", "", 1)

    def test_it_interrupts_the_whole_mail_and_neither_message_is_to_blame(self, note, member):
        context = note.context
        note.context = lambda delivery: context(delivery) if delivery.dedupe_key == "1" else lose_connection()
        queue(member, "1")
        queue(member, "2", due_at=NOW)
        deliver(delivery=claim_next(now=NOW), now=NOW)
        assert set(Delivery.objects.values_list("state", "attempts", "week", "carrier")) == {("due", 0, None, None)}
        note.context = context
        send_due(now=NOW + LATER)
        assert (states(), len(mail.outbox)) == (["sent", "sent"], 1)

    def test_a_message_that_waits_for_a_row_too_long_lets_the_others_go_first(self, note):
        def context(delivery):
            raise OperationalError("canceling statement due to lock timeout")

        others, note.context = note.context, context
        queue(UserFactory(), "1")
        deliver(delivery=claim_next(now=NOW), now=NOW)
        note.context = others
        queue(UserFactory(), "2")
        send_due(now=NOW)
        assert states() == ["due", "sent"]

    @pytest.mark.parametrize("lost", [1, 2, 3], ids=["of the claim", "of the making", "of having sent"])
    def test_a_commit_whose_answer_is_lost_leaves_nothing_to_ask_and_nothing_twice(
        self, note, member, monkeypatch, lost
    ):
        queue(member, "1")
        queue(member, "2")
        commits = []
        commit = connection.commit

        def commit_and_go_away():
            commit()
            commits.append(1)
            if len(commits) == lost:
                connection.close()
                raise OperationalError("server closed the connection unexpectedly")

        with monkeypatch.context() as patch:
            patch.setattr(connection, "commit", commit_and_go_away)
            if lost == 1:
                with pytest.raises(OperationalError):
                    send_due(now=NOW)
            else:
                send_due(now=NOW)
        send_due(now=NOW + LATER)
        assert expire_leases(now=NOW + timedelta(days=1)) == 0
        assert (states(), len(mail.outbox)) == (["sent", "sent"], 1)

    def test_what_was_sent_is_said_when_the_database_is_back(self, note, member, monkeypatch):
        queue(member)
        delivery = claim_next(now=NOW)
        answers = iter([OperationalError("the database system is starting up"), lost_in_mid_answer()])

        def mark_late(**what):
            if error := next(answers, None):
                raise error
            return mark(**what)

        monkeypatch.setattr(sender, "mark", mark_late)
        deliver(delivery=delivery, now=NOW)
        assert (only().state, len(mail.outbox)) == ("sent", 1)

    def test_a_database_that_stays_away_leaves_it_to_the_lease(self, note, member, monkeypatch):
        queue(member)
        delivery = claim_next(now=NOW)

        def gone(**what):
            raise OperationalError("connection refused")

        monkeypatch.setattr(sender, "LEASE", timedelta(0))
        with monkeypatch.context() as patch:
            patch.setattr(sender, "mark", gone)
            with pytest.raises(OperationalError):
                deliver(delivery=delivery, now=NOW)
        assert only().state == "claimed"
        expire_leases(now=NOW + LEASE + timedelta(seconds=1))
        assert (only().state, len(mail.outbox)) == ("uncertain", 1)

    def test_control_another_error_of_the_database_is_the_texts(self, note, member):
        def context(delivery):
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")

        note.context = context
        queue(member)
        send_due(now=NOW)
        assert (only().state, only().problem, only().attempts) == ("due", "text:DataError", 1)


def lost_in_mid_answer():
    """What the driver makes of a server that ends in the middle of an answer."""
    error = DatabaseError("server closed the connection unexpectedly")
    error.__cause__ = psycopg2.DatabaseError("server closed the connection unexpectedly")
    return error


@pytest.mark.django_db(transaction=True)
class TestSeveralSenders:
    def test_a_claim_that_is_not_committed_yet_is_passed_over_without_waiting(self, note, member):
        for number in range(2):
            queue(member, str(number))
        claimed, release = threading.Event(), threading.Event()
        first = []

        def other():
            with transaction.atomic():
                first.append(claim_next(now=NOW).pk)
                claimed.set()
                release.wait(5)
            connection.close()

        thread = threading.Thread(target=other)
        thread.start()
        claimed.wait(5)
        second = claim_next(now=NOW)
        assert claim_next(now=NOW) is None
        release.set()
        thread.join()
        assert {first[0], second.pk} == set(Delivery.objects.values_list("pk", flat=True))
        assert states() == ["making", "making"]

    def test_a_tick_that_finds_a_lease_over_waits_for_the_one_who_is_handing_over(self, note, member):
        """The tick looks again at a row that it waited for: what is handed over by then is not due again."""
        queue(member)
        slow = claim_next(now=NOW)
        held, release = threading.Event(), threading.Event()

        def hand_over():
            with transaction.atomic():
                sender._hold_out(sender.Parcel(None, [slow]))
                held.set()
                release.wait(5)
            connection.close()

        thread = threading.Thread(target=hand_over)
        thread.start()
        held.wait(5)
        threading.Timer(0.3, release.set).start()
        expire_leases(now=NOW + timedelta(hours=1))
        thread.join()
        assert only().state == "claimed"
        assert expire_leases(now=NOW + timedelta(hours=1)) == 1
        assert only().state == "uncertain"

    def test_two_senders_at_once_send_each_message_once(self, note, monkeypatch):
        for number in range(30):
            queue(UserFactory(), str(number))
        sent: list[str] = []
        start = threading.Barrier(2)

        def other():
            start.wait(5)
            send_due(now=NOW)
            connection.close()

        real = sender.send_through
        monkeypatch.setattr(
            sender,
            "send_through",
            lambda server, message: (sent.append(message.extra_headers["Message-ID"]), real(server, message)),
        )
        threads = [threading.Thread(target=other) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(sent) == len(set(sent)) == 30
        assert states() == ["sent"] * 30
