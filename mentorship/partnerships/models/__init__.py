"""Who works together, and what becomes of it: pairs, meetings, goals, notes, check-ins, requests for help."""

from mentorship.partnerships.models.agreements import Agreement
from mentorship.partnerships.models.calendars import CalendarFeed
from mentorship.partnerships.models.checkins import CheckIn, CoordinatorMessage
from mentorship.partnerships.models.goals import PairGoal
from mentorship.partnerships.models.helping import HelpCase, HelpMessage
from mentorship.partnerships.models.meetings import Attendance, HourCorrection, Meeting
from mentorship.partnerships.models.notes import PrivateNote, SharedNote
from mentorship.partnerships.models.pairs import Kind, Membership, MentorPlaces, Partnership
from mentorship.partnerships.models.wishes import ChangeWish

__all__ = [
    "Agreement",
    "Attendance",
    "CalendarFeed",
    "ChangeWish",
    "CheckIn",
    "CoordinatorMessage",
    "HelpCase",
    "HelpMessage",
    "HourCorrection",
    "Kind",
    "Meeting",
    "Membership",
    "MentorPlaces",
    "PairGoal",
    "Partnership",
    "PrivateNote",
    "SharedNote",
]
