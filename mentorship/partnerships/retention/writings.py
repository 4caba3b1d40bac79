"""What is kept of what members write, agree to and wish for."""

from django.utils.translation import gettext_lazy as _

from mentorship.partnerships import my_data
from mentorship.partnerships.models import Agreement, CalendarFeed, ChangeWish, PairGoal, PrivateNote, SharedNote
from mentorship.partnerships.querysets import TOLD
from mentorship.records.retention import Erasure, Keep, Kept, Reader, register

MEMBERS = (Reader.OWNER, Reader.PARTNER, Reader.FACILITATOR)


def register_writings() -> None:
    register(
        SharedNote,
        owner="author",
        reading=my_data.SHARED_NOTES,
        kept=[
            Kept(
                "id partnership meeting author text written_at",
                _("what members write down for each other"),
                Keep.SEASON,
                MEMBERS,
                Erasure.DELETE,
            )
        ],
    )
    register(
        PrivateNote,
        owner="owner",
        reading=my_data.PRIVATE_NOTES,
        kept=[
            Kept(
                "id partnership meeting owner text written_at",
                _("what a member writes down for themselves"),
                Keep.SEASON,
                (Reader.OWNER,),
                Erasure.DELETE,
            )
        ],
    )
    register(
        PairGoal,
        owner="added_by",
        readable=lambda rows, person: rows.filter(partnership__state__in=TOLD),
        reading=my_data.GOALS,
        kept=[
            Kept(
                "id partnership goal progress order added_by added_at changed_at",
                _("what members want to reach together, and how far they are"),
                Keep.HISTORY,
                MEMBERS,
                Erasure.STAY,
            ),
            Kept("words", _("a goal in their own words"), Keep.SEASON, MEMBERS, Erasure.BLANK),
        ],
    )
    register(
        Agreement,
        owner="membership__person",
        reading=my_data.AGREEMENTS,
        kept=[
            Kept(
                "id membership language text accepted_at",
                _("what a member agreed to, and when"),
                Keep.HISTORY,
                MEMBERS,
                Erasure.STAY,
            )
        ],
    )
    register(
        ChangeWish,
        owner="membership__person",
        reading=my_data.WISHES,
        kept=[
            Kept(
                "id membership wished_at escalated_at settled_at settled_by",
                _("that a member would like a different match; their partner doesn't learn of it"),
                Keep.HISTORY,
                (Reader.OWNER, Reader.COORDINATOR),
                Erasure.DELETE,
            )
        ],
    )
    register(
        CalendarFeed,
        owner="person",
        reading=my_data.CALENDARS,
        kept=[
            Kept(
                "id person made_at",
                _("that a calendar program may read when a member meets"),
                Keep.EMPLOYMENT,
                (Reader.OWNER,),
                Erasure.DELETE,
            ),
            Kept(
                "secret_hash",
                _("to know the address again without keeping it"),
                Keep.EMPLOYMENT,
                (Reader.NOBODY,),
                Erasure.DELETE,
            ),
        ],
    )
