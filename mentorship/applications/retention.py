"""What this package keeps of people, for the retention registry; readers follow the one table of who sees what."""

from django.utils.translation import gettext_lazy as _

from mentorship.applications import my_data
from mentorship.applications.models import (
    Application,
    ApplicationGoal,
    Avoidance,
    EligibilityResult,
    Favourite,
    IdentityAnswer,
    Invitation,
    SecondLook,
)
from mentorship.records.retention import Erasure, Keep, Kept, Reader, register

OWNER, COORDINATOR, NOBODY = Reader.OWNER, Reader.COORDINATOR, Reader.NOBODY


def register_all() -> None:
    """Note every field of this package's models."""
    register(
        Application,
        owner="applicant",
        reading=my_data.APPLICATIONS,
        kept=[
            Kept("id", _("To tell one application from another."), Keep.HISTORY, (NOBODY,), Erasure.STAY),
            Kept(
                "season applicant role created_at submitted_at withdrawn_at",
                _("To know who wants to take part, and when they said so."),
                Keep.HISTORY,
                (OWNER, Reader.SUPERVISOR, COORDINATOR, Reader.ADMINISTRATOR),
                Erasure.STAY,
            ),
            # Its owner reads the state on its own page: a decision shows there once it is told, and not before.
            Kept(
                "state",
                _("To know where an application stands."),
                Keep.HISTORY,
                (COORDINATOR,),
                Erasure.STAY,
            ),
            Kept(
                "capacity slots schedule_rotates modes languages tags answers",
                _("To find a match with whom one can meet."),
                Keep.HISTORY,
                (OWNER, COORDINATOR),
                Erasure.BLANK,
            ),
            Kept(
                "changed_on",
                _("To remind people of an application that they began and left."),
                Keep.HISTORY,
                (OWNER,),
                Erasure.STAY,
            ),
            Kept(
                "questionnaire sections",
                _("To ask the same questions again and to know what is still missing."),
                Keep.HISTORY,
                (OWNER, COORDINATOR),
                Erasure.STAY,
            ),
            Kept(
                "facts_confirmed facts_note",
                _("To decide on facts that are right."),
                Keep.HISTORY,
                (OWNER, COORDINATOR),
                Erasure.BLANK,
            ),
            Kept(
                "screened_at screened_by released_at exception_by",
                _("To show later who decided, and when it was told."),
                Keep.HISTORY,
                (COORDINATOR,),
                Erasure.STAY,
            ),
            Kept(
                "exception_reason",
                _("To show later why an exception was made."),
                Keep.HISTORY,
                (COORDINATOR,),
                Erasure.BLANK,
            ),
        ],
    )
    register(
        Application.tags.through,
        owner="application__applicant",
        kept=[
            Kept(
                "id application experiencetag",
                _("To find a match who shares an experience."),
                Keep.HISTORY,
                (OWNER, COORDINATOR),
                Erasure.DELETE,
            )
        ],
    )
    register(
        ApplicationGoal,
        owner="application__applicant",
        reading=my_data.GOALS,
        kept=[
            Kept(
                "id application goal weight",
                _("To match people on what they want and offer."),
                Keep.HISTORY,
                (OWNER, Reader.PARTNER, Reader.FACILITATOR, COORDINATOR),
                Erasure.DELETE,
            )
        ],
    )
    register(
        Favourite,
        owner="application__applicant",
        reading=my_data.FAVOURITES,
        kept=[
            Kept(
                "id application person rank",
                _("To match people with whom they would like to work."),
                Keep.HISTORY,
                (OWNER, COORDINATOR),
                Erasure.DELETE,
            )
        ],
    )
    register(
        Avoidance,
        owner="application__applicant",
        reading=my_data.AVOIDED,
        kept=[
            Kept(
                "id application people",
                _("Never to match people who must not meet."),
                Keep.SEASON,
                (OWNER,),
                Erasure.DELETE,
            )
        ],
    )
    register(
        IdentityAnswer,
        owner="application__applicant",
        reading=my_data.IDENTITY,
        kept=[
            Kept(
                "id application given",
                _("To match those who asked for it on who they are."),
                Keep.SEASON,
                (OWNER,),
                Erasure.DELETE,
            )
        ],
    )
    register(
        EligibilityResult,
        owner="application__applicant",
        reading=my_data.RULES,
        kept=[
            Kept(
                "kind value outcome fact",
                _("To decide by the season's rules, and to say why."),
                Keep.HISTORY,
                (OWNER, COORDINATOR),
                Erasure.DELETE,
            ),
            # Rows are made anew when an application is screened: to their owner that would tell of a decision.
            Kept(
                "id application checked_at",
                _("To know which facts a decision rests on."),
                Keep.HISTORY,
                (COORDINATOR,),
                Erasure.DELETE,
            ),
        ],
    )
    register(
        SecondLook,
        owner="application__applicant",
        reading=my_data.SECOND_LOOKS,
        kept=[
            Kept("id application", _("To tell one request from another."), Keep.HISTORY, (NOBODY,), Erasure.STAY),
            Kept(
                "asked_at decision",
                _("To know what was asked for and what came of it."),
                Keep.HISTORY,
                (OWNER, COORDINATOR),
                Erasure.STAY,
            ),
            Kept(
                "words reason",
                _("To decide anew, and to say why."),
                Keep.HISTORY,
                (OWNER, COORDINATOR),
                Erasure.BLANK,
            ),
            Kept(
                "decided_by decided_at",
                _("To show later who decided, and when."),
                Keep.HISTORY,
                (COORDINATOR,),
                Erasure.STAY,
            ),
        ],
    )
    register(
        Invitation,
        owner="person",
        reading=my_data.INVITATIONS,
        kept=[
            Kept(
                "id season person role goal invited_by invited_at",
                _("To ask each colleague once."),
                Keep.HISTORY,
                (OWNER, COORDINATOR),
                Erasure.DELETE,
            )
        ],
    )
