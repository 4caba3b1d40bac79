"""The reminder to begin: once, a week before the start or a week after it, and not when there is nothing to do."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mentorship.learning.models import Path
from mentorship.learning.reminders import RULE, remind_of_training
from mentorship.people.models import Absence
from mentorship.reminders import previews
from mentorship.reminders.models import Delivery
from mentorship.reminders.registry import rule_of
from mentorship.reminders.rendering import render
from mentorship.reminders.sender import not_before
from tests.factories import NOW, CompletionFactory, MenteeFactory, ResourceFactory
from tests.learning.conftest import House, pair_in, who

pytestmark = pytest.mark.django_db
# The season starts on 25 January 2027 in Los Angeles, where a day begins at 8:00 UTC.
WEEK_BEFORE = datetime(2027, 1, 18, 8, 0, tzinfo=UTC)
WEEK_AFTER = datetime(2027, 2, 1, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def house(house: House) -> House:
    """The pair was told two weeks before the start."""
    told(house.pair, WEEK_BEFORE - timedelta(days=7))
    return house


def told(pair: Any, moment: datetime) -> None:
    pair.announced_at = moment
    pair.save()
    pair.memberships.update(joined_at=moment)


def reminded() -> list[Any]:
    return [row.recipient for row in Delivery.objects.filter(rule=RULE)]


@pytest.mark.parametrize(
    ("moment", "comes"),
    [
        (WEEK_BEFORE - MINUTE, False),
        (WEEK_BEFORE, True),
        (WEEK_BEFORE + timedelta(days=7) - MINUTE, True),
        (WEEK_BEFORE + timedelta(days=7), False),
        (WEEK_AFTER - MINUTE, False),
        (WEEK_AFTER, True),
        (WEEK_AFTER + timedelta(days=7), False),
    ],
)
def test_it_comes_a_week_before_the_start_or_a_week_after_it(house: House, moment: datetime, comes: bool) -> None:
    remind_of_training(moment)
    assert reminded() == ([house.mentor] if comes else [])


def test_each_is_reminded_once_however_often_the_clock_ticks(house: House) -> None:
    for moment in (WEEK_BEFORE, WEEK_BEFORE + MINUTE, WEEK_AFTER, WEEK_AFTER + timedelta(days=1)):
        remind_of_training(moment)
    assert reminded() == [house.mentor]


def test_who_is_told_after_the_first_day_is_reminded_on_the_second(house: House) -> None:
    late = pair_in(house.season, announced_at=WEEK_BEFORE + timedelta(hours=1))
    remind_of_training(WEEK_BEFORE + timedelta(hours=2))
    assert reminded() == [house.mentor]
    remind_of_training(WEEK_AFTER)
    assert set(reminded()) == {house.mentor, who(late, "mentor")}


@pytest.mark.parametrize("reason", ["begun", "left", "no path", "archived", "deactivated"])
def test_nobody_is_reminded_who_has_nothing_to_do(house: House, reason: str) -> None:
    if reason == "begun":
        CompletionFactory(person=house.mentor, season=house.season, resource=house.first)
    elif reason == "left":
        house.pair.memberships.update(active=False)
    elif reason == "no path":
        Path.objects.all().delete()
    elif reason == "archived":
        type(house.season).objects.filter(pk=house.season.pk).update(archived_at=WEEK_BEFORE)
    else:
        type(house.mentor).objects.filter(pk=house.mentor.pk).update(is_active=False)
    remind_of_training(WEEK_BEFORE)
    assert reminded() == []


def test_a_text_of_another_season_or_off_the_path_is_no_beginning(house: House) -> None:
    CompletionFactory(person=house.mentor, resource=house.first)
    CompletionFactory(person=house.mentor, season=house.season, resource=ResourceFactory(slug="extra"))
    remind_of_training(WEEK_BEFORE)
    assert reminded() == [house.mentor]


def test_who_waits_for_a_match_and_was_told_is_reminded_too(house: House) -> None:
    type(house.season).objects.filter(pk=house.season.pk).update(announced_at=None)
    waiting = MenteeFactory(season=house.season, released_at=WEEK_BEFORE - timedelta(days=1)).applicant
    MenteeFactory(season=house.season, released_at=None)
    Path.objects.update(role="mentee")
    remind_of_training(WEEK_BEFORE)
    assert reminded() == [house.mentee, waiting] or reminded() == [waiting, house.mentee]


@pytest.fixture
def delivery(house: House) -> Delivery:
    remind_of_training(WEEK_BEFORE)
    return Delivery.objects.get(rule=RULE)


def test_it_looks_again_when_it_is_sent(house: House, delivery: Delivery) -> None:
    unless = rule_of(RULE).unless
    assert unless(delivery, WEEK_BEFORE) == ""
    CompletionFactory(person=house.mentor, season=house.season, resource=house.second)
    assert unless(delivery, WEEK_BEFORE) == "begun"


def test_it_is_not_sent_to_whoever_left_nor_weeks_late_nor_after_the_season(house: House, delivery: Delivery) -> None:
    unless = rule_of(RULE).unless
    assert unless(delivery, WEEK_AFTER + timedelta(days=15)) == "too-late"
    assert unless(delivery, NOW + timedelta(days=300)) == "season-over"
    house.pair.memberships.update(active=False)
    assert unless(delivery, WEEK_BEFORE) == "takes-no-part"


def test_it_can_be_refused_and_waits_for_working_hours_and_absences(house: House, delivery: Delivery) -> None:
    rule = rule_of(RULE)
    assert rule.essential is False
    assert not_before(delivery, rule, WEEK_BEFORE) == WEEK_BEFORE + timedelta(hours=8)
    Absence.objects.create(
        person=house.mentor, first_day=WEEK_BEFORE.date(), last_day=WEEK_BEFORE.date() + timedelta(days=2)
    )
    assert not_before(delivery, rule, WEEK_BEFORE + timedelta(hours=10)) >= WEEK_BEFORE + timedelta(days=3)


@pytest.mark.parametrize(
    ("language", "title", "subject"),
    [("en", "Where to begin", "8 minutes to get ready"), ("es", "Por dónde empezar", "8 minutos para prepararte")],
)
def test_it_names_the_next_text_and_leads_to_it(
    house: House, delivery: Delivery, language: str, title: str, subject: str
) -> None:
    delivery.recipient.language = language
    mail = render(delivery)
    assert mail.subject == subject
    for text in (title, "/learn/first/"):
        assert (text in mail.text, text in mail.html) == (True, True)


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_sample_is_about_nobody(house: House, delivery: Delivery, language: str) -> None:
    shown = previews.preview(rule_of(RULE), language)
    assert shown is not None
    assert (house.mentor.get_short_name() in shown.text, "Sam" in shown.text) == (False, True)


def test_the_tick_asks_no_more_often_where_more_pairs_run(house: House) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            remind_of_training(WEEK_BEFORE)
        return len(queries)

    before = asked()
    for _ in range(5):
        told(pair_in(house.season), WEEK_BEFORE - timedelta(days=7))
    assert (asked(), len(reminded())) == (before, 6)
    with CaptureQueriesContext(connection) as quiet:
        remind_of_training(WEEK_BEFORE - timedelta(days=60))
    assert len(quiet) == 1
