"""What the members of a pair read of it on their own data: in words, theirs, and nothing of their partner's own."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from mentorship.partnerships import services
from mentorship.partnerships.checkins.services import answer_check_in, write_to_member
from mentorship.partnerships.models import CalendarFeed
from mentorship.records.my_data import copy_of, in_words
from tests.factories import NOW
from tests.partnerships.cast import announced, held, person, planned
from tests.partnerships.running import APRIL, asked, help_case, member, told_pair

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
OF_ONE = {
    "Your check-ins",
    "Your requests for help",
    "What was written about them",
    "What coordinators wrote to you",
    "Wishes for a different match",
    "Notes for yourself",
}


def holdings(who):
    return {holding.title: holding for part in in_words(who) for holding in part.holdings}


def told(who, title):
    return [(fact.label, fact.lines) for record in holdings(who)[title].records for fact in record]


def everything(who):
    """All that somebody reads on the page and takes away in the copy."""
    facts = [fact for holding in holdings(who).values() for record in holding.records for fact in record]
    lines = [line for fact in facts for line in (fact.label, *fact.lines)]
    return "\n".join([*lines, str(copy_of(who))])


@pytest.fixture
def pair(coordinator):
    return announced(coordinator, agreement_en="# How we work\n\nWe meet **monthly** & talk.")


def raise_everything(pair, coordinator):
    """Whatever one member can say that their partner never learns of."""
    mentee = member(pair).person
    check_in = asked(pair)
    answer_check_in(check_in=check_in, going=1, fit="", wants_call=True, note="Heavy silence", by=mentee, now=APRIL)
    write_to_member(membership=member(pair), words="May I call you?", by=coordinator, now=APRIL)
    help_case(pair, words="Sharp words")
    services.wish_change(partnership=pair, by=mentee, now=APRIL)
    services.write_note(partnership=pair, text="Ask elsewhere", shared=False, by=mentee, now=APRIL)


def test_meetings_are_read_with_who_how_long_and_what_was_put_right(pair):
    mentee, mentor = person(pair, "mentee"), person(pair, "mentor")
    meeting = held(pair, starts_at=NOW, minutes=60)
    services.correct_meeting(
        meeting=meeting, took_place=True, minutes=30, reason="The clock", by=mentor, now=NOW + DAY
    )
    planned(pair, starts_at=NOW + 7 * DAY, place="Reading room", mode="in-person")
    names = f"{mentee} and {mentor}"
    (coming, (when, lines)) = told(mentor, "Your meetings")
    assert coming[1][1:] == ["planned · 45\xa0minutes · In person", "Reading room", f"entered by {mentee}"]
    assert sorted(lines[0].split(" and ")) == sorted(names.split(" and "))
    assert lines[1:] == ["took place · 30\xa0minutes · Video call", f"entered by {mentee} · logged by {mentee}"]
    assert told(mentor, "Meetings that count for you") == [(when, ["you were there"])]
    ((day, corrected),) = told(mentor, "Hours that you put right")
    assert (day, corrected[:3]) == (
        when,
        ["from 60\xa0minutes to 30\xa0minutes", "people who were there: 2 before, 2 now", "The clock"],
    )
    assert "Hours that you put right" not in holdings(mentee)


def test_notes_goals_and_the_agreement_are_read_as_they_were_written(pair):
    mentee, mentor = person(pair, "mentee"), person(pair, "mentor")
    services.write_note(partnership=pair, text="One.\r\n\r\nTwo.", shared=True, by=mentee, now=NOW)
    services.add_own_goal(partnership=pair, words="Run a story time", by=mentee, now=NOW)
    services.accept_agreement(partnership=pair, language="en", by=mentee, now=NOW)
    CalendarFeed.objects.create(person=mentee, secret_hash="secret-hash", made_at=NOW)
    ((label, lines),) = told(mentee, "Notes that you shared")
    assert (label.split(" · ")[0], lines) == (str(mentor), ["One.", "Two."])
    assert told(mentee, "Goals that you added for your meetings") == [
        (str(mentor), ["Run a story time: not started"])
    ]
    accepted = dict(told(mentee, "Agreements that you accepted"))
    assert (accepted["Together with"], accepted["Text"]) == (
        [str(mentor)],
        ["How we work", "We meet monthly & talk."],
    )
    assert [label for label, _lines in told(mentee, "Your calendar address")] == ["Made on"]
    assert "secret-hash" not in everything(mentee)


def test_what_one_member_raises_is_theirs_alone_on_the_page_and_in_the_copy(coordinator):
    pair = told_pair(coordinator)
    words = {"Heavy silence", "May I call you?", "Sharp words", "Ask elsewhere"}
    raise_everything(pair, coordinator)
    read = []
    for role in ("mentee", "mentor"):
        who = member(pair, role).person
        found = everything(who)
        read.append((OF_ONE & set(holdings(who)), {text for text in words if text in found}))
    assert read == [(OF_ONE, words), (set(), set())]
    kinds = {"checkin", "helpcase", "helpmessage", "coordinatormessage", "changewish", "privatenote"}
    copies = [{key.partition(".")[2] for key in copy_of(member(pair, role).person)} for role in ("mentee", "mentor")]
    assert [copy & kinds for copy in copies] == [kinds, set()]


def test_a_check_in_is_read_in_the_readers_language(coordinator):
    pair = told_pair(coordinator)
    raise_everything(pair, coordinator)
    with translation.override("es"):
        read = dict(told(member(pair).person, "Tus seguimientos"))
    assert (read["Mes"], read["Cómo va"], read["Nota"]) == (["abril de 2027"], ["Mal (1 de 5)"], ["Heavy silence"])


def test_the_page_asks_as_often_for_a_long_season_as_for_a_short_one(pair, sign_in):
    mentee = person(pair, "mentee")
    counts = []
    for more in (1, 5):
        for number in range(more):
            at = NOW + timedelta(days=number, hours=more)
            meeting = held(pair, starts_at=at)
            services.correct_meeting(
                meeting=meeting, took_place=True, minutes=20, reason="Shorter", by=mentee, now=at + DAY
            )
            services.add_own_goal(partnership=pair, words=f"Goal {more} {number}", by=mentee, now=NOW)
            for shared in (True, False):
                services.write_note(partnership=pair, text="Note", shared=shared, meeting=meeting, by=mentee, now=NOW)
        client = sign_in(mentee)
        client.get("/my-data/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/my-data/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
