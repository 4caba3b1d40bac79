"""What this package itself keeps, for the retention registry."""

from django.utils.translation import gettext_lazy as _

from mentorship.records.models import AuditEntry, LegalHold
from mentorship.records.reading import Matter, Reading
from mentorship.records.retention import Erasure, Keep, Kept, Reader, register


def register_all() -> None:
    register(
        AuditEntry,
        owner="actor",
        reading=Reading(Matter.OFFICE),
        kept=[
            Kept(
                "id actor verb label object_id at",
                _("To show later who decided what, and when."),
                Keep.HISTORY,
                (Reader.ADMINISTRATOR,),
                Erasure.STAY,
            )
        ],
    )
    register(
        LegalHold,
        owner="person",
        kept=[
            Kept(
                "id person reason placed_by placed_at lifted_at",
                _("To keep records that the law requires to be kept."),
                Keep.HISTORY,
                (Reader.ADMINISTRATOR,),
                Erasure.STAY,
            )
        ],
    )
