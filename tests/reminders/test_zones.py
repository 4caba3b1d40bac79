"""Days that a reminder waits are days of its season's calendar: it comes once, at the hour of what it follows.

That hours of work keep to the local clock is in `tests/seasons/test_holding.py`, the reminder of a meeting in
`tests/partnerships/test_zones.py`.
"""

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from django.db import connection
from django.db.models import DateTimeField, ExpressionWrapper, Value

from mentorship.partnerships.checkins.asking import LAST_DAY_TO_ASK, ask_due, chase_due, month_ends_at, month_of
from mentorship.partnerships.messages import remind_mentors
from mentorship.partnerships.messages.meetings import ask_whether_they_met
from mentorship.partnerships.messages.quiet import remind_quiet_pairs
from mentorship.partnerships.models import CheckIn, Partnership
from mentorship.reminders import season_rules
from mentorship.reminders.models import Delivery, SeasonRule
from mentorship.reminders.registry import DueSource
from mentorship.reminders.season_rules import day_of, shifted
from mentorship.seasons.models import Season
from surveys.messages import remind
from surveys.models import Ticket, Wave
from tests.factories import NOW, MenteeFactory, MentorFactory, PartnershipFactory, SeasonFactory
from tests.partnerships.cast import planned
from tests.surveys.cast import questions
from tests.zones import CHANGING, different, transitions

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TEN = time(10)


@pytest.mark.django_db
def test_every_zone_that_a_season_may_have_is_known_to_the_database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_timezone_names")
        known = {name for (name,) in cursor.fetchall()}
    assert {name for name in available_timezones() if "/" in name} - known == set()


def clock_of_the_database(zone: ZoneInfo, moment: datetime) -> datetime:
    """What the database's clock shows: the rules of a country that has just changed them may be new to it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT timezone(%s, %s::timestamptz)", [zone.key, moment])
        (local,) = cursor.fetchone()
    return local


def agree(zone: ZoneInfo, *moments: datetime) -> bool:
    return all(
        clock_of_the_database(zone, moment) == moment.astimezone(zone).replace(tzinfo=None) for moment in moments
    )


def readings(zone: ZoneInfo, local: datetime) -> set[datetime]:
    """The moments that a clock's time may mean: two where it is shown twice, or never."""
    return {local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}


@pytest.mark.django_db
def test_in_every_zone_a_wait_keeps_its_time_of_day_over_every_change_of_the_clock():
    at: dict[datetime, set[str]] = defaultdict(set)
    for name in different():
        for transition in transitions(name):
            at[transition].add(name)
    Season.objects.bulk_create(SeasonFactory.build(zone=name) for name in different())
    looked_at, by_hours, new_rules = 0, 0, 0
    for transition, names in at.items():
        for now, wait in (
            (transition + HOUR, 2 * DAY),
            (transition + 3 * DAY, 21 * DAY),
            (transition - HOUR, -5 * DAY),
        ):
            since = shifted(now, Value(-wait), "zone")
            for name, moment, day in Season.objects.filter(zone__in=names).values_list(
                "zone", since, day_of(since, "zone")
            ):
                zone = ZoneInfo(name)
                local = now.astimezone(zone).replace(tzinfo=None) - wait
                if moment not in readings(zone, local):
                    assert not agree(zone, now, moment, *readings(zone, local)), (name, now, wait)
                    new_rules += 1
                    continue
                assert day == moment.astimezone(zone).date()
                looked_at += 1
                # The control: days of 24 hours are something else.
                by_hours += moment == now - wait
    assert looked_at > 1_500
    assert by_hours < looked_at / 10
    assert new_rules < looked_at / 20


def test_in_every_zone_each_month_begins_once_and_ends_where_the_next_begins():
    looked_at = 0
    for name in different():
        season = Season(zone=name)
        for number in range(11 * 12):
            month, following = (date(2026 + n // 12, 1 + n % 12, 1) for n in (number, number + 1))
            ends = month_ends_at(season, month).astimezone(UTC)
            assert (month_of(season, ends - timedelta(minutes=1)), month_of(season, ends)) == (month, following), name
            looked_at += 1
    assert looked_at > 8_000


class Under:
    """A pair of a season in `name`'s zone, told at ten o'clock four days before the clock is changed there."""

    def __init__(self, name: str) -> None:
        self.zone = ZoneInfo(name)
        changes = [moment for moment in transitions(name) if self.is_fit(moment)]
        if not changes:
            pytest.skip(f"{name} has new rules, which this database doesn't know yet")
        self.change = changes[0]
        self.day = (self.change.astimezone(self.zone) - timedelta(minutes=1)).date()
        self.begun = self.at_ten(-4)
        first = self.begun.astimezone(self.zone).date()
        self.season = SeasonFactory(
            zone=name,
            opens_on=first - 60 * DAY,
            closes_on=first - 40 * DAY,
            matches_on=first - 30 * DAY,
            starts_on=first - 20 * DAY,
            ends_on=first + 150 * DAY,
            survey_on=first + 151 * DAY,
            report_on=first + 180 * DAY,
            published_at=self.begun - 90 * DAY,
            announced_at=self.begun,
        )
        self.pair = PartnershipFactory(
            season=self.season,
            state="announced",
            announced_at=self.begun,
            pair=(MenteeFactory(season=self.season), MentorFactory(season=self.season)),
        )

    def is_fit(self, change: datetime) -> bool:
        """Not sooner than anybody applied, and known to the database too."""
        return change > NOW and agree(self.zone, change - 5 * DAY, change + 4 * DAY, change + 32 * DAY)

    def at_ten(self, days: int) -> datetime:
        """Ten o'clock, so many days after the day on which the clock is changed."""
        return datetime.combine(self.day + days * DAY, TEN, self.zone).astimezone(UTC)

    def waits(self, rule: str, days: int) -> None:
        SeasonRule.objects.create(rule=rule, season_id=self.season.pk, days=days)

    def set(self, **fields: Any) -> None:
        Partnership.objects.filter(pk=self.pair.pk).update(**fields)

    def said(self, rule: str, source: DueSource, due: datetime) -> list[str]:
        """To whom, by role, it is said exactly at `due` in ticks around it, and which else there were."""
        for now in (*(due + n * HOUR / 2 for n in range(-6, 7)), *(due + n * DAY / 2 for n in range(1, 8))):
            source(now)
        roles = dict(self.pair.memberships.values_list("person", "role"))
        rows = Delivery.objects.filter(rule=rule, made_at__gt=due - DAY / 2)
        return sorted(
            roles[row.recipient_id] if row.made_at == due else f"{roles[row.recipient_id]} at {row.made_at}"
            for row in rows
        )


BOTH = ["mentee", "mentor"]


@pytest.fixture(params=CHANGING)
def under(request: Any, db: None) -> Under:
    return Under(request.param)


def test_a_pair_that_never_met_is_reminded_after_21_days(under):
    assert under.said("no-first-meeting", remind_quiet_pairs, under.at_ten(17)) == BOTH


def test_a_pair_that_went_quiet_is_reminded_after_35_days(under):
    under.set(state="running", last_met_at=under.begun)
    assert under.said("no-recent-meeting", remind_quiet_pairs, under.at_ten(31)) == BOTH


def test_the_question_of_the_month_comes_after_the_days_to_settle(under):
    # The next day on which there is still time to ask.
    days = next(n for n in range(1, 15) if (under.day + n * DAY).day <= LAST_DAY_TO_ASK)
    under.waits("check-in", 4 + days)
    assert under.said("check-in", ask_due, under.at_ten(days)) == BOTH


def test_it_is_asked_once_more_after_a_week(under):
    due = under.at_ten(3)
    CheckIn.objects.bulk_create(
        CheckIn(membership=member, month=month_of(under.season, due), asked_at=under.begun)
        for member in under.pair.memberships.all()
    )
    assert under.said("check-in-again", chase_due, due) == BOTH


def test_a_mentor_is_asked_again_two_days_before_the_last(under):
    under.set(state="asked", asked_at=under.begun, answer_due=under.at_ten(1))
    assert under.said("mentor-asked-again", remind_mentors, under.at_ten(-1)) == ["mentor"]


def test_the_other_is_asked_whether_they_met_a_day_after_whoever_planned_it(under):
    meeting = planned(under.pair, starts_at=under.at_ten(-1) - HOUR, minutes=60, now=under.begun)
    ask_whether_they_met(under.at_ten(-1))
    assert [row.recipient for row in Delivery.objects.filter(rule="did-you-meet")] == [meeting.made_by]
    assert under.said("did-you-meet", ask_whether_they_met, under.at_ten(0)) == ["mentor"]


def test_a_survey_is_called_to_mind_after_7_14_and_21_days(under):
    wave = Wave.objects.create(
        season=under.season,
        questionnaire=questions(),
        state="open",
        opened_at=under.begun,
        closes_at=under.begun + 28 * DAY,
    )
    Ticket.objects.bulk_create(
        Ticket(wave=wave, person_id=person) for person in under.pair.memberships.values_list("person", flat=True)
    )
    for days in (3, 10, 17):
        assert under.said("survey-reminder", remind, under.at_ten(days)) == BOTH


def test_control_days_of_24_hours_are_noticed(under, monkeypatch):
    monkeypatch.setattr(
        season_rules, "shifted", lambda now, by, zone: ExpressionWrapper(Value(now) + by, DateTimeField())
    )
    early_or_late = under.said("no-first-meeting", remind_quiet_pairs, under.at_ten(17))
    assert [words[: len(role)] for words, role in zip(early_or_late, BOTH, strict=True)] == BOTH
    assert early_or_late != BOTH
