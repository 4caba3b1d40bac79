"""Calendar entries as two independent programs read them, and a calendar that follows the mails it gets."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar


@dataclass(frozen=True)
class Entry:
    """What a calendar is told in one mail, as RFC 5545 and 5546 name it."""

    method: str
    uid: str
    sequence: int
    stamp: datetime
    starts_at: datetime
    ends_at: datetime
    status: str
    visibility: str
    summary: str
    attendee: str


def by_icalendar(text: str) -> Entry:
    """As the library reads it that also wrote it."""
    calendar = Calendar.from_ical(text)
    (event,) = calendar.walk("VEVENT")
    return Entry(
        method=str(calendar["METHOD"]),
        uid=str(event["UID"]),
        sequence=int(event["SEQUENCE"]),
        stamp=event["DTSTAMP"].dt,
        starts_at=event["DTSTART"].dt,
        ends_at=event["DTEND"].dt,
        status=str(event["STATUS"]),
        visibility=str(event["CLASS"]),
        summary=str(event["SUMMARY"]),
        attendee=str(event["ATTENDEE"]),
    )


def by_ical(text: str) -> Entry:
    """As a library reads it that has nothing in common with the other, and refuses what the standard doesn't know."""
    calendar = IcsCalendarStream.calendar_from_ics(text)
    (event,) = calendar.events
    (attendee,) = event.attendees
    assert isinstance(event.dtstart, datetime)
    assert isinstance(event.dtend, datetime)
    return Entry(
        method=str(calendar.method),
        uid=str(event.uid),
        sequence=event.sequence or 0,
        stamp=datetime.fromisoformat(str(event.dtstamp)),
        starts_at=event.dtstart,
        ends_at=event.dtend,
        status=str(event.status.value) if event.status else "",
        visibility=str(event.classification.value) if event.classification else "",
        summary=str(event.summary),
        attendee=str(attendee.uri),
    )


READERS: dict[str, Callable[[str], Entry]] = {"icalendar": by_icalendar, "ical": by_ical}


def kept(entries: Iterable[Entry]) -> dict[str, tuple[datetime, datetime]]:
    """What a calendar holds that was told these, in this order: from when to when, by UID.

    It follows the highest sequence and, of equal ones, the latest stamp; what is cancelled goes (RFC 5546, 2.1.4
    and 3.2.5).
    """
    newest: dict[str, Entry] = {}
    for entry in entries:
        known = newest.get(entry.uid)
        if known is None or (known.sequence, known.stamp) <= (entry.sequence, entry.stamp):
            newest[entry.uid] = entry
    return {uid: (entry.starts_at, entry.ends_at) for uid, entry in newest.items() if entry.method != "CANCEL"}
