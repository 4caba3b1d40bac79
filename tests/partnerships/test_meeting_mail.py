"""What is said of meetings: entries that calendars follow, each reminder once, and the two taps from a mail."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.urls import reverse
from icalendar import Calendar

from mentorship.partnerships import services
from mentorship.partnerships.messages.meetings import ask_whether_they_met, remind_of_meetings, reminder_at
from mentorship.partnerships.messages.quiet import remind_quiet_pairs
from mentorship.partnerships.models import Meeting
from mentorship.partnerships.services import Plan
from mentorship.reminders import previews
from mentorship.reminders.models import Delivery, MailToken
from mentorship.reminders.registry import rule_of
from mentorship.reminders.sender import send_due
from tests.calendars import READERS, kept
from tests.factories import NOW, SeasonFactory
from tests.partnerships.cast import announced, held, person, planned, running

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WEEK = NOW + 7 * DAY  # Monday, February 8, 10:00 in Los Angeles
RULES = (
    "meeting-planned", "meeting-changed", "meeting-cancelled", "meeting-tomorrow", "did-you-meet",
    "no-first-meeting", "no-recent-meeting", "contact-offers-help", "pair-completed", "pair-ended",
)  # fmt: skip


def outbox(now):
    """What is sent at `now`, by recipient."""
    mail.outbox.clear()
    send_due(now=now)
    return {message.to[0]: message for message in mail.outbox}


def entry(message):
    """The calendar entry in a mail: (the method by its content type, the calendar, its event)."""
    calendar = Calendar.from_ical(text_of(message))
    (event,) = calendar.walk("VEVENT")
    return message.alternatives[1].mimetype, calendar, event


def text_of(message):
    """The calendar entry in a mail as it is written there."""
    return message.alternatives[1].content


def three_mails(pair):
    """The UID of a meeting that was planned, moved by a day and cancelled, and the mails of it to the mentee."""
    mentee, meeting = person(pair, "mentee"), planned(pair)
    first = outbox(NOW)[mentee.email]
    services.change_meeting(meeting=meeting, plan=Plan(WEEK + DAY, 30), by=mentee, now=NOW + HOUR)
    changed = outbox(NOW + HOUR)[mentee.email]
    services.cancel_meeting(meeting=meeting, by=mentee, now=NOW + 2 * HOUR)
    return f"{meeting.pk}@testserver", [first, changed, outbox(NOW + 2 * HOUR)[mentee.email]]


def queued(rule):
    return Delivery.objects.filter(rule=rule)


@pytest.fixture
def announced_pair(coordinator):
    pair = announced(coordinator)
    Delivery.objects.all().delete()
    return pair


def test_an_invitation_is_private_and_says_nothing_but_meeting(announced_pair):
    planned(announced_pair, link="https://video.example/secret-room")
    mentee = person(announced_pair, "mentee")
    message = outbox(NOW)[mentee.email]
    kind, calendar, event = entry(message)
    assert (kind, str(calendar["METHOD"])) == ("text/calendar; method=REQUEST", "REQUEST")
    assert (str(event["SUMMARY"]), str(event["CLASS"]), int(event["SEQUENCE"])) == ("Meeting", "PRIVATE", 0)
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (WEEK, WEEK + timedelta(minutes=45))
    assert set(event) & {"DESCRIPTION", "LOCATION", "URL", "COMMENT", "CONTACT"} == set()
    assert str(event["ATTENDEE"]) == f"mailto:{mentee.email}"
    text = calendar.to_ical().decode()
    assert not [
        word for word in ("secret-room", "Rosa", "Sam", person(announced_pair, "mentor").email) if word in text
    ]
    assert "https://video.example/secret-room" in message.body


def test_a_change_and_a_cancellation_follow_the_same_entry(announced_pair):
    uid, mails = three_mails(announced_pair)
    (kind, _, first), (_, _, changed), (last_kind, _, cancelled) = map(entry, mails)
    assert {str(event["UID"]) for event in (first, changed, cancelled)} == {uid}
    assert [int(event["SEQUENCE"]) for event in (first, changed, cancelled)] == [0, 1, 2]
    assert (kind, last_kind) == ("text/calendar; method=REQUEST", "text/calendar; method=CANCEL")
    assert (changed["DTSTART"].dt, str(cancelled["STATUS"])) == (WEEK + DAY, "CANCELLED")
    assert first["DTSTAMP"].dt < changed["DTSTAMP"].dt < cancelled["DTSTAMP"].dt


def test_two_independent_readers_read_the_same(announced_pair):
    mentee = person(announced_pair, "mentee")
    _uid, mails = three_mails(announced_pair)
    readings = {name: [read(text_of(mail)) for mail in mails] for name, read in READERS.items()}
    assert readings["icalendar"] == readings["ical"]
    first, _changed, last = readings["ical"]
    assert (first.summary, first.visibility, first.attendee) == ("Meeting", "PRIVATE", f"mailto:{mentee.email}")
    assert (first.method, first.status, last.method, last.status) == ("REQUEST", "CONFIRMED", "CANCEL", "CANCELLED")


@pytest.mark.parametrize("reader", READERS)
def test_a_calendar_follows_in_whatever_order_the_mails_arrive(announced_pair, reader):
    uid, mails = three_mails(announced_pair)
    first, changed, cancelled = (READERS[reader](text_of(mail)) for mail in mails)
    assert kept([first]) == {uid: (WEEK, WEEK + timedelta(minutes=45))}
    for order in permutations([first, changed]):
        assert kept(order) == {uid: (WEEK + DAY, WEEK + DAY + timedelta(minutes=30))}
    for order in permutations([first, changed, cancelled]):
        assert kept(order) == {}


@pytest.mark.parametrize("reader", READERS)
def test_without_sequence_and_stamp_a_late_mail_would_move_it_back(announced_pair, reader):
    uid, mails = three_mails(announced_pair)
    first, changed = (replace(READERS[reader](text_of(mail)), sequence=0, stamp=NOW) for mail in mails[:2])
    assert kept([changed, first]) == {uid: (WEEK, WEEK + timedelta(minutes=45))}


def test_an_invitation_that_was_overtaken_is_not_sent(announced_pair):
    meeting = planned(announced_pair)
    services.change_meeting(meeting=meeting, plan=Plan(WEEK + DAY, 30), by=person(announced_pair, "mentor"), now=NOW)
    sent = outbox(NOW)
    assert {message.subject for message in sent.values()} == {"Changed: your meeting is on Tuesday, February 9"}
    assert set(queued("meeting-planned").values_list("state", "problem")) == {("skipped", "unless:outdated")}


def test_a_mailbox_that_several_people_read_gets_no_entry(announced_pair):
    mentee = person(announced_pair, "mentee")
    mentee.mailbox_is_shared = True
    mentee.save()
    planned(announced_pair)
    message = outbox(NOW)[mentee.email]
    assert (len(message.alternatives), message.attachments) == (1, [])


def test_the_entry_speaks_the_recipients_language(announced_pair):
    mentee = person(announced_pair, "mentee")
    mentee.language = "es"
    mentee.save()
    planned(announced_pair)
    assert str(entry(outbox(NOW)[mentee.email])[2]["SUMMARY"]) == "Reunión"


def test_members_are_reminded_once_on_the_morning_of_the_last_working_day_before(announced_pair):
    planned(announced_pair)
    friday_morning = datetime(2027, 2, 5, 17, 0, tzinfo=UTC)
    remind_of_meetings(friday_morning - timedelta(seconds=1))
    assert queued("meeting-tomorrow").count() == 0
    for _tick in range(2):
        remind_of_meetings(friday_morning)
    assert queued("meeting-tomorrow").count() == 2


def test_whoever_was_invited_since_that_morning_is_not_reminded(announced_pair):
    planned(announced_pair, now=NOW, starts_at=NOW + DAY)
    remind_of_meetings(NOW + HOUR)
    assert queued("meeting-tomorrow").count() == 0


def test_a_reminder_of_a_moved_or_cancelled_meeting_is_not_sent(announced_pair):
    meeting, mentee = planned(announced_pair), person(announced_pair, "mentee")
    morning = datetime(2027, 2, 5, 17, 0, tzinfo=UTC)
    remind_of_meetings(morning)
    delivery = queued("meeting-tomorrow").first()
    assert rule_of("meeting-tomorrow").unless(delivery, morning) == ""
    services.cancel_meeting(meeting=meeting, by=mentee, now=morning)
    assert rule_of("meeting-tomorrow").unless(delivery, morning) == "not-to-come"


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "America/New_York", "Europe/Madrid", "Pacific/Auckland"])
def test_the_reminder_comes_at_nine_by_the_seasons_clocks_on_both_sides_of_a_transition(zone):
    for day in range(360):
        starts_at = datetime(2027, 1, 1, 20, 0, tzinfo=UTC) + day * DAY
        moment = reminder_at(starts_at.astimezone(ZoneInfo(zone)).date(), ZoneInfo(zone))
        assert (moment.hour, moment.minute, moment.weekday() < 5) == (9, 0, True)
        assert timedelta(0) < starts_at - moment < 4 * DAY


def test_the_planner_is_asked_first_and_the_others_a_day_later(announced_pair):
    planned(announced_pair)
    over = WEEK + timedelta(minutes=45)
    ask_whether_they_met(over - timedelta(seconds=1))
    assert queued("did-you-meet").count() == 0
    for moment, whom in ((over, ["mentee"]), (over + HOUR, ["mentee"]), (over + DAY, ["mentee", "mentor"])):
        ask_whether_they_met(moment)
        asked = {row.recipient for row in queued("did-you-meet")}
        assert asked == {person(announced_pair, role) for role in whom}
    assert queued("did-you-meet").count() == 2


def test_nobody_is_asked_once_somebody_has_said(announced_pair):
    meeting = planned(announced_pair)
    over = WEEK + HOUR
    ask_whether_they_met(over)
    services.mark_missed(meeting=meeting, by=person(announced_pair, "mentor"), now=over)
    ask_whether_they_met(over + DAY)
    assert queued("did-you-meet").count() == 1
    assert rule_of("did-you-meet").unless(queued("did-you-meet").get(), over) == "settled"


@pytest.fixture
def link(announced_pair, rf):
    """The address in the mail to the mentee, and the meeting that it is about."""
    meeting = planned(announced_pair)
    outbox(NOW)
    over = WEEK + HOUR
    ask_whether_they_met(over)
    message = outbox(over)[person(announced_pair, "mentee").email]
    (url,) = [line for line in message.body.splitlines() if "/partnerships/log/" in line]
    return meeting, url.partition("8000")[2] if "8000" in url else "/" + url.split("/", 3)[3]


@pytest.fixture
def at(monkeypatch):
    """Set the clock that the views read."""

    def set_to(moment):
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    return set_to


def test_a_scanner_that_opens_the_link_changes_nothing(link, client, at):
    meeting, url = link
    at(WEEK + 2 * HOUR)
    page = client.get(url).content.decode()
    meeting.refresh_from_db()
    assert (meeting.state, 'value="45"' in page, page.count("checked")) == ("planned", True, 2)


def test_two_taps_log_it_and_a_third_takes_it_back(link, client, at):
    meeting, url = link
    at(WEEK + 2 * HOUR)
    members = [str(key) for key in meeting.partnership.memberships.values_list("pk", flat=True)]
    assert client.post(url, {"answer": "held", "minutes": 40, "present": members}).url == url
    meeting.refresh_from_db()
    assert (meeting.state, meeting.minutes, meeting.settled_by) == (
        "held", 40, person(meeting.partnership, "mentee")
    )  # fmt: skip
    assert "Logged: 40\xa0minutes" in client.get(url).content.decode()
    client.post(url, {"answer": "undo"})
    meeting.refresh_from_db()
    assert meeting.state == "planned"
    client.post(url, {"answer": "missed"})
    meeting.refresh_from_db()
    assert meeting.state == "missed"


def test_a_wrong_answer_by_mail_is_shown_again_and_changes_nothing(link, client, at):
    meeting, url = link
    at(WEEK + 2 * HOUR)
    for answer in ({"answer": "held", "minutes": 0}, {"answer": "held", "minutes": "x", "present": "y"}, {}):
        client.post(url, answer)
        meeting.refresh_from_db()
        assert meeting.state == "planned"


def test_the_link_is_for_one_meeting_expires_and_is_kept_as_a_hash(link, client, at):
    meeting, url = link
    secret = url.rstrip("/").rpartition("/")[2]
    assert (len(secret) >= 22, MailToken.objects.filter(secret_hash=secret).exists()) == (True, False)
    assert MailToken.objects.get(purpose="log-meeting").subject_id == meeting.pk
    at(WEEK + HOUR + 15 * DAY)
    assert client.get(url).status_code == client.post(url, {"answer": "held"}).status_code == 404
    assert client.get(reverse("partnerships:log_by_mail", args=["a-guess"])).status_code == 404


def test_the_link_of_somebody_who_left_opens_nothing(link, client, at):
    meeting, url = link
    at(WEEK + 2 * HOUR)
    mentee = person(meeting.partnership, "mentee")
    mentee.is_active = False
    mentee.save()
    assert client.get(url).status_code == 404


def test_the_other_finds_what_was_said_and_no_button(link, client, at):
    meeting, url = link
    at(WEEK + 2 * HOUR)
    services.log_meeting(meeting=meeting, minutes=30, by=person(meeting.partnership, "mentor"), now=WEEK + 2 * HOUR)
    page = client.get(url).content.decode()
    assert ("Logged: 30\xa0minutes" in page, "Undo" in page) == (True, False)
    client.post(url, {"answer": "undo"})
    assert Meeting.objects.get().state == "held"


def test_a_pair_that_never_met_is_reminded_once_after_21_days(coordinator):
    season = SeasonFactory(starts_on=date(2027, 3, 8))
    announced(coordinator, season=season)
    first = datetime(2027, 3, 29, 18, 0, tzinfo=UTC)
    remind_quiet_pairs(first - DAY)
    assert queued("no-first-meeting").count() == 0
    for moment in (first, first + HOUR, first + 30 * DAY):
        remind_quiet_pairs(moment)
    assert queued("no-first-meeting").count() == 2


def test_a_pair_is_reminded_once_for_each_silence_of_35_days(coordinator):
    pair = running(coordinator)
    silence = NOW + 36 * DAY
    for moment in (silence - HOUR, silence, silence + DAY):
        remind_quiet_pairs(moment)
    assert queued("no-recent-meeting").count() == 2
    held(pair, starts_at=silence + 2 * DAY)
    remind_quiet_pairs(silence + 36 * DAY)
    assert queued("no-recent-meeting").count() == 2
    remind_quiet_pairs(silence + 37 * DAY)
    assert queued("no-recent-meeting").count() == 4


def test_a_pair_with_a_meeting_to_come_or_none_any_more_is_left_in_peace(coordinator):
    pair = running(coordinator)
    silence = NOW + 36 * DAY
    planned(pair, starts_at=silence + DAY, now=silence - DAY)
    remind_quiet_pairs(silence)
    assert queued("no-recent-meeting").count() == 0
    services.end_pair(partnership=pair, by=person(pair, "mentee"), now=silence)
    remind_quiet_pairs(silence + 40 * DAY)
    assert queued("no-recent-meeting").count() == 0


def test_a_reminder_of_silence_is_not_sent_to_a_pair_that_met_meanwhile(coordinator):
    pair = running(coordinator)
    silence = NOW + 36 * DAY
    remind_quiet_pairs(silence)
    delivery = queued("no-recent-meeting").first()
    assert rule_of("no-recent-meeting").unless(delivery, silence) == ""
    held(pair, starts_at=silence)
    assert rule_of("no-recent-meeting").unless(delivery, silence + HOUR) == "met"


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_message_has_a_sample_about_nobody(coordinator, rule, language):
    pair = running(coordinator)
    sample = previews.preview(rule_of(rule), language)
    assert ("Rosa" in sample.text, f'lang="{language}"' in sample.html) == (True, True)
    assert not [who for who in ("mentor", "mentee") if person(pair, who).family_name in sample.text]
