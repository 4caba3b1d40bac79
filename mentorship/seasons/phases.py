"""In which phase a season is: a pure function of its dates and three moments, meant in the season's own zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mentorship.seasons.models import Season
from mentorship.seasons.states import Phase

CLOSING_HOUR = time(17, 0)

WORDS: dict[Phase, Promise] = {
    Phase.DRAFT: _("Draft"),
    Phase.UPCOMING: _("Opens soon"),
    Phase.APPLYING: _("Applications open"),
    Phase.REVIEWING: _("Under review"),
    Phase.RUNNING: _("Under way"),
    Phase.CLOSING: _("Closing"),
    Phase.CLOSED: _("Closed"),
    Phase.ARCHIVED: _("Archived"),
}


def zone(season: Season) -> ZoneInfo:
    """Return the season's time zone."""
    return ZoneInfo(season.zone)


def today(season: Season, now: datetime) -> date:
    """Return the day that it is in the season's zone."""
    return now.astimezone(zone(season)).date()


def days_before(season: Season, days: int, now: datetime) -> datetime:
    """Return the moment at which, so many days before `now`, the season's clock showed the same time of day."""
    return (now.astimezone(zone(season)) - timedelta(days=days)).astimezone(UTC)


def opens_at(season: Season) -> datetime:
    """Return the moment from which one can apply: the first of the opening day."""
    return datetime.combine(season.opens_on, time.min, zone(season))


def closes_at(season: Season) -> datetime:
    """Return the moment from which one can't apply any more: 17:00 of the closing day."""
    return datetime.combine(season.closes_on, CLOSING_HOUR, zone(season))


def meetings_end_at(season: Season) -> datetime:
    """Return the moment at which the last day of meetings is over."""
    return _day_after(season, season.ends_on)


def phase(season: Season, now: datetime) -> Phase:
    """Return the phase at `now` (aware).

    Matches are announced by a person, never by the clock: a season stays under review until then, however late.
    """
    if _reached(season.archived_at, now):
        return Phase.ARCHIVED
    if not _reached(season.published_at, now):
        return Phase.DRAFT
    if _reached(season.announced_at, now):
        if now < meetings_end_at(season):
            return Phase.RUNNING
        return Phase.CLOSING if now < _day_after(season, season.report_on) else Phase.CLOSED
    if now < opens_at(season):
        return Phase.UPCOMING
    return Phase.APPLYING if now < closes_at(season) else Phase.REVIEWING


def _reached(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment <= now


def _day_after(season: Season, day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, zone(season))
