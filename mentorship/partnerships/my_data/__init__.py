"""What somebody reads of their own pairs and circles, and of what came of them, in their words."""

from mentorship.partnerships.my_data.care import CHECK_INS, HELP_CASES, HELP_MESSAGES, LETTERS, WISHES
from mentorship.partnerships.my_data.meetings import ATTENDANCES, CORRECTIONS, MEETINGS
from mentorship.partnerships.my_data.pairs import PAIRS, PARTS, PLACES
from mentorship.partnerships.my_data.writings import AGREEMENTS, CALENDARS, GOALS, PRIVATE_NOTES, SHARED_NOTES

__all__ = [
    "AGREEMENTS",
    "ATTENDANCES",
    "CALENDARS",
    "CHECK_INS",
    "CORRECTIONS",
    "GOALS",
    "HELP_CASES",
    "HELP_MESSAGES",
    "LETTERS",
    "MEETINGS",
    "PAIRS",
    "PARTS",
    "PLACES",
    "PRIVATE_NOTES",
    "SHARED_NOTES",
    "WISHES",
]
