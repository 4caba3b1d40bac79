"""The one form builder: a questionnaire's questions as a Django form, in the reader's language."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentorship.common.bilingual import localized
from mentorship.questionnaires.answers import Answers, AnswersError, choices, longest, most_choices, validate
from mentorship.questionnaires.definitions import Kind
from mentorship.questionnaires.models import Question

MANY_OPTIONS = 8


class QuestionnaireForm(forms.Form):
    """Asks `questions`; after `is_valid()`, `answers` holds the JSON to keep.

    `given` are earlier answers to start from. `complete=False` takes a draft: nothing must be answered yet.
    """

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        questions: Sequence[Question],
        given: Answers | None = None,
        complete: bool = True,
        prefix: str | None = None,
    ) -> None:
        super().__init__(data, initial=given or {}, prefix=prefix)
        self.questions = list(questions)
        self.complete = complete
        self.answers: Answers = {}
        for question in self.questions:
            self.fields[question.key] = _field(question, complete)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        given = {key: _as_json(value) for key, value in cleaned.items()}
        asked = [question for question in self.questions if question.key in cleaned]
        try:
            self.answers = validate(asked, given, complete=self.complete)
        except AnswersError as error:
            for key, sentence in error.errors.items():
                self.add_error(key, sentence)
        return cleaned


class RankingWidget(forms.MultiWidget):
    """One list to choose from for each place."""

    def __init__(self, options: list[tuple[str, str]], places: int) -> None:
        selects = []
        for place in range(1, places + 1):
            name = _("Place %(place)d") % {"place": place}
            selects.append(
                forms.Select(attrs={"aria-label": name}, choices=[("", _("%(name)s: not chosen") % {"name": name})])
            )
            selects[-1].choices = [*selects[-1].choices, *options]
        super().__init__(selects)

    def decompress(self, value: list[str] | None) -> list[str | None]:
        chosen: list[str | None] = list(value or [])
        return (chosen + [None] * len(self.widgets))[: len(self.widgets)]


class RankingField(forms.MultiValueField):
    """The chosen options in order of their places; a place left out closes up."""

    widget: RankingWidget

    def __init__(self, *, options: list[tuple[str, str]], places: int, **kwargs: Any) -> None:
        super().__init__(
            fields=[forms.ChoiceField(choices=options, required=False) for _place in range(places)],
            widget=RankingWidget(options, places),
            require_all_fields=False,
            **kwargs,
        )

    def compress(self, data_list: list[str]) -> list[str]:
        return [key for key in data_list if key]


def _field(question: Question, complete: bool) -> forms.Field:
    """Return the form field of a question. Raises KeyError for a kind that can't be asked."""
    field = _FIELDS[question.kind](question)
    field.label = localized(question, "label")
    field.help_text = " ".join(filter(None, [localized(question, "hint"), _limits_in_words(question)]))
    field.required = question.required and complete
    field.error_messages["required"] = _("Please answer this question.")
    return field


def _limits_in_words(question: Question) -> str:
    if question.kind == Kind.LONG_TEXT:
        return _("At most %(most)d characters.") % {"most": longest(question)}
    if question.kind in {Kind.MULTIPLE, Kind.RANKING} and "max_choices" in question.limits:
        most = most_choices(question)
        return ngettext("Choose at most %(most)d.", "Choose at most %(most)d.", most) % {"most": most}
    return ""


def _one_of(question: Question) -> forms.Field:
    """Buttons, or a list where there are many; where an answer isn't needed, one can be taken back."""
    options = choices(question)
    if len(options) > MANY_OPTIONS:
        return forms.ChoiceField(choices=[("", _("Not chosen")), *options])
    none = [] if question.required else [("", _("No answer"))]
    return forms.ChoiceField(choices=[*options, *none], widget=forms.RadioSelect)


def _number(question: Question) -> forms.Field:
    ends = {name: question.limits[name] for name in ("min", "max") if name in question.limits}
    return forms.DecimalField(
        widget=forms.NumberInput(attrs={"step": "any", **ends}),
        error_messages={"invalid": _("Please write a number.")},
    )


def _date(question: Question) -> forms.Field:
    ends = {name: question.limits[name] for name in ("min", "max") if name in question.limits}
    return forms.DateField(
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", **ends}),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("Please write a date, for example 2027-03-29.")},
    )


_FIELDS: dict[str, Callable[[Question], forms.Field]] = {
    Kind.SHORT_TEXT: lambda question: forms.CharField(),
    Kind.LONG_TEXT: lambda question: forms.CharField(widget=forms.Textarea(attrs={"rows": 5})),
    Kind.SINGLE: _one_of,
    Kind.MULTIPLE: lambda question: forms.MultipleChoiceField(
        choices=choices(question), widget=forms.CheckboxSelectMultiple
    ),
    Kind.LIKERT: _one_of,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.RANKING: lambda question: RankingField(options=choices(question), places=most_choices(question)),
}


def _as_json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date) else value
