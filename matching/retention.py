"""What is kept of matching: for how long, who sees it, and what erasure does."""

from django.utils.translation import gettext_lazy as _

from matching.models import (
    Adjustment,
    AdjustmentMove,
    CallListEntry,
    CircleFacilitator,
    CircleGuide,
    CircleProposal,
    CircleRun,
    CircleSeat,
    Exclusion,
    MatchRun,
    Pin,
    Proposal,
)
from mentorship.applications.my_data import application_words
from mentorship.records.reading import Matter, Reading
from mentorship.records.retention import Erasure, Keep, Kept, Reader, register

COORDINATORS = (Reader.COORDINATOR,)


def register_all() -> None:
    """Called once, when the program starts."""
    register(
        MatchRun,
        owner="",
        kept=[
            Kept(
                "id season job number state requested_by requested_at finished_at input_hash seed figures",
                _("when matches were looked for, and how well that went"),
                Keep.HISTORY,
                COORDINATORS,
                Erasure.STAY,
            ),
            Kept(
                "problem trace",
                _("what the matching was worked out from, encrypted, so that a result can be checked again"),
                Keep.SEASON,
                (Reader.NOBODY,),
                Erasure.BLANK,
            ),
        ],
    )
    register(
        Proposal,
        owner="mentee__applicant",
        reading=Reading(Matter.PAIRS),
        kept=[
            Kept(
                "id run mentee mentor state fit reasons partnership decided_by decided_at",
                _("which matches were suggested, and what was decided"),
                Keep.SEASON,
                COORDINATORS,
                Erasure.DELETE,
            )
        ],
    )
    register(
        Adjustment,
        owner="",
        kept=[
            Kept(
                "id run kind exclusion by at undone_by undone_at",
                _("when a coordinator changed suggested matches, and whether that was undone"),
                Keep.SEASON,
                COORDINATORS,
                Erasure.STAY,
            )
        ],
    )
    register(
        AdjustmentMove,
        owner="mentee__applicant",
        reading=Reading(Matter.PAIRS),
        kept=[
            Kept(
                "id adjustment place mentee before after state_before state_after fit_before reasons_before"
                " partnership_before",
                _("whom a coordinator's change moved from which mentor to which"),
                Keep.SEASON,
                COORDINATORS,
                Erasure.DELETE,
            )
        ],
    )
    register(
        Exclusion,
        owner="mentee",
        reading=Reading(Matter.PAIRS),
        kept=[
            Kept(
                "id season mentee mentor by at",
                _("two people whom a coordinator doesn't want to pair this season"),
                Keep.SEASON,
                COORDINATORS,
                Erasure.DELETE,
            )
        ],
    )
    register(
        Pin,
        owner="mentee__applicant",
        reading=Reading(Matter.PAIRS),
        kept=[
            Kept(
                "id season mentee mentor waived reason by at",
                _("two people whom a coordinator wants to pair, and which rules were set aside for it"),
                Keep.SEASON,
                COORDINATORS,
                Erasure.DELETE,
            )
        ],
    )
    register(
        CallListEntry,
        owner="application__applicant",
        reading=Reading(
            Matter.PAIRS,
            _("Seasons without a match for you"),
            words={"application": lambda row: application_words(row.application)},
            hidden="season",
            load=lambda rows: rows.select_related("application__season"),
        ),
        kept=[
            Kept(
                "id season application called_by called_at told_at",
                _("that a season had no match for somebody: they were called, told, and come first next time"),
                Keep.HISTORY,
                (Reader.OWNER, Reader.COORDINATOR),
                Erasure.STAY,
            )
        ],
    )
    _register_circles()


def _register_circles() -> None:
    register(
        CircleRun,
        owner="",
        kept=[
            Kept(
                "id season job number state requested_by requested_at finished_at input_hash seed figures",
                _("when circles were looked for, and how well that went"),
                Keep.HISTORY,
                COORDINATORS,
                Erasure.STAY,
            ),
            Kept(
                "problem trace",
                _("what the circles were worked out from, encrypted, so that a result can be checked again"),
                Keep.SEASON,
                (Reader.NOBODY,),
                Erasure.BLANK,
            ),
        ],
    )
    register(
        CircleProposal,
        owner="",
        kept=[
            Kept(
                "id run number theme slot mode language state partnership decided_by decided_at",
                _("which circles were suggested, and what was decided"),
                Keep.SEASON,
                COORDINATORS,
                Erasure.STAY,
            )
        ],
    )
    register(
        CircleSeat,
        owner="application__applicant",
        reading=Reading(Matter.PAIRS),
        kept=[
            Kept(
                "id run circle application reasons",
                _("in which circle somebody was suggested, or why in none"),
                Keep.SEASON,
                COORDINATORS,
                Erasure.DELETE,
            )
        ],
    )
    register(
        CircleGuide,
        owner="person",
        reading=Reading(Matter.PAIRS),
        kept=[
            Kept(
                "id circle person",
                _("which circle somebody was suggested to facilitate"),
                Keep.SEASON,
                COORDINATORS,
                Erasure.DELETE,
            )
        ],
    )
    register(
        CircleFacilitator,
        owner="person",
        reading=Reading(Matter.PAIRS),
        kept=[
            Kept(
                "id season person circles by at",
                _("that coordinators thought of somebody as a facilitator"),
                Keep.SEASON,
                COORDINATORS,
                Erasure.DELETE,
            )
        ],
    )
