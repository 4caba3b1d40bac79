"""What happens to a questionnaire: frozen by its first answer, copied so that it can change."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from mentorship.common.content import Origin
from mentorship.people.models import User
from mentorship.questionnaires.models import Question, Questionnaire
from mentorship.records.audit import record


class QuestionnaireError(Exception):
    """The questionnaire can't be changed in this way; the text says why, for a person to read."""


def freeze_version(questionnaire: Questionnaire, now: datetime) -> None:
    """Make this version unchangeable; to be called with its first answer, and harmless ever after."""
    if questionnaire.frozen_at is None:
        Questionnaire.objects.filter(pk=questionnaire.pk, frozen_at=None).update(frozen_at=now)
        questionnaire.refresh_from_db(fields=["frozen_at"])


@transaction.atomic
def copy_version(*, questionnaire: Questionnaire, by: User, now: datetime) -> Questionnaire:
    """Make the library's own next version, which can be edited. Raises QuestionnaireError where wording is fixed."""
    if not questionnaire.modifiable:
        raise QuestionnaireError(_("The wording of this instrument may not be changed; its licence says so."))
    copy = Questionnaire.objects.create(
        slug=questionnaire.slug,
        version=questionnaire.next_local_version(),
        origin=Origin.LOCAL,
        **{name: getattr(questionnaire, name) for name in _COPIED},
    )
    questions = list(questionnaire.questions.all())
    Question.objects.bulk_create(
        Question(questionnaire=copy, **{name: getattr(question, name) for name in _COPIED_OF_A_QUESTION})
        for question in questions
    )
    record(by=by, verb="copy-questionnaire", target=copy, now=now)
    return copy


_COPIED = ["title_en", "title_es", "intro_en", "intro_es", "licence", "source", "scales"]
_COPIED_OF_A_QUESTION = [
    "key",
    "order",
    "kind",
    "required",
    "label_en",
    "label_es",
    "hint_en",
    "hint_es",
    "options",
    "limits",
]
