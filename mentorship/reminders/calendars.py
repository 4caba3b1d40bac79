"""When a season may speak to people, as the app that knows seasons tells: its zone, and its next working moment."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings


@dataclass(frozen=True)
class Calendar:
    """`next_moment(now)` returns `now` where people may be written to then, else the first moment when they may."""

    zone: ZoneInfo
    next_moment: Callable[[datetime], datetime]


LookUp = Callable[[Any], Calendar | None]
_look_ups: list[LookUp] = []


def install(look_up: LookUp) -> None:
    """Have `look_up(season_id)` tell a season's calendar; called once, by the app that knows seasons."""
    _look_ups[:] = [look_up]


def calendar_of(season_id: Any) -> Calendar:
    """Return the season's calendar; what belongs to no season may go at any time."""
    for look_up in _look_ups if season_id else []:
        if found := look_up(season_id):
            return found
    return Calendar(library_zone(), lambda now: now)


def library_zone() -> ZoneInfo:
    return ZoneInfo(settings.LIBRARY_ZONE)
