"""Circles in words: what to look at first, why somebody has none, which rules a change would break."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentorship.partnerships.words import time_words
from mentorship.people.meeting import LANGUAGES, MODES

DECLINED, WITHDREW, TOO_SMALL, NO_FACILITATOR, OVERDUE, FINE = range(6)

ATTENTION: dict[int, tuple[str | Promise, str]] = {
    DECLINED: (gettext_lazy("Facilitator declined"), "trouble"),
    WITHDREW: (gettext_lazy("Somebody withdrew"), "trouble"),
    TOO_SMALL: (gettext_lazy("Too small"), "attention"),
    NO_FACILITATOR: (gettext_lazy("No facilitator"), "attention"),
    OVERDUE: (gettext_lazy("No answer yet"), "attention"),
}
STATES: dict[str, tuple[str | Promise, str]] = {
    "proposed": (gettext_lazy("Suggested"), "neutral"),
    "locked": (gettext_lazy("Held"), "good"),
}
PARTNERED: dict[str, tuple[str | Promise, str]] = {
    "approved": (gettext_lazy("Approved"), "good"),
    "asked": (gettext_lazy("Facilitator asked"), "neutral"),
    "confirmed": (gettext_lazy("Facilitator said yes"), "good"),
    "declined": (gettext_lazy("Facilitator declined"), "trouble"),
    "cancelled": (gettext_lazy("Taken back"), "neutral"),
    "announced": (gettext_lazy("Announced"), "good"),
    "running": (gettext_lazy("Under way"), "good"),
    "completed": (gettext_lazy("Completed"), "good"),
    "completed-early": (gettext_lazy("Completed early"), "good"),
    "ended": (gettext_lazy("Ended"), "neutral"),
}
RULES: dict[str, str | Promise] = {
    "too_small": gettext_lazy("it would have fewer than four peers"),
    "too_large": gettext_lazy("it would have more than eight peers"),
    "same_unit": gettext_lazy("more than two peers would work in the same unit"),
    "theme": gettext_lazy("somebody didn't choose its theme"),
    "time": gettext_lazy("somebody isn't free at its time"),
    "mode": gettext_lazy("somebody can't meet that way"),
    "language": gettext_lazy("somebody doesn't speak its language"),
    "forbidden": gettext_lazy("a coordinator said that somebody isn't to be in such a circle"),
    "pin": gettext_lazy("a coordinator said that somebody is to be in another circle"),
    "exclusion": gettext_lazy("a coordinator doesn't want two of them together"),
    "supervisor_chain": gettext_lazy("one of them supervises another"),
    "other": gettext_lazy("not possible this season"),
}
REFUSED: dict[str, str | Promise] = {
    "withdrew": gettext_lazy("somebody withdrew"),
    "concerned": gettext_lazy("another coordinator decides"),
    "has-circle": gettext_lazy("somebody has a circle already"),
    "no-facilitator": gettext_lazy("nobody facilitates it"),
    "alone": gettext_lazy("one person alone is no circle"),
}


def kind_words(slot: str, mode: str, language: str) -> list[str]:
    """When, how and in which language a circle meets; what nobody named is left out."""
    return [
        *([time_words(slot)] if slot else []),
        *([str(MODES[mode])] if mode in MODES else []),
        *([str(LANGUAGES[language])] if language in LANGUAGES else []),
    ]


def rules_in_words(codes: Iterable[str]) -> list[str]:
    """Rule codes, as the engine tells them to coordinators, in words."""
    return [str(RULES[code]) for code in codes]


def unplaced_in_words(reasons: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """Why somebody has no circle, as a sentence for the coordinator; `titles` are those of the goals, by key."""
    words = {"theme": titles.get(str(reasons.get("theme", "")), ""), "n": reasons.get("people", 0)}
    sentences = {
        "no_theme": _("They named no goal on which there could be a circle."),
        "forbidden": _("Every theme that they chose is ruled out for them."),
        "too_few_for_theme": _("No theme of theirs has four people: “%(theme)s”, the nearest, has %(n)d."),
        "no_common_time": _("%(n)d people chose “%(theme)s”, but no four of them with a time in common."),
        "no_shared_mode": _("%(n)d people on “%(theme)s” have a time in common, but no way to meet."),
        "no_shared_language": _("%(n)d people on “%(theme)s” have a time in common, but no language."),
        "rules": _("Four people on “%(theme)s” could meet, but not without breaking a rule of circles."),
        "competition": _("A circle on “%(theme)s” was possible, but its people do more good in other circles."),
        "by-hand": _("A coordinator took them out of their circle, or closed it."),
    }
    return sentences.get(str(reasons.get("nobody")), _("They joined after the last run.")) % words
