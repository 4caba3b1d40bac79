"""The self-check: asks through the one form builder, and says of each answer at once whether it is right, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from mentorship.common.bilingual import localized
from mentorship.learning.models import Resource, SelfCheckQuestion
from mentorship.questionnaires.answers import Answers, choices
from mentorship.questionnaires.forms import QuestionnaireForm


@dataclass(frozen=True)
class Verdict:
    """What is to be said of one answer."""

    question: str
    answer: str
    best: str
    is_right: bool
    why: str


def check_form(resource: Resource, data: Mapping[str, Any] | None = None) -> QuestionnaireForm | None:
    """Return the self-check as a form, None where the text has none."""
    questions = [row.as_question() for row in resource.check_questions.all()]
    return QuestionnaireForm(data, questions=questions, prefix="check") if questions else None


def verdicts(resource: Resource, answers: Answers) -> list[Verdict]:
    """Return what is to be said of `answers`, which the form has found complete."""
    return [_verdict(row, answers[row.key]) for row in resource.check_questions.all()]


def _verdict(row: SelfCheckQuestion, answer: str) -> Verdict:
    texts = dict(choices(row.as_question()))
    return Verdict(
        question=localized(row, "label"),
        answer=texts[answer],
        best=texts[row.right],
        is_right=answer == row.right,
        why=localized(row, "why"),
    )


def problem_with_check(options: list[dict[str, str]], right: str) -> str:
    """Return what is wrong with a question's options, for whoever writes them; or nothing."""
    keys = [option["key"] for option in options]
    if len(keys) < 2 or len(keys) != len(set(keys)):
        return _("A question needs two options or more, each with a key of its own.")
    return "" if right in keys else _("“%(key)s” is none of the options.") % {"key": right}
