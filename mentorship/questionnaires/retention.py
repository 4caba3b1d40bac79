"""What is kept of questionnaires, and why: questions, never answers."""

from django.utils.translation import gettext_lazy as _

from mentorship.questionnaires.models import Question, Questionnaire
from mentorship.records.retention import Erasure, Keep, Kept, Reader, register


def register_notes() -> None:
    everybody = (Reader.STAFF, Reader.COORDINATOR)
    register(
        Questionnaire,
        owner="",
        kept=[
            Kept(
                "id slug version title_en title_es intro_en intro_es licence source modifiable origin scales "
                "frozen_at",
                _("To ask everybody the same questions, and to know which version was answered"),
                Keep.HISTORY,
                everybody,
                Erasure.STAY,
            )
        ],
    )
    register(
        Question,
        owner="",
        kept=[
            Kept(
                "id questionnaire key order kind required label_en label_es hint_en hint_es options limits",
                _("To ask everybody the same questions, and to know which version was answered"),
                Keep.HISTORY,
                everybody,
                Erasure.STAY,
            )
        ],
    )
