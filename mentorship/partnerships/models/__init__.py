"""Who works together, and how it goes with them: pairs, check-ins, requests for help, what coordinators wrote."""

from mentorship.partnerships.models.checkins import CheckIn, CoordinatorMessage
from mentorship.partnerships.models.helping import HelpCase, HelpMessage
from mentorship.partnerships.models.pairs import Kind, Membership, MentorPlaces, Partnership

__all__ = [
    "CheckIn",
    "CoordinatorMessage",
    "HelpCase",
    "HelpMessage",
    "Kind",
    "Membership",
    "MentorPlaces",
    "Partnership",
]
