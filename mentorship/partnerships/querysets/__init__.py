"""Which partnerships, and what came of them, one may see; and the filters that figures are counted with."""

from mentorship.partnerships.querysets.meetings import (
    AttendanceQuerySet,
    HourCorrectionQuerySet,
    MeetingQuerySet,
    Totals,
)
from mentorship.partnerships.querysets.pairs import (
    ASKED,
    FIRST_MEETING_WITHIN,
    GOING_ON,
    HELD,
    MENTORING,
    QUIET_AFTER,
    TOLD,
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
    "FIRST_MEETING_WITHIN",
    "GOING_ON",
    "HELD",
    "MENTORING",
    "QUIET_AFTER",
    "TOLD",
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
