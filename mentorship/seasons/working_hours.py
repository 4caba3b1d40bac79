"""When a season may speak to people: its working hours, without the weeks in which reminders rest."""

from datetime import date, datetime, time, timedelta
from typing import Any

from mentorship.reminders.calendars import Calendar
from mentorship.seasons.models import Season
from mentorship.seasons.phases import zone

FIRST_HOUR = time(8, 0)
LAST_HOUR = time(18, 0)


def next_moment(season: Season, now: datetime) -> datetime:
    """Return `now` where it lies in working hours, else the first moment that does.

    Working hours are Monday to Friday, 8:00 to 18:00 in the season's zone, not in a blackout week.
    """
    local = now.astimezone(zone(season))
    resting = {monday_of(day) for day in season.blackout_weeks}
    if _is_workday(local.date(), resting):
        if FIRST_HOUR <= local.time() < LAST_HOUR:
            return now
        if local.time() < FIRST_HOUR:
            return datetime.combine(local.date(), FIRST_HOUR, zone(season))
    day = local.date() + timedelta(days=1)
    while not _is_workday(day, resting):
        day += timedelta(days=1)
    return datetime.combine(day, FIRST_HOUR, zone(season))


def calendar(season_id: Any) -> Calendar | None:
    """Return when a season's messages may go; None where there is no such season."""
    season = Season.objects.filter(pk=season_id).first()
    return season and Calendar(zone(season), lambda now: next_moment(season, now))


def monday_of(day: date) -> date:
    """Return the Monday of the week that `day` is in."""
    return day - timedelta(days=day.weekday())


def _is_workday(day: date, resting: set[date]) -> bool:
    return day.weekday() < 5 and monday_of(day) not in resting
