"""Who works together, and what becomes of it: pairs, their meetings, goals and notes."""

from mentorship.partnerships.models.agreements import Agreement
from mentorship.partnerships.models.calendars import CalendarFeed
from mentorship.partnerships.models.goals import PairGoal
from mentorship.partnerships.models.meetings import Attendance, HourCorrection, Meeting
from mentorship.partnerships.models.notes import PrivateNote, SharedNote
from mentorship.partnerships.models.pairs import Kind, Membership, MentorPlaces, Partnership
from mentorship.partnerships.models.wishes import ChangeWish

__all__ = [
    "Agreement",
    "Attendance",
    "CalendarFeed",
    "ChangeWish",
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
