"""What a question may say of itself: which kinds have options, which limits each knows; for files and the editor."""

import re
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from mentorship.questionnaires.models import Question

Kind = Question.Kind

# Files need encrypted storage, which belongs to the first app that asks for one: until then nobody can be asked.
ASKABLE = [kind for kind in Kind if kind != Kind.FILE]
WITH_OPTIONS = frozenset({Kind.SINGLE, Kind.MULTIPLE, Kind.RANKING})
LIMITS: dict[str, frozenset[str]] = {
    Kind.SHORT_TEXT: frozenset({"max_length"}),
    Kind.LONG_TEXT: frozenset({"max_length"}),
    Kind.SINGLE: frozenset(),
    Kind.MULTIPLE: frozenset({"max_choices"}),
    Kind.LIKERT: frozenset(),
    Kind.NUMBER: frozenset({"min", "max"}),
    Kind.DATE: frozenset({"min", "max"}),
    Kind.RANKING: frozenset({"max_choices"}),
}
LENGTHS = {Kind.SHORT_TEXT: 200, Kind.LONG_TEXT: 4000}
POINTS = ["1", "2", "3", "4", "5"]
NOT_APPLICABLE = "na"
KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def problem_with(question: Question) -> str:
    """Return what is wrong with a question's kind, options or limits, or nothing."""
    if question.kind not in ASKABLE:
        return _("Questions of the kind “%(kind)s” can't be asked yet.") % {"kind": question.kind}
    if not KEY.fullmatch(question.key):
        return _("The key “%(key)s” needs small letters, digits and hyphens.") % {"key": question.key}
    return _problem_with_options(question) or _problem_with_limits(question)


def _problem_with_options(question: Question) -> str:
    keys = [option.get("key", "") for option in question.options]
    if len(keys) != len(set(keys)):
        return _("Two options have the same key.")
    if any(set(option) != {"key", "en", "es"} or not option["en"] for option in question.options):
        return _("Each option needs a key and a text.")
    if question.kind == Kind.LIKERT:
        if keys and [key for key in keys if key != NOT_APPLICABLE] != POINTS:
            return _("The points of agreement have the keys 1 to 5, and “na” for not applicable.")
    elif question.kind in WITH_OPTIONS:
        if len(keys) < 2:
            return _("A question with options needs two or more.")
        if not all(KEY.fullmatch(key) for key in keys):
            return _("Keys of options need small letters, digits and hyphens.")
    elif keys:
        return _("This kind of question has no options.")
    return ""


def _problem_with_limits(question: Question) -> str:
    limits: dict[str, Any] = question.limits
    if unknown := sorted(set(limits) - LIMITS[question.kind]):
        return _("This kind of question has no limit “%(limit)s”.") % {"limit": unknown[0]}
    if question.kind == Kind.DATE:
        try:
            ends = [date.fromisoformat(limits[name]) for name in ("min", "max") if name in limits]
        except (TypeError, ValueError):
            return _("The first and the last day need the form 2027-03-29.")
    else:
        if any(type(value) not in (int, float) for value in limits.values()):
            return _("Limits are numbers.")
        ends = [limits[name] for name in ("min", "max") if name in limits]
    if ends != sorted(ends):
        return _("The least is above the most.")
    if limits.get("max_length", 1) < 1 or limits.get("max_choices", 1) < 1:
        return _("A limit of length or number is at least 1.")
    return ""
