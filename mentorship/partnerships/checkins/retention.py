"""What is kept of check-ins and of what coordinators wrote about them."""

from django.utils.translation import gettext_lazy as _

from mentorship.partnerships import my_data
from mentorship.partnerships.models import CheckIn, CoordinatorMessage
from mentorship.records.retention import Erasure, Keep, Kept, Reader, register

READERS = (Reader.OWNER, Reader.COORDINATOR)


def register_notes() -> None:
    register(
        CheckIn,
        owner="membership__person",
        reading=my_data.CHECK_INS,
        kept=[
            Kept(
                "id membership month state asked_at chased_at answered_at going fit wants_call",
                _("to see how it goes with a pair while something can still be done"),
                Keep.HISTORY,
                READERS,
                Erasure.DELETE,
            ),
            Kept("note", _("what you add for the coordinators"), Keep.SEASON, READERS, Erasure.DELETE),
            Kept(
                "handled_at handled_by",
                _("to say who dealt with what you said"),
                Keep.HISTORY,
                READERS,
                Erasure.DELETE,
            ),
            Kept(
                "waits_since escalated_at",
                _("so that nothing waits for long"),
                Keep.SEASON,
                (Reader.COORDINATOR,),
                Erasure.DELETE,
            ),
        ],
    )
    register(
        CoordinatorMessage,
        owner="membership__person",
        reading=my_data.LETTERS,
        kept=[
            Kept(
                "id membership check_in author words written_at",
                _("what a coordinator wrote to you"),
                Keep.SEASON,
                READERS,
                Erasure.DELETE,
            )
        ],
    )
