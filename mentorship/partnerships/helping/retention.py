"""What is kept of requests for help."""

from django.utils.translation import gettext_lazy as _

from mentorship.partnerships import my_data
from mentorship.partnerships.models import HelpCase, HelpMessage
from mentorship.records.retention import Erasure, Keep, Kept, Reader, register

READERS = (Reader.OWNER, Reader.COORDINATOR)


def register_notes() -> None:
    register(
        HelpCase,
        owner="membership__person",
        reading=my_data.HELP_CASES,
        kept=[
            Kept(
                "id membership topic about_partner state opened_at taken_at closed_at handler kept_from waits_since",
                _("to help you, by somebody who has no part in it; never shown to whom it is about"),
                Keep.SEASON,
                READERS,
                Erasure.DELETE,
            ),
            Kept(
                "escalated_at",
                _("so that nothing waits for long"),
                Keep.SEASON,
                (Reader.COORDINATOR,),
                Erasure.DELETE,
            ),
        ],
    )
    register(
        HelpMessage,
        owner="case__membership__person",
        reading=my_data.HELP_MESSAGES,
        kept=[
            Kept(
                "id case author words written_at",
                _("what you and the coordinator write to each other"),
                Keep.SEASON,
                READERS,
                Erasure.DELETE,
            )
        ],
    )
