"""The reminder of a meeting keeps to the season's wall clock over every change of it, and comes once."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from mentorship.partnerships.messages.meetings import (
    MORNING,
    TOMORROW,
    ask_whether_they_met,
    remind_of_meetings,
    reminder_at,
)
from mentorship.reminders.models import Delivery
from tests.partnerships.cast import announced, planned
from tests.zones import CHANGING, transitions

TEN = time(10)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def days_around(name: str, transition: datetime) -> list[datetime]:
    """Ten in the morning, by the zone's clocks, of the days on which the change can be felt the day before."""
    zone = ZoneInfo(name)
    day = transition.astimezone(zone).date()
    return [datetime.combine(day + n * DAY, TEN, zone).astimezone(UTC) for n in range(-1, 5)]


def test_in_every_zone_it_is_nine_by_the_local_clock_of_the_last_working_day_before():
    looked_at, shifted = 0, 0
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        for transition in transitions(name):
            for starts_at in days_around(name, transition):
                meeting = starts_at.astimezone(zone)
                moment = reminder_at(meeting.date(), zone).astimezone(UTC)
                local = moment.astimezone(zone)
                assert (local.time(), local.weekday() < 5) == (MORNING, True), (name, starts_at)
                days = (meeting.date() - local.date()).days
                assert days == {0: 3, 6: 2}.get(meeting.weekday(), 1)
                looked_at += 1
                # The control: counting hours instead of days on the calendar is wrong where the clock changes.
                shifted += moment != starts_at - days * DAY - HOUR
    assert looked_at > 20_000
    assert shifted > 1_000


@pytest.mark.django_db
@pytest.mark.parametrize("name", CHANGING)
def test_over_a_change_of_the_clock_each_member_is_reminded_once_in_time(coordinator, name):
    zone = ZoneInfo(name)
    # A season of the spring that goes on until then.
    transition = next(moment for moment in transitions(name) if moment >= datetime(2027, 4, 20, tzinfo=UTC))
    planned_on = transition - 10 * DAY
    pair = announced(
        coordinator,
        now=planned_on,
        zone=name,
        ends_on=(transition + 60 * DAY).date(),
        survey_on=(transition + 61 * DAY).date(),
        report_on=(transition + 90 * DAY).date(),
    )
    meeting = planned(pair, starts_at=days_around(name, transition)[2], now=planned_on)
    due = reminder_at(meeting.starts_at.astimezone(zone).date(), zone)
    tick = due - DAY
    while tick < meeting.starts_at + 3 * DAY:
        remind_of_meetings(tick)
        ask_whether_they_met(tick)
        tick += HOUR
    reminded = Delivery.objects.filter(rule=TOMORROW)
    assert sorted(row.made_at.astimezone(zone).time() for row in reminded) == [MORNING, MORNING]
    assert {row.recipient_id for row in reminded} == set(pair.memberships.values_list("person", flat=True))
    asked = Delivery.objects.filter(rule="did-you-meet").order_by("made_at")
    ends_at = meeting.starts_at + timedelta(minutes=meeting.minutes)
    assert [row.made_at - ends_at < HOUR + n * DAY for n, row in enumerate(asked)] == [True, True]
