"""A reminder keeps to its season's hours, blackout weeks and absences, and goes once, whatever the clock does."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from django.core import mail
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from mentorship.people.models import Absence
from mentorship.reminders.calendars import calendar_of
from mentorship.reminders.models import Delivery
from mentorship.reminders.registry import rule_of
from mentorship.reminders.sender import not_before, send_due
from mentorship.reminders.services import queue_delivery
from mentorship.seasons.models import Season
from mentorship.seasons.working_hours import FIRST_HOUR, LAST_HOUR, calendar, next_moment
from tests.factories import SeasonFactory
from tests.reminders.conftest import note  # noqa: F401 - a fixture
from tests.reminders.notes import register_note
from tests.zones import CHANGING, transitions

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_in_every_zone_around_every_transition_it_is_working_time_by_the_local_clock():
    looked_at = 0
    for name in sorted(available_timezones()):
        zone, season = ZoneInfo(name), Season(zone=name)
        for transition in transitions(name):
            for before in (72 * HOUR, 13 * HOUR, HOUR, timedelta(0), -HOUR, -13 * HOUR):
                now = transition - before
                moment = next_moment(season, now)
                local = moment.astimezone(UTC).astimezone(zone)
                assert moment >= now
                assert local.weekday() < 5
                assert FIRST_HOUR <= local.time() < LAST_HOUR
                assert moment == now or local.time() == FIRST_HOUR, (name, now)
                assert next_moment(season, moment.astimezone(UTC)) == moment
                looked_at += 1
    assert looked_at > 10_000


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=some.data())
def test_over_a_transition_a_reminder_is_sent_once_at_its_local_wall_time(note, member, data):  # noqa: F811
    """A message asked for at any hour around the transition: ticks before, at and long after its time."""
    name = data.draw(some.sampled_from(CHANGING))
    transition = data.draw(some.sampled_from(transitions(name)))
    asked = transition + data.draw(some.integers(-100, 30)) * HOUR
    Delivery.objects.all().delete()
    mail.outbox.clear()
    season = SeasonFactory(zone=name)
    note.season_of = lambda delivery: season.pk
    queue_delivery(rule="note", recipient=member, dedupe_key="1", now=asked)
    send_due(now=asked)
    delivery = Delivery.objects.get()
    if delivery.state == "due":
        local = delivery.due_at.astimezone(ZoneInfo(name))
        assert (local.time(), local.weekday() < 5) == (FIRST_HOUR, True)
        send_due(now=delivery.due_at - timedelta(seconds=1))
        assert mail.outbox == []
        send_due(now=delivery.due_at)
    for later in (HOUR, DAY, 7 * DAY, 14 * DAY):
        send_due(now=asked + later)
    assert len(mail.outbox) == 1


@pytest.mark.django_db
class TestHolding:
    """The season's zone is Los Angeles; 1 February 2027 is a Monday."""

    ZONE = ZoneInfo("America/Los_Angeles")

    def at(self, *parts: int) -> datetime:
        return datetime(2027, *parts, tzinfo=self.ZONE)

    def first(self, person, season, now):
        rule_of_season = register_note()
        rule_of_season.season_of = lambda delivery: season.pk
        return not_before(Delivery(rule="note", recipient=person), rule_of("note"), now)

    @pytest.mark.parametrize(
        ("now", "moment"),
        [
            ((2, 1, 12, 0), (2, 1, 12, 0)),
            ((2, 1, 19, 0), (2, 2, 8, 0)),
            ((2, 6, 12, 0), (2, 15, 8, 0)),  # a Saturday before a blackout week
        ],
    )
    def test_it_keeps_to_the_seasons_hours_and_blackout_weeks(self, now, moment, note, member):  # noqa: F811
        season = SeasonFactory(blackout_weeks=[date(2027, 2, 8)])
        assert self.first(member, season, self.at(*now)) == self.at(*moment)

    def test_after_an_absence_it_waits_for_the_weekend_and_a_blackout_week_too(self, note, member):  # noqa: F811
        season = SeasonFactory(blackout_weeks=[date(2027, 2, 8)])
        Absence.objects.create(person=member, first_day=date(2027, 2, 1), last_day=date(2027, 2, 5))
        Absence.objects.create(person=member, first_day=date(2027, 2, 15), last_day=date(2027, 2, 15))
        assert self.first(member, season, self.at(2, 1, 9, 0)) == self.at(2, 16, 8, 0)

    def test_an_absence_is_meant_in_the_seasons_zone(self, note, member):  # noqa: F811
        season = SeasonFactory(zone="Pacific/Auckland")
        Absence.objects.create(person=member, first_day=date(2027, 2, 2), last_day=date(2027, 2, 2))
        monday_in_los_angeles = self.at(2, 1, 12, 0)  # Tuesday 9:00 in Auckland
        wednesday = datetime(2027, 2, 3, 8, 0, tzinfo=ZoneInfo("Pacific/Auckland"))
        assert self.first(member, season, monday_in_los_angeles) == wednesday

    def test_what_is_essential_keeps_to_hours_only_where_its_rule_says_so(self, note, member):  # noqa: F811
        season = SeasonFactory()
        night = self.at(2, 1, 22, 0)
        for in_hours, moment in ((None, night), (True, self.at(2, 2, 8, 0))):
            register_note(essential=True, in_hours=in_hours).season_of = lambda delivery: season.pk
            assert not_before(Delivery(rule="note", recipient=member), rule_of("note"), night) == moment

    def test_a_season_that_is_gone_and_no_season_at_all_hold_nothing_back(self, member):
        season = SeasonFactory()
        night = self.at(2, 1, 22, 0)
        assert calendar_of(season.pk).next_moment(night) == self.at(2, 2, 8, 0)
        season.delete()
        assert calendar(season.pk) is None
        assert calendar_of(season.pk).next_moment(night) == calendar_of(None).next_moment(night) == night
