"""Meetings in words: when, how, what became of them, and who was there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentorship.common.numbers import count, hours, unbroken
from mentorship.partnerships.models import Meeting
from mentorship.partnerships.words import together
from mentorship.seasons.models import Season
from mentorship.seasons.phases import zone

KINDS = {"planned": "neutral", "held": "good", "missed": "attention", "cancelled": "neutral"}


@dataclass(frozen=True)
class MeetingWords:
    """One meeting as pages show it. `state` is a status, empty for one that is simply to come."""

    meeting: Meeting
    when: str
    length: str
    state: str
    kind: str
    people: str


def words_of(meeting: Meeting, season: Season, now: datetime, people: list[str] | None = None) -> MeetingWords:
    """Put a meeting into words; `people` are the names of those who were there."""
    coming = meeting.state == Meeting.State.PLANNED and meeting.starts_at > now
    waits = meeting.state == Meeting.State.PLANNED and not coming
    return MeetingWords(
        meeting=meeting,
        when=moment_words(meeting, season),
        length=length_words(meeting.minutes),
        state="" if coming else _("to be logged") if waits else meeting.get_state_display(),
        kind="attention" if waits else KINDS[meeting.state],
        people=together(people or []),
    )


def moment_words(meeting: Meeting, season: Season) -> str:
    """The day in words, with the time where it was planned: nobody says when an unplanned meeting was."""
    local = meeting.starts_at.astimezone(zone(season))
    values = {"weekday": date_format(local, "l"), "day": date_format(local, "MONTH_DAY_FORMAT")}
    if not meeting.planned:
        return _("%(weekday)s, %(day)s") % values
    return _("%(weekday)s, %(day)s, %(time)s") % {**values, "time": date_format(local, "TIME_FORMAT")}


def length_words(minutes: int) -> str:
    return unbroken(ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes})


def met_words(name: str, meetings: int, minutes: int) -> str:
    """How often and how long one met with `name`, as a sentence without its full stop; empty where they never met."""
    if not meetings:
        return ""
    times = ngettext("once", "%(n)s times", meetings) % {"n": count(meetings)}
    length = length_words(minutes) if minutes < 60 else hours_words(minutes)
    return unbroken(
        _("You and %(name)s met %(times)s for %(length)s") % {"name": name, "times": times, "length": length}
    )


def hours_words(minutes: int) -> str:
    whole = hours(minutes)
    return unbroken(ngettext("%(n)s hour", "%(n)s hours", 1 if whole == 1 else 2) % {"n": count(whole)})


def present_names(meeting: Meeting, names: dict[Any, str]) -> list[str]:
    """The names of those who were there; its attendances are loaded."""
    return [
        names[row.membership_id] for row in meeting.attendances.all() if row.present and row.membership_id in names
    ]
