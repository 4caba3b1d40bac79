"""What is kept of surveys, how long, and who sees it; nothing of a response leads to a person."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mentorship.records.reading import Matter, Reading
from mentorship.records.retention import Erasure, Keep, Kept, Reader, register
from surveys.models import Comment, Release, Response, Ticket, Wave

READERS = (Reader.OWNER, Reader.COORDINATOR, Reader.ANALYST, Reader.LEADERSHIP)


def register_all() -> None:
    """Called once, when the program starts."""
    register(
        Wave,
        owner="",
        kept=[
            Kept(
                "id season kind questionnaire state opened_at closes_at closed_at invited submitted",
                _("which survey was asked when, and how many answered"),
                Keep.HISTORY,
                READERS,
                Erasure.STAY,
            )
        ],
    )
    register(
        Ticket,
        owner="person",
        reading=Reading(
            Matter.SURVEYS,
            _("Surveys that you were invited to"),
            line=lambda row: (
                str(row.wave),
                gettext("answered") if row.answered else gettext("invited, not answered"),
            ),
            hidden="person",
            # A survey is called by its season.
            load=lambda rows: rows.select_related("wave__season"),
        ),
        kept=[
            Kept(
                "id wave person answered",
                _("that you are invited once, can answer once, and are reminded only until you have"),
                Keep.SEASON,
                (Reader.OWNER,),
                Erasure.STAY,
            )
        ],
    )
    register(
        Response,
        owner="",
        kept=[
            Kept(
                "id wave role unit_kind tenure answers",
                _("what the published figures are counted from; it says nothing of who answered"),
                Keep.SEASON,
                (Reader.NOBODY,),
                Erasure.STAY,
            )
        ],
    )
    register(
        Comment,
        owner="",
        kept=[
            Kept(
                "id wave question text role state",
                _("comments whose writers agreed to see them published"),
                Keep.SEASON,
                (Reader.COORDINATOR,),
                Erasure.STAY,
            )
        ],
    )
    register(
        Release,
        owner="",
        kept=[
            Kept(
                "id wave figures published_at",
                _("the published figures with their definitions"),
                Keep.HISTORY,
                READERS,
                Erasure.STAY,
            )
        ],
    )
