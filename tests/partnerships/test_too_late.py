"""Forms that can only fail aren't shown, and what is sent too late comes back with the reason and what was typed."""

import hashlib
from datetime import timedelta
from html import unescape

import pytest

from mentorship.partnerships import services
from mentorship.partnerships.messages.meetings import LOG_MEETING
from mentorship.partnerships.models import Meeting, PairGoal, SharedNote
from mentorship.reminders.models import MailToken
from tests.factories import NOW
from tests.partnerships.cast import announced, person, planned, running
from tests.partnerships.test_working_pages import at, url

__all__ = ["at"]
pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WEEK = NOW + 7 * DAY
ARCHIVED = "The season is archived"
OVER = "This pair has come to its end"


def archive(pair, moment):
    pair.season.archived_at = moment
    pair.season.save()


def words(response):
    return unescape(response.content.decode())


def test_of_an_archived_season_no_form_of_a_pair_is_shown_and_the_reason_is_the_right_one(coordinator, sign_in, at):
    pair = running(coordinator)
    meeting, logged = planned(pair), Meeting.objects.held().get()
    archive(pair, WEEK)
    at(WEEK + DAY)
    client = sign_in(person(pair, "mentee"))
    for name, *keys in (
        ("plan",),
        ("log_unplanned",),
        ("log", meeting.pk),
        ("correct", logged.pk),
    ):
        said = client.get(url(name, pair.pk, *keys), follow=True)
        assert (said.redirect_chain, ARCHIVED in words(said), OVER in words(said)) == (
            [(url("detail", pair.pk), 302)],
            True,
            False,
        )
    assert "<textarea" not in words(client.get(url("notes", pair.pk)))
    for row in (meeting, logged):
        page = words(client.get(url("meeting", pair.pk, row.pk)))
        assert (url("log", pair.pk, row.pk) in page, url("correct", pair.pk, row.pk) in page) == (False, False)
        assert url("undo", pair.pk, row.pk) not in page


def test_planning_with_a_pair_that_is_over_says_so_instead_of_asking(coordinator, sign_in, at):
    pair = running(coordinator)
    services.end_pair(partnership=pair, by=person(pair, "mentor"), now=NOW + 2 * DAY)
    at(NOW + 3 * DAY)
    said = sign_in(person(pair, "mentee")).get(url("plan", pair.pk), follow=True)
    assert (said.redirect_chain, OVER in words(said)) == ([(url("detail", pair.pk), 302)], True)


PLAN = {"day": "2027-02-09", "clock": "10:00", "minutes": 33, "mode": "video", "link": "", "place": ""}


@pytest.mark.parametrize(
    ("name", "sent", "typed"),
    [
        ("plan", {**PLAN, "link": "https://video.example/ours"}, 'value="https://video.example/ours"'),
        ("change", {**PLAN, "link": "https://video.example/ours"}, 'value="https://video.example/ours"'),
        ("notes", {"text": "All that we said", "readers": "both", "meeting": ""}, "All that we said"),
        ("goals", {"do": "add", "goal": "own", "words": "Run a story time"}, 'value="Run a story time"'),
    ],
)
def test_what_was_typed_while_the_partner_ended_the_pair_comes_back_with_the_reason(
    coordinator, sign_in, at, name, sent, typed
):
    pair = running(coordinator)
    keys = [planned(pair).pk] if name == "change" else []
    services.end_pair(partnership=pair, by=person(pair, "mentor"), now=NOW + 2 * DAY)
    at(NOW + 3 * DAY)
    response = sign_in(person(pair, "mentee")).post(url(name, pair.pk, *keys), sent)
    page = words(response)
    assert (response.status_code, OVER in page, typed in page) == (200, True, True)
    assert (Meeting.objects.planned().count(), SharedNote.objects.count(), PairGoal.objects.count()) == (0, 0, 0)


def test_what_was_typed_while_the_season_was_archived_comes_back_with_the_reason(coordinator, sign_in, at):
    pair = running(coordinator)
    meeting, logged = planned(pair), Meeting.objects.held().get()
    archive(pair, WEEK)
    at(WEEK + HOUR)
    client = sign_in(person(pair, "mentee"))
    there = [str(member.pk) for member in pair.memberships.all()]
    held = {"minutes": 33, "present": there, "answer": "held"}
    for name, keys, sent in (
        ("log", [meeting.pk], held),
        ("log_unplanned", [], {**held, "day": "2027-02-07", "mode": "phone"}),
        ("correct", [logged.pk], {**held, "took_place": "yes", "reason": "Shorter"}),
    ):
        response = client.post(url(name, pair.pk, *keys), sent)
        page = words(response)
        assert (response.status_code, ARCHIVED in page, 'value="33"' in page) == (200, True, True)
    assert Meeting.objects.held().count() == 1


def test_a_double_click_on_a_change_is_not_told_as_a_failure(coordinator, sign_in, at):
    pair = announced(coordinator)
    meeting = planned(pair)
    at(NOW)
    client = sign_in(person(pair, "mentee"))
    for _click in range(2):
        assert client.post(url("change", pair.pk, meeting.pk), PLAN).url == url("meeting", pair.pk, meeting.pk)


def link_for(meeting, role):
    secret = "x" * 32
    MailToken.objects.create(
        person=person(meeting.partnership, role),
        purpose=LOG_MEETING,
        subject_id=meeting.pk,
        secret_hash=hashlib.sha256(secret.encode()).hexdigest(),
        expires_at=WEEK + 7 * DAY,
    )
    return url("log_by_mail", secret)


def test_the_link_of_a_mail_says_that_the_season_is_archived(coordinator, client, at):
    pair = announced(coordinator)
    meeting = planned(pair)
    address = link_for(meeting, "mentee")
    archive(pair, WEEK + HOUR)
    at(WEEK + 2 * HOUR)
    there = [str(member.pk) for member in pair.memberships.all()]
    for response in (
        client.get(address),
        client.post(address, {"answer": "held", "minutes": 45, "present": there}, follow=True),
        client.post(address, {"answer": "missed"}, follow=True),
    ):
        page = words(response)
        assert (response.status_code, ARCHIVED in page, 'name="minutes"' in page) == (200, True, False)
    meeting.refresh_from_db()
    assert meeting.state == "planned"
