"""What somebody reads of their meetings: when, who, how long, and what was put right later."""

from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentorship.partnerships.meeting_words import length_words
from mentorship.partnerships.models import Meeting
from mentorship.partnerships.my_data.with_whom import LABEL, load_members
from mentorship.partnerships.words import together
from mentorship.records.reading import Matter, Reading, plain_words
from mentorship.seasons.phases import zone


def day_words(meeting: Meeting) -> str:
    """Return the day with its year, in the season's zone, and the time where it was planned."""
    local = meeting.starts_at.astimezone(zone(meeting.partnership.season))
    return formats.date_format(local, "DATETIME_FORMAT" if meeting.planned else "DATE_FORMAT")


def _meeting_line(meeting: Meeting) -> tuple[str, list[str]]:
    members = together(str(member.person) for member in meeting.partnership.memberships.all())
    told = [meeting.get_state_display(), length_words(meeting.minutes), meeting.get_mode_display()]
    entered = _("entered by %(person)s") % {"person": meeting.made_by}
    logged = _("logged by %(person)s") % {"person": meeting.settled_by} if meeting.settled_by else ""
    return day_words(meeting), [
        members,
        " · ".join(str(part) for part in told),
        meeting.place,
        meeting.link,
        " · ".join(part for part in (entered, logged) if part),
    ]


def _attendance_line(row: Any) -> tuple[str, str]:
    return day_words(row.meeting), _("you were there") if row.present else _("you weren't there")


def _correction_line(row: Any) -> tuple[str, list[str]]:
    minutes = {"before": length_words(row.before_minutes), "after": length_words(row.after_minutes)}
    people = {"before": row.before_present, "after": row.after_present}
    return day_words(row.meeting), [
        _("from %(before)s to %(after)s") % minutes,
        _("people who were there: %(before)d before, %(after)d now") % people,
        row.reason,
        _("corrected on %(when)s") % {"when": plain_words(row.at)},
    ]


MEETINGS = Reading(
    Matter.PAIRS,
    gettext_lazy("Your meetings"),
    labels={"partnership": LABEL},
    line=_meeting_line,
    hidden="sequence changed_at",
    load=load_members,
)
ATTENDANCES = Reading(
    Matter.PAIRS,
    gettext_lazy("Meetings that count for you"),
    line=_attendance_line,
    hidden="membership",
    load=lambda rows: rows.select_related("meeting__partnership__season").order_by("-meeting__starts_at", "pk"),
)
CORRECTIONS = Reading(
    Matter.PAIRS,
    gettext_lazy("Hours that you put right"),
    line=_correction_line,
    hidden="by",
    load=lambda rows: rows.select_related("meeting__partnership__season"),
)
