"""Which partnerships, and what came of them, one may see; and the filters that figures are counted with."""

from mentorship.partnerships.querysets.meetings import (
    AttendanceQuerySet,
    HourCorrectionQuerySet,
    MeetingQuerySet,
    Totals,
)
from mentorship.partnerships.querysets.pairs import (
    ASKED,
    GOING_ON,
    HELD,
    MENTORING,
    NO_FIRST_MEETING,
    NO_RECENT_MEETING,
    TOLD,
    WITHDREW,
    PartnershipQuerySet,
)
from mentorship.partnerships.querysets.writings import (
    ChangeWishQuerySet,
    PairGoalQuerySet,
    PrivateNoteQuerySet,
    SharedNoteQuerySet,
)

__all__ = [
    "ASKED",
    "GOING_ON",
    "HELD",
    "MENTORING",
    "NO_FIRST_MEETING",
    "NO_RECENT_MEETING",
    "TOLD",
    "WITHDREW",
    "AttendanceQuerySet",
    "ChangeWishQuerySet",
    "HourCorrectionQuerySet",
    "MeetingQuerySet",
    "PairGoalQuerySet",
    "PartnershipQuerySet",
    "PrivateNoteQuerySet",
    "SharedNoteQuerySet",
    "Totals",
]
