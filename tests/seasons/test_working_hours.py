"""Working hours: Monday to Friday, 8 to 18 by the season's clock, without its blackout weeks."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from mentorship.seasons.working_hours import monday_of, next_moment
from tests.factories import SeasonFactory

PACIFIC = ZoneInfo("America/Los_Angeles")


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ((2027, 2, 1, 7, 59), (2027, 2, 1, 8, 0)),  # Monday, before eight
        ((2027, 2, 1, 8, 0), (2027, 2, 1, 8, 0)),
        ((2027, 2, 1, 17, 59), (2027, 2, 1, 17, 59)),
        ((2027, 2, 1, 18, 0), (2027, 2, 2, 8, 0)),
        ((2027, 2, 5, 18, 0), (2027, 2, 8, 8, 0)),  # Friday evening
        ((2027, 2, 6, 12, 0), (2027, 2, 8, 8, 0)),
        ((2027, 2, 7, 23, 59), (2027, 2, 8, 8, 0)),
        ((2027, 3, 12, 20, 0), (2027, 3, 15, 8, 0)),  # over the change to summer time
        ((2027, 11, 5, 20, 0), (2027, 11, 8, 8, 0)),  # and back
    ],
)
def test_a_message_waits_for_the_next_working_hour(now: tuple[int, ...], expected: tuple[int, ...]) -> None:
    moment = datetime(*now, tzinfo=PACIFIC)  # type: ignore[misc, arg-type]
    until = datetime(*expected, tzinfo=PACIFIC)  # type: ignore[misc, arg-type]
    season = SeasonFactory.build()
    assert next_moment(season, moment) == until
    assert next_moment(season, moment.astimezone(UTC)) == until


def test_blackout_weeks_are_skipped_one_after_the_other() -> None:
    season = SeasonFactory.build(blackout_weeks=[date(2027, 2, 1), date(2027, 2, 8)])
    assert next_moment(season, datetime(2027, 2, 3, 10, 0, tzinfo=PACIFIC)) == datetime(
        2027, 2, 15, 8, tzinfo=PACIFIC
    )


def test_any_day_of_a_week_names_the_week() -> None:
    season = SeasonFactory.build(blackout_weeks=[date(2027, 2, 3)])
    assert next_moment(season, datetime(2027, 2, 1, 10, 0, tzinfo=PACIFIC)) == datetime(2027, 2, 8, 8, tzinfo=PACIFIC)
    assert monday_of(date(2027, 2, 7)) == date(2027, 2, 1)
