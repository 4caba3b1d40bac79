"""A season's switch and days count for every reminder: off queues nothing, other days move the moment."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from mentorship.applications.models import Invitation
from mentorship.applications.services import start_application
from mentorship.partnerships.services import ANSWER_DAYS
from mentorship.reminders import registry
from mentorship.reminders.models import Delivery
from mentorship.reminders.registry import rule_of
from mentorship.reminders.season_rules import Choice, change_rules
from tests.factories import NOW, GoalFactory, PathFactory, ResourceFactory, SeasonFactory, UserFactory
from tests.learning.conftest import pair_in, running_season
from tests.partnerships import cast, running
from tests.surveys.cast import opened

pytestmark = pytest.mark.django_db
PACIFIC = ZoneInfo("America/Los_Angeles")
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
# What becomes due so many days before or after something: the season, and the moment at which it is due first.
Scene = tuple[Any, Callable[[int], datetime]]


def local(month: int, day: int, hour: int = 0) -> datetime:
    return datetime(2027, month, day, hour, tzinfo=PACIFIC)


def on_the_clock(moment: datetime, days: int) -> datetime:
    """So many days later at the same hour of the season's clock, also over the change to summer time."""
    return moment.astimezone(PACIFIC) + days * DAY


def applying() -> Any:
    season = SeasonFactory(opens_on=date(2027, 1, 4), closes_on=date(2027, 2, 12), published_at=local(1, 2))
    season.goals.set([GoalFactory() for _ in range(4)])
    return season


def begun(coordinator: Any) -> Scene:
    season = applying()
    start_application(season=season, applicant=UserFactory(), role="mentee", now=local(1, 4, 9))
    return season, lambda days: local(1, 4 + days)


def closing(coordinator: Any) -> Scene:
    season, _due = begun(coordinator)
    return season, lambda days: local(2, 12 - days)


def invited(coordinator: Any) -> Scene:
    season = applying()
    Invitation.objects.create(
        season=season, person=UserFactory(), role="mentor", invited_by=coordinator, invited_at=local(1, 4)
    )
    return season, lambda days: local(2, 12 - days)


def mentor_asked(coordinator: Any) -> Scene:
    pair = cast.asked(coordinator)
    return pair.season, lambda days: pair.answer_due - (ANSWER_DAYS - days) * DAY


def never_met(coordinator: Any) -> Scene:
    pair = cast.announced(coordinator, season=SeasonFactory(starts_on=date(2027, 3, 8)))
    return pair.season, lambda days: local(3, 8) + days * DAY


def gone_quiet(coordinator: Any) -> Scene:
    pair = cast.running(coordinator)
    return pair.season, lambda days: on_the_clock(pair.last_met_at, days)


def told(coordinator: Any) -> Scene:
    pair = running.told_pair(told=local(3, 4, 10))
    return pair.season, lambda days: on_the_clock(pair.announced_at, days)


def checked_in(coordinator: Any) -> Scene:
    check_in = running.asked(running.told_pair())
    return check_in.membership.season, lambda days: on_the_clock(check_in.asked_at, days)


def untrained(coordinator: Any) -> Scene:
    ResourceFactory(slug="first")
    PathFactory(role="mentor", steps=["first"])
    season = running_season(announced_at=NOW - 40 * DAY)
    pair_in(season, announced_at=NOW - 40 * DAY)
    return season, lambda days: local(1, 25 - days)


def surveyed(coordinator: Any) -> Scene:
    return opened(coordinator).season, lambda days: NOW + days * DAY


def meeting_to_come(coordinator: Any) -> Scene:
    pair = cast.announced(coordinator)
    cast.planned(pair)  # on Monday, 8 February
    return pair.season, lambda days: local(2, 5, 9)


def meeting_over(coordinator: Any) -> Scene:
    pair = cast.announced(coordinator)
    cast.planned(pair, minutes=45)
    return pair.season, lambda days: NOW + 7 * DAY + 45 * MINUTE


SCENES: dict[str, Callable[[Any], Scene]] = {
    "application-idle": begun,
    "application-closing": closing,
    "invitation-closing": invited,
    "mentor-asked-again": mentor_asked,
    "no-first-meeting": never_met,
    "no-recent-meeting": gone_quiet,
    "check-in": told,
    "check-in-again": checked_in,
    "training-not-begun": untrained,
    "survey-reminder": surveyed,
    "meeting-tomorrow": meeting_to_come,
    "did-you-meet": meeting_over,
}
WITH_DAYS = [key for key in SCENES if key not in {"meeting-tomorrow", "did-you-meet"}]


def queued(key: str, now: datetime) -> bool:
    """Whether anything of this message is in the outbox once the clock has come to `now`."""
    for source in registry.due_sources():
        source(now)
    return Delivery.objects.filter(rule=key).exists()


def choose(key: str, season: Any, *, on: bool = True, days: int | None = None) -> None:
    change_rules(season_id=season.pk, changes=[Choice(key, on, days)], by=None, now=NOW)


def test_every_reminder_of_a_season_has_its_scene():
    rules = registry.season_rules()
    assert {rule.key for rule in rules if rule.days is not None} == set(WITH_DAYS)
    # An invitation is queued by whoever invites; the sender asks whether its season sends it.
    assert {rule.key for rule in rules if not rule.essential} - {"invitation-to-apply"} == set(SCENES)


@pytest.mark.parametrize("key", SCENES)
def test_it_is_queued_on_its_usual_day_and_not_a_minute_earlier(key, coordinator):
    _season, due = SCENES[key](coordinator)
    moment = due(rule_of(key).days or 0)
    assert [queued(key, now) for now in (moment - MINUTE, moment)] == [False, True]


@pytest.mark.parametrize("key", SCENES)
def test_switched_off_it_is_not_queued_in_that_season_alone(key, coordinator):
    season, due = SCENES[key](coordinator)
    moment = due(rule_of(key).days or 0)
    choose(key, SeasonFactory(), on=True, days=1)
    choose(key, season, on=False, days=rule_of(key).days)
    assert queued(key, moment) is False
    choose(key, season, on=True, days=rule_of(key).days)
    # What is asked on the first page was asked without a mail, which isn't made up for.
    assert queued(key, moment) is (key != "check-in")


@pytest.mark.parametrize("key", WITH_DAYS)
def test_twice_the_days_move_the_moment(key, coordinator):
    season, due = SCENES[key](coordinator)
    rule = rule_of(key)
    assert rule.days is not None
    days = min(2 * rule.days, rule.most_days)
    assert days > rule.days
    choose(key, season, days=days)
    assert [queued(key, now) for now in (due(days) - MINUTE, due(days))] == [False, True]


@pytest.mark.parametrize("key", WITH_DAYS)
def test_its_words_say_the_days(key):
    rule = rule_of(key)
    assert [str(days) in rule.when(days).split() for days in (1, 2, 13)] == [True, True, True]
