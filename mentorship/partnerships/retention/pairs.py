"""What is kept of who works together: for how long, who sees it, and what erasure does."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mentorship.partnerships import my_data
from mentorship.partnerships.models import Membership, MentorPlaces, Partnership
from mentorship.records.retention import Erasure, Keep, Kept, Reader, register

PAIR = (Reader.OWNER, Reader.PARTNER, Reader.FACILITATOR, Reader.COORDINATOR)
PART = (*PAIR, Reader.SUPERVISOR, Reader.ADMINISTRATOR)
QUESTION = (Reader.COORDINATOR,)


def _known(person: Any) -> QuerySet[Partnership]:
    """The pairs of which a person knows: announced ones, and those that they are asked about as a mentor."""
    return Partnership.objects.told_to(person) | Partnership.objects.asking(person)


def register_pairs() -> None:
    register(
        Partnership,
        owner="memberships__person",
        readable=lambda rows, person: rows.filter(pk__in=_known(person).values("pk")),
        reading=my_data.PAIRS,
        kept=[
            Kept("id season kind", _("who works together in which season"), Keep.HISTORY, PART, Erasure.STAY),
            Kept(
                "state announced_at closed_at last_met_at",
                _("how far the pair has come"),
                Keep.HISTORY,
                PAIR,
                Erasure.STAY,
            ),
            Kept("fit reasons", _("why these two were matched"), Keep.SEASON, PAIR, Erasure.STAY),
            Kept(
                "asked_at answer_due answered_at",
                _("whether the mentor was asked and has answered"),
                Keep.SEASON,
                QUESTION,
                Erasure.STAY,
            ),
            Kept(
                "approved_at approved_by liaison",
                _("which coordinator decided and is the pair's contact"),
                Keep.HISTORY,
                PAIR,
                Erasure.STAY,
            ),
        ],
    )
    register(
        Membership,
        owner="person",
        readable=lambda rows, person: rows.filter(partnership__in=_known(person).values("pk")),
        reading=my_data.PARTS,
        kept=[
            Kept(
                "id partnership person season kind role active joined_at answered_at left_at",
                _("that somebody takes part, with whom and since when"),
                Keep.HISTORY,
                PART,
                Erasure.STAY,
            ),
            Kept(
                "application",
                _("which application led to it"),
                Keep.HISTORY,
                (Reader.OWNER, Reader.COORDINATOR),
                Erasure.STAY,
            ),
        ],
    )
    register(
        MentorPlaces,
        owner="application__applicant",
        # The row is made by the first approval, of which the mentor doesn't know before they are asked.
        readable=lambda rows, person: rows.filter(
            application__memberships__partnership__in=_known(person).values("pk")
        ),
        reading=my_data.PLACES,
        kept=[
            Kept(
                "id application capacity",
                _("how many mentees a mentor takes"),
                Keep.SEASON,
                (Reader.OWNER, Reader.COORDINATOR),
                Erasure.STAY,
            ),
            Kept("taken", _("how many places are given away"), Keep.SEASON, QUESTION, Erasure.STAY),
        ],
    )
