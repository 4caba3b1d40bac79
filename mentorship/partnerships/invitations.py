"""Meetings as calendar entries (RFC 5545, 5546): called "Meeting", private, and not a word of what it is about."""

from collections.abc import Iterable
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress

from mentorship.partnerships.models import Meeting
from mentorship.partnerships.services.meetings import ends_at
from mentorship.people.models import User

REQUEST, CANCEL = "REQUEST", "CANCEL"
PRODUCT = "-//Perennial//Meetings//EN"


def invitation(meeting: Meeting, recipient: User) -> str:
    """The entry for one recipient, as it stands: to be put into their calendar, or to be taken out of it."""
    calendar = _calendar(method_of(meeting))
    event = _event(meeting)
    event.add("organizer", _address(parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))
    attendee = _address(recipient.email or "")
    # Nobody waits for an answer: whoever can't come changes the meeting.
    attendee.params.update({"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"})
    event.add("attendee", attendee, encode=False)
    calendar.add_component(event)
    return _text(calendar)


def method_of(meeting: Meeting) -> str:
    """What a calendar is asked to do with the entry."""
    return CANCEL if meeting.state == Meeting.State.CANCELLED else REQUEST


def feed(meetings: Iterable[Meeting]) -> str:
    """A person's meetings as a calendar to subscribe to."""
    calendar = _calendar("PUBLISH")
    calendar.add("x-wr-calname", _("Meetings"))
    for meeting in meetings:
        calendar.add_component(_event(meeting))
    return _text(calendar)


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    return calendar


def _event(meeting: Meeting) -> Event:
    """Times are UTC, so that no calendar has to know the season's zone."""
    event = Event()
    event.add("uid", f"{meeting.pk}@{urlsplit(settings.PUBLIC_URL).hostname}")
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", meeting.changed_at)
    event.add("last-modified", meeting.changed_at)
    event.add("dtstart", meeting.starts_at)
    event.add("dtend", ends_at(meeting))
    event.add("summary", _("Meeting"))
    event.add("class", "PRIVATE")
    event.add("status", "CANCELLED" if meeting.state == Meeting.State.CANCELLED else "CONFIRMED")
    return event


def _address(email: str) -> vCalAddress:
    return vCalAddress(f"mailto:{email}")


def _text(calendar: Calendar) -> str:
    return str(calendar.to_ical().decode())
