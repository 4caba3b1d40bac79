"""What is kept of long work, and why."""

from django.utils.translation import gettext_lazy as _

from mentorship.jobs.models import Job
from mentorship.jobs.registry import title_of
from mentorship.records.reading import Matter, Reading, plain_words
from mentorship.records.retention import Erasure, Keep, Kept, Reader, register

STAFF_OF_THE_PROGRAMME = (Reader.OWNER, Reader.COORDINATOR, Reader.ADMINISTRATOR)


def register_notes() -> None:
    register(
        Job,
        owner="requested_by",
        reading=Reading(
            Matter.OFFICE,
            _("Work that you had done"),
            labels={"done": _("steps done"), "total": _("steps in all")},
            line=lambda row: (title_of(row), f"{row.get_state_display()} · {plain_words(row.requested_at)}"),
            hidden="requested_by",
        ),
        kept=[
            Kept(
                "id kind state requested_at started_at ended_at done total step error",
                _("to show how far long work has come and what became of it"),
                Keep.DAYS_400,
                STAFF_OF_THE_PROGRAMME,
                Erasure.STAY,
            ),
            Kept(
                "requested_by",
                _("to show the work to the one who asked for it"),
                Keep.DAYS_400,
                STAFF_OF_THE_PROGRAMME,
                Erasure.BLANK,
            ),
            Kept(
                "attempts lease_until cancel_requested payload result",
                _("to run the work once and find it again when a worker was lost; keys and counts only"),
                Keep.DAYS_400,
                (Reader.NOBODY,),
                Erasure.STAY,
            ),
        ],
    )
