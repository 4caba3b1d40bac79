"""The one validator: answers as JSON keyed by stable question and option keys, whether from a form or elsewhere.

Short and long text, and a single choice, are strings (an option's key); several choices and rankings lists of keys;
Likert 1 to 5 or "na"; a number an int or float; a date its ISO form. A question without an answer is left out.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.utils import formats
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from mentorship.questionnaires.definitions import LENGTHS, NOT_APPLICABLE, POINTS, Kind
from mentorship.questionnaires.models import Question

Answers = dict[str, Any]


class AnswersError(Exception):
    """Some answers don't fit their questions; `errors` holds a sentence for each key."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(f"{key}: {text}" for key, text in errors.items()))
        self.errors = errors


def validate(questions: Iterable[Question], answers: Answers, *, complete: bool = True) -> Answers:
    """Return `answers` in their normal form, in the questions' order. Raises AnswersError.

    `complete` demands those that must be answered; a draft is checked without. A key that is no question is refused.
    """
    asked = {question.key: question for question in questions}
    errors = {key: _("There is no such question.") for key in answers if key not in asked}
    valid: Answers = {}
    for key, question in asked.items():
        try:
            value = normal(question, answers.get(key))
        except ValueError as error:
            errors[key] = str(error)
            continue
        if value is not None:
            valid[key] = value
        elif question.required and complete:
            errors[key] = _("Please answer this question.")
    if errors:
        raise AnswersError(errors)
    return valid


def normal(question: Question, value: Any) -> Any:
    """Return the normal form of one answer, None where it is empty. Raises ValueError with a sentence to show."""
    if value is None or value == "" or value == []:
        return None
    return _NORMAL[question.kind](question, value)


def choices(question: Question) -> list[tuple[str, str]]:
    """Return (key, text in the reader's language) of the options; Likert without its own has agreement."""
    if not question.options and question.kind == Kind.LIKERT:
        return list(
            zip(
                POINTS,
                [_("Strongly disagree"), _("Disagree"), _("Neither"), _("Agree"), _("Strongly agree")],
                strict=True,
            )
        )
    language = (get_language() or "en")[:2]
    return [(option["key"], option.get(language) or option["en"]) for option in question.options]


def worded(question: Question, value: Any) -> list[str]:
    """Return a valid answer in the reader's words, one line an item; nothing where there is no answer."""
    if value is None or value == "" or value == []:
        return []
    texts = dict(choices(question))
    if question.kind in {Kind.MULTIPLE, Kind.RANKING}:
        return [texts[key] for key in value]
    if question.kind in {Kind.SINGLE, Kind.LIKERT}:
        return [texts[str(value)]]
    if question.kind == Kind.DATE:
        return [formats.date_format(date.fromisoformat(value))]
    if question.kind == Kind.NUMBER:
        return [formats.number_format(value)]
    return [str(value)]


def longest(question: Question) -> int:
    """Return how many characters a text may have."""
    return int(question.limits.get("max_length", LENGTHS[Kind(question.kind)]))


def most_choices(question: Question) -> int:
    """Return how many options may be chosen or put in order."""
    return min(int(question.limits.get("max_choices", len(question.options))), len(question.options))


def _text(question: Question, value: Any) -> str | None:
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError(_("Please write a text."))
    text = value.strip().replace("\r\n", "\n")
    if len(text) > (most := longest(question)):
        raise ValueError(
            _("Please use at most %(most)d characters; these are %(given)d.") % {"most": most, "given": len(text)}
        )
    return text or None


def _option(question: Question, value: Any) -> str:
    if value not in [option["key"] for option in question.options]:
        raise ValueError(_("Please choose one of the options."))
    return str(value)


def _options(question: Question, value: Any) -> list[str]:
    if not isinstance(value, list):
        raise ValueError(_("Please choose from the options."))
    chosen = [_option(question, key) for key in value]
    if len(chosen) > (most := most_choices(question)):
        raise ValueError(
            ngettext("Please choose at most %(most)d.", "Please choose at most %(most)d.", most) % {"most": most}
        )
    return chosen


def _several(question: Question, value: Any) -> list[str]:
    chosen = set(_options(question, value))
    return [option["key"] for option in question.options if option["key"] in chosen]


def _ranking(question: Question, value: Any) -> list[str]:
    chosen = _options(question, value)
    if len(chosen) != len(set(chosen)):
        raise ValueError(_("Please give each option one place only."))
    return chosen


def _point(question: Question, value: Any) -> int | str:
    if isinstance(value, bool) or str(value) not in [key for key, _label in choices(question)]:
        raise ValueError(_("Please choose one of the options."))
    return NOT_APPLICABLE if value == NOT_APPLICABLE else int(value)


def _number(question: Question, value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value or abs(value) == float("inf"):
        raise ValueError(_("Please write a number."))
    _check_ends(question, value, formats.number_format)
    return int(value) if value == int(value) else value


def _date(question: Question, value: Any) -> str:
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(_("Please write a date, for example 2027-03-29.")) from None
    _check_ends(question, day.isoformat(), lambda end: formats.date_format(date.fromisoformat(end)))
    return day.isoformat()


def _check_ends(question: Question, value: Any, words: Callable[[Any], str]) -> None:
    least, most = question.limits.get("min"), question.limits.get("max")
    if least is not None and value < least:
        raise ValueError(_("Please give %(least)s or more.") % {"least": words(least)})
    if most is not None and value > most:
        raise ValueError(_("Please give %(most)s or less.") % {"most": words(most)})


_NORMAL: dict[str, Callable[[Question, Any], Any]] = {
    Kind.SHORT_TEXT: _text,
    Kind.LONG_TEXT: _text,
    Kind.SINGLE: _option,
    Kind.MULTIPLE: _several,
    Kind.LIKERT: _point,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.RANKING: _ranking,
}
