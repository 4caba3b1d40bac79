"""Phases: a pure function of a season's dates and moments, in the season's zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mentorship.seasons.models import Season
from mentorship.seasons.phases import closes_at, meetings_end_at, opens_at, phase, today
from mentorship.seasons.states import PHASES, Phase
from tests.factories import SeasonFactory

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
PACIFIC = ZoneInfo("America/Los_Angeles")


def season(**values: object) -> Season:
    """Applications 18 January to 12 February 2027, meetings 8 March to 31 August, report 1 October; not saved."""
    built: Season = SeasonFactory.build(published_at=LONG_AGO, **values)
    return built


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=PACIFIC)  # type: ignore[misc, arg-type]


BEFORE_MATCHES = [
    (local(2027, 1, 17, 23, 59, 59), Phase.UPCOMING),
    (local(2027, 1, 18, 0, 0), Phase.APPLYING),
    (local(2027, 2, 12, 16, 59, 59), Phase.APPLYING),
    (local(2027, 2, 12, 17, 0), Phase.REVIEWING),
    (local(2027, 3, 8, 12, 0), Phase.REVIEWING),
    (local(2028, 1, 1, 12, 0), Phase.REVIEWING),
]
AFTER_MATCHES = [
    (local(2027, 3, 1, 9, 0), Phase.RUNNING),
    (local(2027, 8, 31, 23, 59, 59), Phase.RUNNING),
    (local(2027, 9, 1, 0, 0), Phase.CLOSING),
    (local(2027, 10, 1, 23, 59, 59), Phase.CLOSING),
    (local(2027, 10, 2, 0, 0), Phase.CLOSED),
]


@pytest.mark.parametrize(("now", "expected"), BEFORE_MATCHES)
def test_a_published_season_follows_its_dates_until_matches_are_announced(now: datetime, expected: Phase) -> None:
    assert phase(season(), now) == expected
    assert phase(season(), now.astimezone(UTC)) == expected


@pytest.mark.parametrize(("now", "expected"), AFTER_MATCHES)
def test_an_announced_season_runs_closes_and_is_closed(now: datetime, expected: Phase) -> None:
    assert phase(season(announced_at=local(2027, 3, 1, 9, 0)), now) == expected


@pytest.mark.parametrize(("now", "_expected"), BEFORE_MATCHES + AFTER_MATCHES)
def test_without_publication_it_is_a_draft_whatever_the_day(now: datetime, _expected: Phase) -> None:
    draft = season(announced_at=None)
    draft.published_at = None
    assert phase(draft, now) == Phase.DRAFT


@pytest.mark.parametrize(("now", "_expected"), BEFORE_MATCHES + AFTER_MATCHES)
def test_once_archived_it_stays_archived_whatever_the_day(now: datetime, _expected: Phase) -> None:
    assert phase(season(archived_at=LONG_AGO), now) == Phase.ARCHIVED


def test_moments_count_from_when_they_happen() -> None:
    moment = local(2027, 1, 20, 12, 0)
    later = season()
    later.published_at = moment
    assert phase(later, moment - timedelta(seconds=1)) == Phase.DRAFT
    assert phase(later, moment) == Phase.APPLYING
    announced = season(announced_at=local(2027, 3, 1, 9, 0))
    assert phase(announced, local(2027, 3, 1, 8, 59)) == Phase.REVIEWING


@pytest.mark.parametrize(
    ("zone", "opens", "closes"),
    [
        ("America/Los_Angeles", datetime(2027, 1, 18, 8, tzinfo=UTC), datetime(2027, 2, 13, 1, tzinfo=UTC)),
        ("Pacific/Honolulu", datetime(2027, 1, 18, 10, tzinfo=UTC), datetime(2027, 2, 13, 3, tzinfo=UTC)),
        ("Pacific/Auckland", datetime(2027, 1, 17, 11, tzinfo=UTC), datetime(2027, 2, 12, 4, tzinfo=UTC)),
        ("Asia/Kathmandu", datetime(2027, 1, 17, 18, 15, tzinfo=UTC), datetime(2027, 2, 12, 11, 15, tzinfo=UTC)),
    ],
)
def test_days_are_meant_in_the_season_s_zone(zone: str, opens: datetime, closes: datetime) -> None:
    there = season(zone=zone)
    assert (opens_at(there), closes_at(there)) == (opens, closes)
    assert phase(there, opens) == Phase.APPLYING
    assert phase(there, opens - timedelta(seconds=1)) == Phase.UPCOMING


@pytest.mark.parametrize(
    ("day", "utc"),
    [
        (date(2027, 3, 13), datetime(2027, 3, 14, 1, tzinfo=UTC)),
        (date(2027, 3, 14), datetime(2027, 3, 15, 0, tzinfo=UTC)),  # clocks went forward at 2:00
        (date(2027, 11, 6), datetime(2027, 11, 7, 0, tzinfo=UTC)),
        (date(2027, 11, 7), datetime(2027, 11, 8, 1, tzinfo=UTC)),  # clocks went back at 2:00
    ],
)
def test_the_close_is_at_five_by_the_clock_on_the_wall_when_clocks_change(day: date, utc: datetime) -> None:
    assert closes_at(season(closes_on=day)) == utc


def test_a_day_without_a_midnight_begins_when_it_begins() -> None:
    """In Beirut clocks go from 24:00 to 1:00 on 28 March 2027: the season is open from that very moment."""
    there = season(zone="Asia/Beirut", opens_on=date(2027, 3, 28), closes_on=date(2027, 4, 9))
    first = datetime(2027, 3, 27, 22, 0, tzinfo=UTC)
    assert phase(there, first - timedelta(seconds=1)) == Phase.UPCOMING
    assert phase(there, first) == Phase.APPLYING


def test_the_last_day_of_meetings_counts_to_its_end() -> None:
    assert meetings_end_at(season()) == datetime(2027, 9, 1, 7, tzinfo=UTC)


def test_today_is_the_day_where_the_season_is() -> None:
    now = datetime(2027, 2, 1, 6, 0, tzinfo=UTC)
    assert today(season(), now) == date(2027, 1, 31)
    assert today(season(zone="Europe/Madrid"), now) == date(2027, 2, 1)


@pytest.mark.parametrize("source", list(Phase))
@pytest.mark.parametrize("target", list(Phase))
def test_the_table_of_phases_has_exactly_these_moves(source: Phase, target: Phase) -> None:
    allowed = {
        Phase.DRAFT: {Phase.UPCOMING, Phase.APPLYING, Phase.REVIEWING, Phase.ARCHIVED},
        Phase.UPCOMING: {Phase.APPLYING, Phase.ARCHIVED},
        Phase.APPLYING: {Phase.REVIEWING},
        Phase.REVIEWING: {Phase.APPLYING, Phase.RUNNING, Phase.ARCHIVED},
        Phase.RUNNING: {Phase.CLOSING, Phase.CLOSED},
        Phase.CLOSING: {Phase.RUNNING, Phase.CLOSED},
        Phase.CLOSED: {Phase.CLOSING, Phase.RUNNING, Phase.ARCHIVED},
        Phase.ARCHIVED: set(),
    }
    assert PHASES.allows(source, target) == (target in allowed[source])
