"""The screen with a season's own questions, asked through the one form builder."""

from collections.abc import Mapping
from typing import Any, ClassVar

from mentorship.applications.models import Application
from mentorship.questionnaires.forms import QuestionnaireForm


class QuestionsForm(QuestionnaireForm):
    """The questionnaire of one application; speaks to the screens like every `SectionForm`."""

    section: ClassVar[str] = "questions"
    use_required_attribute = False

    def __init__(self, data: Mapping[str, Any] | None = None, *, application: Application) -> None:
        questionnaire = application.questionnaire
        assert questionnaire is not None
        self.application = application
        self.kept: dict[str, Any] = {}
        super().__init__(data, questions=list(questionnaire.questions.all()), given=application.answers)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.kept = {"answers": self.answers if not self.errors else self._fitting()}
        return cleaned

    def _fitting(self) -> dict[str, Any]:
        """Return the answers that fit their questions, whatever is still missing."""
        draft = QuestionnaireForm(self.data, questions=self.questions, complete=False)
        fitting = [question for question in self.questions if question.key not in draft.errors]
        kept = QuestionnaireForm(self.data, questions=fitting, complete=False)
        return kept.answers if kept.is_valid() else {}

    @property
    def is_only_incomplete(self) -> bool:
        """Whether nothing that was typed would be lost."""
        return QuestionnaireForm(self.data, questions=self.questions, complete=False).is_valid()

    @property
    def asked(self) -> int:
        return sum(question.required for question in self.questions)
