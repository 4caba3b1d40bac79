"""When the world's clocks change between 2026 and 2036."""

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2037, 1, 1, tzinfo=UTC)
# One of each way in which clocks change: by an hour, by half of one or by two, at midnight, on a Friday, around
# Ramadan, back from a summer that is called the standard …
CHANGING = sorted(name for name in ("America/Los_Angeles", "America/New_York", "Europe/Madrid", "Africa/Cairo",
    "Asia/Beirut", "Asia/Jerusalem", "Australia/Lord_Howe", "Pacific/Chatham", "America/Havana", "America/Santiago",
    "Africa/Casablanca", "Europe/Dublin", "Antarctica/Troll", "America/St_Johns", "Atlantic/Azores",
    "Pacific/Auckland", "America/Nuuk"))  # fmt: skip


def offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    found = moment.astimezone(zone).utcoffset()
    assert found is not None
    return found


@cache
def transitions(name: str) -> tuple[datetime, ...]:
    """The moments, to the minute, at which the zone's clock is changed between FIRST and LAST."""
    zone, found, moment = ZoneInfo(name), [], FIRST
    while moment < LAST:
        later = moment + timedelta(days=7)
        if offset(zone, moment) != offset(zone, later):
            low, high = moment, later
            while high - low > timedelta(minutes=1):
                middle = low + (high - low) // 2
                low, high = (middle, high) if offset(zone, middle) == offset(zone, moment) else (low, middle)
            found.append(high.replace(second=0, microsecond=0))
        moment = later
    return tuple(found)


@cache
def different() -> tuple[str, ...]:
    """One zone for each set of clocks that were or will be set alike between FIRST and LAST, by name."""
    found: dict[tuple[tuple[datetime, timedelta], ...], str] = {}
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        clock = tuple((moment, offset(zone, moment)) for moment in (FIRST, *transitions(name)))
        found.setdefault(clock, name)
    return tuple(found.values())
