"""Versions: the first answer freezes one, the database holds it, and a copy is the way to change it."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from mentorship.questionnaires import services
from mentorship.questionnaires.models import Question, Questionnaire
from mentorship.records.models import AuditEntry
from tests.factories import NOW, QuestionFactory, QuestionnaireFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def frozen() -> Questionnaire:
    questionnaire: Questionnaire = QuestionnaireFactory(origin="shipped", licence="CC0-1.0")
    QuestionFactory(questionnaire=questionnaire, key="why", order=10)
    QuestionFactory(questionnaire=questionnaire, key="how", order=20, kind="long-text", limits={"max_length": 9})
    services.freeze_version(questionnaire, NOW)
    return questionnaire


def refused(change: Any) -> None:
    with pytest.raises(DatabaseError, match=r"frozen|Cannot"), transaction.atomic():
        change()


def test_the_first_answer_freezes_and_later_ones_change_nothing(frozen: Questionnaire) -> None:
    services.freeze_version(frozen, NOW.replace(year=2028))
    stale = Questionnaire(pk=frozen.pk)
    services.freeze_version(stale, NOW.replace(year=2028))
    assert Questionnaire.objects.get().frozen_at == frozen.frozen_at == stale.frozen_at == NOW


def test_the_database_refuses_every_change_of_a_frozen_version(frozen: Questionnaire) -> None:
    question = frozen.questions.first()
    assert question is not None
    elsewhere = QuestionFactory()
    refused(lambda: Questionnaire.objects.filter(pk=frozen.pk).update(title_en="Other"))
    refused(lambda: Questionnaire.objects.filter(pk=frozen.pk).update(frozen_at=None))
    refused(lambda: Question.objects.filter(pk=question.pk).update(label_en="Other"))
    refused(lambda: Question.objects.filter(pk=question.pk).update(questionnaire=elsewhere.questionnaire))
    refused(lambda: Question.objects.filter(pk=elsewhere.pk).update(questionnaire=frozen))
    refused(lambda: Question.objects.filter(pk=question.pk).delete())
    refused(lambda: QuestionFactory(questionnaire=frozen, key="new"))
    refused(frozen.delete)


def test_a_version_that_nobody_answered_changes_freely() -> None:
    question = QuestionFactory()
    Question.objects.filter(pk=question.pk).update(label_en="Other")
    Questionnaire.objects.update(title_en="Other")
    question.questionnaire.delete()
    assert Questionnaire.objects.count() == 0


def test_a_copy_is_the_library_s_own_version_with_the_same_questions(frozen: Questionnaire, coordinator: Any) -> None:
    copy = services.copy_version(questionnaire=frozen, by=coordinator, now=NOW)
    assert (copy.slug, copy.version, copy.origin, copy.frozen_at) == (frozen.slug, 1001, "local", None)
    assert copy.version_words == "your version 1"
    assert frozen.version_words == "version 1"
    assert (frozen.editable, copy.editable) == (False, True)
    copied, original = (
        [(row.key, row.kind, row.order, row.limits, row.label_es) for row in each.questions.all()]
        for each in (copy, frozen)
    )
    assert copied == original
    assert [entry.verb for entry in AuditEntry.objects.all()] == ["copy-questionnaire"]
    assert services.copy_version(questionnaire=frozen, by=coordinator, now=NOW).version == 1002


def test_an_instrument_whose_wording_is_fixed_is_not_copied(coordinator: Any) -> None:
    fixed = QuestionnaireFactory(modifiable=False)
    with pytest.raises(services.QuestionnaireError):
        services.copy_version(questionnaire=fixed, by=coordinator, now=NOW)
    assert fixed.editable is False
    assert Questionnaire.objects.count() == 1
