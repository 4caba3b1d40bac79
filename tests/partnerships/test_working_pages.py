"""The pair's page as a place to work: one next thing at a time, and each screen behind it."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from mentorship.partnerships import services
from mentorship.partnerships.meeting_words import met_words
from mentorship.partnerships.models import ChangeWish, HourCorrection, Meeting, Partnership, PrivateNote, SharedNote
from mentorship.partnerships.steps import steps_of
from mentorship.seasons.phases import meetings_end_at
from tests.factories import NOW, MenteeFactory, PartnershipFactory, ResourceFactory
from tests.partnerships.cast import announced, held, person, planned, running

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WEEK = NOW + 7 * DAY


@pytest.fixture
def at(monkeypatch):
    """Set the clock that the views read; sessions live by the real one."""

    def set_to(moment):
        for name in ("pair", "meetings", "writings", "parting", "calendars", "by_mail"):
            monkeypatch.setattr(f"mentorship.partnerships.views.{name}.timezone.now", lambda: moment)

    return set_to


def url(name, *keys):
    return reverse(f"partnerships:{name}", args=keys)


def step(pair, role, now):
    row = Partnership.objects.prefetch_related("memberships").select_related("season").get(pk=pair.pk)
    return steps_of([row], person(pair, role), now)[pair.pk].kind


def test_one_thing_at_a_time_from_the_agreement_to_the_end(coordinator):
    pair = announced(coordinator, agreement_en="We meet monthly.")
    assert (step(pair, "mentee", NOW), step(pair, "mentor", NOW)) == ("agree", "agree")
    services.accept_agreement(partnership=pair, language="en", by=person(pair, "mentee"), now=NOW)
    assert (step(pair, "mentee", NOW), step(pair, "mentor", NOW)) == ("plan-first", "agree")
    meeting = planned(pair)
    assert [step(pair, "mentee", moment) for moment in (NOW, WEEK, WEEK + HOUR)] == ["meet", "meet", "log"]
    services.log_meeting(meeting=meeting, minutes=45, by=person(pair, "mentor"), now=WEEK + HOUR)
    assert step(pair, "mentee", WEEK + HOUR) == "plan-next"
    services.end_pair(partnership=pair, by=person(pair, "mentor"), now=WEEK + DAY)
    assert step(pair, "mentee", WEEK + DAY) == "over"


def test_a_season_without_an_agreement_begins_with_the_first_meeting(coordinator):
    assert step(announced(coordinator), "mentee", NOW) == "plan-first"


def test_the_agreement_is_accepted_and_both_see_it(coordinator, sign_in, at):
    pair = announced(coordinator, agreement_en="We meet **monthly**.")
    at(NOW)
    client = sign_in(person(pair, "mentee"))
    assert "<strong>monthly</strong>" in client.get(url("agreement", pair.pk)).content.decode()
    client.post(url("agreement", pair.pk))
    page = sign_in(person(pair, "mentor")).get(url("detail", pair.pk)).content.decode()
    assert ("Rosa" in page, "accepted on February 1" in page, "not yet accepted" in page) == (True, True, True)


def test_a_meeting_is_planned_changed_and_cancelled_in_the_seasons_zone(coordinator, sign_in, at):
    pair = announced(coordinator)
    at(NOW)
    client = sign_in(person(pair, "mentee"))
    form = {
        "day": "2027-02-09",
        "clock": "10:00",
        "minutes": 30,
        "mode": "in-person",
        "place": "Branch 1",
        "link": "",
    }
    assert client.post(url("plan", pair.pk), form).url == url("detail", pair.pk)
    meeting = Meeting.objects.get()
    assert (meeting.starts_at.isoformat(), meeting.place) == ("2027-02-09T18:00:00+00:00", "Branch 1")
    page = client.get(url("detail", pair.pk)).content.decode()
    assert ("Tuesday, February 9, 10 a.m." in page, "Branch 1" in page) == (True, True)
    client.post(url("change", pair.pk, meeting.pk), {**form, "clock": "11:30"})
    meeting.refresh_from_db()
    assert (meeting.starts_at.hour, meeting.starts_at.minute, meeting.sequence) == (19, 30, 1)
    client.post(url("cancel", pair.pk, meeting.pk))
    meeting.refresh_from_db()
    assert meeting.state == "cancelled"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"day": "2027-02-01", "clock": "09:00"}, "day"),
        ({"day": "2027-12-01"}, "day"),
        ({"day": "2027-03-14", "clock": "02:30"}, "clock"),
        ({"minutes": 0}, "minutes"),
        ({"mode": "carrier-pigeon"}, "mode"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"day": ""}, "day"),
    ],
)
def test_a_plan_that_can_not_be_is_shown_again_with_the_reason(coordinator, sign_in, at, changes, field):
    pair = announced(coordinator)
    at(NOW)
    form = {"day": "2027-02-09", "clock": "10:00", "minutes": 30, "mode": "video", "place": "", "link": "", **changes}
    response = sign_in(person(pair, "mentee")).post(url("plan", pair.pk), form)
    assert (response.status_code, list(response.context["form"].errors)) == (200, [field])
    assert Meeting.objects.count() == 0


def test_a_planned_meeting_is_logged_undone_and_missed(coordinator, sign_in, at):
    meeting = planned(announced(coordinator))
    pair = meeting.partnership
    at(WEEK + HOUR)
    client = sign_in(person(pair, "mentor"))
    members = [str(key) for key in pair.memberships.values_list("pk", flat=True)]
    here = (pair.pk, meeting.pk)
    client.post(url("log", *here), {"answer": "held", "minutes": 50, "present": members[:1]})
    meeting.refresh_from_db()
    assert (meeting.state, meeting.minutes, meeting.attendances.filter(present=True).count()) == ("held", 50, 1)
    assert "Undo" in client.get(url("meeting", *here)).content.decode()
    client.post(url("undo", *here))
    client.post(url("log", *here), {"answer": "missed"})
    meeting.refresh_from_db()
    assert meeting.state == "missed"


def test_an_unplanned_meeting_takes_one_short_form_with_all_ticked(coordinator, sign_in, at):
    pair = announced(coordinator)
    at(NOW + 2 * DAY)
    client = sign_in(person(pair, "mentee"))
    page = client.get(url("log_unplanned", pair.pk)).content.decode()
    assert page.count("checked") == 3  # both members and the way to meet
    members = [str(key) for key in pair.memberships.values_list("pk", flat=True)]
    form = {"day": "2027-02-02", "minutes": 45, "mode": "phone", "present": members}
    client.post(url("log_unplanned", pair.pk), form)
    meeting = Meeting.objects.get()
    assert (meeting.state, meeting.planned, meeting.starts_at.isoformat()) == (
        "held",
        False,
        "2027-02-02T20:00:00+00:00",
    )
    for day in ("2027-01-31", "2027-02-04"):
        response = client.post(url("log_unplanned", pair.pk), {**form, "day": day})
        assert list(response.context["form"].errors) == ["day"]


def test_something_is_put_right_with_a_reason(coordinator, sign_in, at):
    pair = running(coordinator)
    meeting = Meeting.objects.get()
    at(NOW + 2 * DAY)
    client = sign_in(person(pair, "mentor"))
    here = (pair.pk, meeting.pk)
    members = [str(key) for key in pair.memberships.values_list("pk", flat=True)]
    form = {"took_place": "yes", "minutes": 90, "present": members, "reason": ""}
    assert list(client.post(url("correct", *here), form).context["form"].errors) == ["reason"]
    client.post(url("correct", *here), {**form, "reason": "We stayed longer"})
    assert HourCorrection.objects.get().after_minutes == 90
    assert "We stayed longer" in client.get(url("meeting", *here)).content.decode()
    client.post(url("correct", *here), {"took_place": "no", "reason": "It was the other week"})
    meeting.refresh_from_db()
    assert meeting.state == "missed"


def test_goals_come_from_the_application_and_from_own_words(coordinator, sign_in, at):
    pair = announced(coordinator)
    at(NOW)
    client = sign_in(person(pair, "mentor"))
    client.post(url("goals", pair.pk), {"do": "take"})
    client.post(url("goals", pair.pk), {"do": "add", "goal": "own", "words": "Run a story time"})
    goals = list(pair.goals.all())
    assert [goal.title for goal in goals] == ["Supervising", "Run a story time"]
    progress = {f"goal-{goal.pk}": "under-way" for goal in goals}
    client.post(url("goals", pair.pk), progress)
    assert {goal.progress for goal in pair.goals.all()} == {"under-way"}
    client.post(url("remove_goal", pair.pk, goals[0].pk))
    assert [goal.title for goal in pair.goals.all()] == ["Run a story time"]
    response = client.post(url("goals", pair.pk), {"do": "add", "goal": "own", "words": " "})
    assert list(response.context["more"].errors) == ["words"]


def test_where_no_goal_is_left_to_choose_only_the_words_are_asked_for(coordinator, sign_in, at):
    pair = announced(coordinator)
    at(NOW)
    client = sign_in(person(pair, "mentor"))
    client.post(url("goals", pair.pk), {"do": "take"})
    more = client.get(url("goals", pair.pk)).context["more"]
    assert (more.fields["goal"].widget.is_hidden, more["goal"].value(), more.fields["words"].required) == (
        True, "own", True
    )  # fmt: skip


def test_an_archived_pairs_page_offers_nothing_that_is_refused(coordinator, sign_in, at):
    pair = running(coordinator)
    at(NOW + 2 * DAY)
    client, log = sign_in(person(pair, "mentor")), url("log_unplanned", pair.pk)
    for archived in (None, NOW):
        pair.season.archived_at = archived
        pair.season.save()
        for name in ("detail", "meetings"):
            assert (log in client.get(url(name, pair.pk)).content.decode()) == (archived is None)


def test_notes_reach_those_whom_the_writer_chose(coordinator, sign_in, at):
    pair = running(coordinator)
    at(NOW + 2 * DAY)
    mentee, mentor = sign_in(person(pair, "mentee")), sign_in(person(pair, "mentor"))
    meeting = str(Meeting.objects.get().pk)
    mentee.post(url("notes", pair.pk), {"text": "bring the <b>draft</b>", "readers": "both", "meeting": meeting})
    mentee.post(url("notes", pair.pk), {"text": "ask about pay", "readers": "me", "meeting": ""})
    own, other = (client.get(url("notes", pair.pk)).content.decode() for client in (mentee, mentor))
    assert ("bring the &lt;b&gt;draft" in own, "ask about pay" in own) == (True, True)
    assert ("bring the &lt;b&gt;draft" in other, "ask about pay" in other) == (True, False)
    shared, private = SharedNote.objects.get(), PrivateNote.objects.get()
    for name, note in (("remove_shared", shared), ("remove_private", private)):
        assert mentor.post(url(name, pair.pk, note.pk)).status_code == 404
        assert mentee.post(url(name, pair.pk, note.pk)).status_code == 302
    assert (SharedNote.objects.count(), PrivateNote.objects.count()) == (0, 0)


@pytest.mark.parametrize(("how", "state"), [("reached", "completed-early"), ("ended", "ended")])
def test_it_ends_in_two_steps_and_the_page_stays(coordinator, sign_in, at, how, state):
    pair = running(coordinator)
    at(NOW + 2 * DAY)
    client = sign_in(person(pair, "mentee"))
    client.post(url("ending", pair.pk), {"how": how})
    pair.refresh_from_db()
    assert pair.state == "running"
    client.post(url("ending", pair.pk), {"how": how, "sure": "yes"})
    pair.refresh_from_db()
    assert pair.state == state
    for role in ("mentee", "mentor"):
        page = sign_in(person(pair, role)).get(url("detail", pair.pk))
        assert (page.status_code, "Your time as a pair is over" in page.content.decode()) == (200, True)


def test_a_pair_that_is_over_is_still_found_until_its_season_is_archived(coordinator, sign_in):
    pair = running(coordinator)
    services.end_pair(partnership=pair, by=person(pair, "mentor"), now=NOW + 2 * DAY)
    client = sign_in(person(pair, "mentee"))
    assert client.get(url("mine")).url == url("detail", pair.pk)
    assert "My pair" in client.get("/").content.decode()
    pair.season.archived_at = NOW + 300 * DAY
    pair.season.save()
    assert client.get(url("mine")).status_code == 200
    assert "My pair" not in client.get("/").content.decode()


def sentence(page):
    """What a page says, in one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.content.decode())).split())


def test_home_says_what_came_of_a_pair_that_is_over_until_its_season_is_archived(coordinator, sign_in):
    pair = running(coordinator)
    for day in (9, 16):
        held(pair, starts_at=NOW + day * DAY, minutes=45)
    mentee = sign_in(person(pair, "mentee"))
    assert "You and Sam met" not in sentence(mentee.get("/"))
    services.close_season_pairs(season=pair.season, now=meetings_end_at(pair.season))
    for role, name in (("mentee", "Sam"), ("mentor", "Rosa")):
        home = sign_in(person(pair, role)).get("/")
        assert f"You and {name} met 3 times for 2.5 hours" in sentence(home)
        assert f'href="{url("detail", pair.pk)}">Look back at it</a>' in home.content.decode()
    person_in_spanish = person(pair, "mentee")
    person_in_spanish.language = "es"
    person_in_spanish.save()
    assert "Tú y Sam se reunieron 3 veces, 2,5 horas en total" in sentence(mentee.get("/"))
    pair.season.archived_at = NOW + 300 * DAY
    pair.season.save()
    assert url("detail", pair.pk) not in mentee.get("/").content.decode()


def test_home_does_not_count_meetings_of_a_pair_that_never_met(coordinator, sign_in):
    pair = announced(coordinator)
    services.end_pair(partnership=pair, by=person(pair, "mentor"), now=NOW + DAY)
    home = sentence(sign_in(person(pair, "mentee")).get("/"))
    assert ("You and Sam" in home, "You and Sam met" in home, "your time as a pair was over" in home) == (
        True,
        False,
        True,
    )


def test_home_speaks_of_the_pair_that_goes_on_and_not_of_the_one_before_it(coordinator, sign_in):
    first = running(coordinator)
    mentor = person(first, "mentor")
    services.end_pair(partnership=first, by=mentor, now=NOW + 2 * DAY)
    other = MenteeFactory(season=first.season, applicant__given_name="Ana")
    application = first.memberships.get(role="mentor").application
    PartnershipFactory(season=first.season, state="announced", pair=(other, application), announced_at=NOW + 3 * DAY)
    home = sentence(sign_in(mentor).get("/"))
    assert ("You and Ana" in home, "You and Rosa" in home) == (True, False)


@pytest.mark.parametrize(
    ("meetings", "minutes", "words"),
    [
        (1, 45, "You and Ada met once for 45\xa0minutes"),
        (1, 60, "You and Ada met once for 1\xa0hour"),
        (9, 482, "You and Ada met 9\xa0times for 8\xa0hours"),
        (0, 0, ""),
    ],
)
def test_how_often_and_how_long_one_met_is_a_sentence(meetings, minutes, words):
    assert met_words("Ada", meetings, minutes) == words


def test_the_page_of_a_pair_that_is_over_shows_what_was_and_plans_nothing(coordinator, sign_in, at):
    pair = running(coordinator)
    ResourceFactory(slug="agenda-first", kind="checklist", title_en="The first meeting")
    services.write_note(partnership=pair, text="ask about pay", shared=False, by=person(pair, "mentee"), now=NOW)
    services.add_own_goal(partnership=pair, words="Run a story time", by=person(pair, "mentee"), now=NOW)
    at(NOW + 2 * DAY)
    client = sign_in(person(pair, "mentee"))
    plans = {
        "an agenda": "The first meeting",
        "get help": url("ask_for_help", pair.pk),
        "plan": url("plan", pair.pk),
        "a different match": url("different_match", pair.pk),
        "an end": url("ending", pair.pk),
        "calendar": url("calendar"),
    }

    def offered(name="detail"):
        page = client.get(url(name, pair.pk)).content.decode()
        return {what for what, words in plans.items() if words in page}

    assert offered() == set(plans)
    services.end_pair(partnership=pair, by=person(pair, "mentor"), now=NOW + 2 * DAY)
    for archived in (None, NOW + 300 * DAY):
        pair.season.archived_at = archived
        pair.season.save()
        assert (offered(), offered("meetings"), offered("goals"), offered("notes")) == (set(), set(), set(), set())
        page = sentence(client.get(url("detail", pair.pk)))
        assert "You and Sam met once for 1 hour." in page
    pair.season.archived_at = None
    pair.season.save()
    page = sentence(client.get(url("detail", pair.pk)))
    assert ("Run a story time" in page, "Read your notes" in page, "Sunday" in page or "Tuesday" in page) == (
        True,
        True,
        True,
    )


def test_notes_of_a_pair_that_is_over_are_read_and_deleted_and_no_new_one_is_written(coordinator, sign_in, at):
    pair = running(coordinator)
    services.write_note(partnership=pair, text="ask about pay", shared=False, by=person(pair, "mentee"), now=NOW)
    services.end_pair(partnership=pair, by=person(pair, "mentor"), now=NOW + 2 * DAY)
    at(NOW + 3 * DAY)
    client = sign_in(person(pair, "mentee"))
    page = client.get(url("notes", pair.pk)).content.decode()
    assert ("ask about pay" in page, "<textarea" in page) == (True, False)
    said = client.post(url("notes", pair.pk), {"text": "more", "readers": "both", "meeting": ""}, follow=True)
    assert ("This pair has come to its end" in said.content.decode(), SharedNote.objects.count()) == (True, 0)
    assert "<textarea" not in client.post(url("notes", pair.pk), {"text": ""}).content.decode()
    client.post(url("remove_private", pair.pk, PrivateNote.objects.get().pk))
    assert PrivateNote.objects.count() == 0


def test_an_ended_pair_without_a_meeting_may_log_one_and_plan_none(coordinator, sign_in, at):
    pair = announced(coordinator)
    services.end_pair(partnership=pair, by=person(pair, "mentor"), now=NOW + 2 * DAY)
    at(NOW + 3 * DAY)
    client = sign_in(person(pair, "mentee"))
    page = client.get(url("meetings", pair.pk)).content.decode()
    assert (url("log_unplanned", pair.pk) in page, url("plan", pair.pk) in page) == (True, False)


def test_there_is_one_place_to_add_a_goal(coordinator, sign_in, at):
    pair = announced(coordinator)
    at(NOW)
    client = sign_in(person(pair, "mentor"))

    def places(response):
        page = response.content.decode().partition("<main")[2].partition("</main>")[0]
        return page.count("Add a goal"), page.count('value="add"'), page.count("btn-main"), "<details open" in page

    # The application's goals come first; what else there is to add is folded away.
    start = client.get(url("goals", pair.pk))
    assert (places(start), "Take these over" in start.content.decode()) == ((1, 1, 1, False), True)
    client.post(url("goals", pair.pk), {"do": "take"})
    assert places(client.get(url("goals", pair.pk))) == (1, 1, 1, False)
    wrong = client.post(url("goals", pair.pk), {"do": "add", "goal": "own", "words": ""})
    assert places(wrong)[:3] == (1, 1, 1)
    assert re.search(r'<details class="reveal" open>\s*<summary>[^<]*Add a goal', wrong.content.decode())
    pair.goals.all().delete()
    for member in pair.memberships.all():
        member.application.goals.all().delete()
    assert places(client.get(url("goals", pair.pk))) == (1, 1, 1, False)


def test_a_pair_that_never_met_can_only_be_ended(coordinator, sign_in, at):
    pair = announced(coordinator)
    at(NOW)
    response = sign_in(person(pair, "mentee")).post(url("ending", pair.pk), {"how": "reached", "sure": "yes"})
    pair.refresh_from_db()
    assert (response.status_code, pair.state) == (200, "announced")


def test_the_partner_sees_no_trace_of_a_wish(coordinator, sign_in, at):
    pair = running(coordinator)
    at(NOW + 2 * DAY)
    mentor = sign_in(person(pair, "mentor"))
    pages = [url(name, pair.pk) for name in ("detail", "different_match", "notes", "goals", "meetings")] + ["/"]
    before = [mentor.get(page).content for page in pages]
    mentee = sign_in(person(pair, "mentee"))
    mentee.post(url("different_match", pair.pk))
    assert ChangeWish.objects.open().count() == 1
    after = [mentor.get(page).content for page in pages]
    assert [_without_tokens(page) for page in before] == [_without_tokens(page) for page in after]
    assert "You asked for a different match" in mentee.get(url("detail", pair.pk)).content.decode()
    mentee.post(url("different_match", pair.pk), {"take_back": "yes"})
    assert ChangeWish.objects.open().count() == 0


def _without_tokens(page):
    return [line for line in page.splitlines() if b"csrfmiddlewaretoken" not in line]


def test_a_calendar_address_shows_when_and_nothing_else(coordinator, sign_in, client, at):
    pair = running(coordinator)
    planned(pair, starts_at=NOW + 9 * DAY, link="https://video.example/room")
    at(NOW + 2 * DAY)
    page = sign_in(person(pair, "mentee")).post(url("calendar")).content.decode()
    address = page.partition("<code>")[2].partition("</code>")[0]
    path = "/" + address.split("/", 3)[3]
    response = client.get(path)
    events = Calendar.from_ical(response.content).walk("VEVENT")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert {(str(event["SUMMARY"]), str(event["CLASS"])) for event in events} == {("Meeting", "PRIVATE")}
    assert (len(events), b"room" in response.content, b"Sam" in response.content) == (2, False, False)
    sign_in(person(pair, "mentee")).post(url("calendar"), {"close": "yes"})
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("size", [1, 3, 30])
def test_the_pages_of_a_pair_take_the_same_queries_for_one_meeting_and_for_many(coordinator, sign_in, at, size):
    pair = announced(coordinator)
    for day in range(1, size + 1):
        held(pair, starts_at=NOW + day * DAY)
        services.write_note(partnership=pair, text=f"x {day}", shared=True, by=person(pair, "mentor"), now=NOW)
    at(NOW + 60 * DAY)
    client = sign_in(person(pair, "mentee"))
    client.get("/")
    counted = []
    for name in ("detail", "meetings", "notes", "goals"):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url(name, pair.pk)).status_code == 200
        counted.append(len(queries))
    assert counted == [22, 15, 14, 11]
