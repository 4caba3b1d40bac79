"""What is kept of meetings and the hours that are counted from them."""

from django.utils.translation import gettext_lazy as _

from mentorship.partnerships import my_data
from mentorship.partnerships.models import Attendance, HourCorrection, Meeting
from mentorship.partnerships.querysets import TOLD
from mentorship.records.retention import Erasure, Keep, Kept, Reader, register

MEMBERS = (Reader.OWNER, Reader.PARTNER, Reader.FACILITATOR)
HOURS = (*MEMBERS, Reader.COORDINATOR)


def register_meetings() -> None:
    register(
        Meeting,
        owner="partnership__memberships__person",
        readable=lambda rows, person: rows.filter(partnership__state__in=TOLD),
        reading=my_data.MEETINGS,
        kept=[
            Kept(
                "id partnership state starts_at minutes",
                _("when members met and for how long: hours are counted from it"),
                Keep.HISTORY,
                HOURS,
                Erasure.STAY,
            ),
            Kept("planned mode", _("how they met"), Keep.HISTORY, MEMBERS, Erasure.STAY),
            # The partner still has to find the way to a meeting; both columns go when the season is archived.
            Kept("place link", _("where they meet"), Keep.SEASON, MEMBERS, Erasure.STAY),
            Kept(
                "made_by made_at changed_at sequence settled_by settled_at",
                _("who planned and logged it: calendars follow a change, and who logged it may undo it"),
                Keep.HISTORY,
                MEMBERS,
                Erasure.STAY,
            ),
        ],
    )
    register(
        Attendance,
        owner="membership__person",
        reading=my_data.ATTENDANCES,
        kept=[
            Kept(
                "id meeting membership present",
                _("who was at a meeting: hours are counted per person"),
                Keep.HISTORY,
                HOURS,
                Erasure.STAY,
            )
        ],
    )
    register(
        HourCorrection,
        owner="by",
        reading=my_data.CORRECTIONS,
        kept=[
            Kept(
                "id meeting before_minutes after_minutes before_present after_present reason by at",
                _("which hours were put right, by whom and why: figures stay explained"),
                Keep.HISTORY,
                HOURS,
                Erasure.STAY,
            )
        ],
    )
