"""What is kept of learning, and why: the texts, and who has read which; never how a self-check went."""

from django.utils.translation import gettext_lazy as _

from mentorship.learning.models import Completion, Path, PathStep, Resource, SelfCheckQuestion
from mentorship.records.reading import Matter, Reading, plain_words
from mentorship.records.retention import Erasure, Keep, Kept, Reader, register

EVERYBODY = (Reader.STAFF, Reader.COORDINATOR)


def register_notes() -> None:
    texts = _("To give everybody in a role the same things to read")
    for model, fields in (
        (
            Resource,
            "id slug version kind title_en title_es summary_en summary_es minutes body_en body_es url_en url_es "
            "goals roles licence source origin active frozen_at",
        ),
        (SelfCheckQuestion, "id resource key order label_en label_es options right why_en why_es"),
        (Path, "id role template_slug season origin"),
        (PathStep, "id path slug order"),
        (Resource.goals.through, "id resource goal"),
    ):
        register(model, owner="", kept=[Kept(fields, texts, Keep.HISTORY, EVERYBODY, Erasure.STAY)])
    register(
        Completion,
        owner="person",
        reading=Reading(
            Matter.LEARNING,
            _("Texts that you have read"),
            line=lambda row: (row.season, f"{row.resource} · {plain_words(row.completed_at)}"),
            hidden="person",
        ),
        kept=[
            Kept(
                "id person resource season completed_at",
                _("To show you how far you are, and to count how many were trained"),
                Keep.HISTORY,
                (Reader.OWNER, Reader.COORDINATOR),
                Erasure.DELETE,
            )
        ],
    )
