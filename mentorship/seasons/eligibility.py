"""Who may take part: each rule by name, what it reads of a person, its words, and what it says of them.

A fact that nobody knows makes a rule "unknown", which a person decides; it never counts against anybody.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from mentorship.people.models import Degree, Profile, Source, User
from mentorship.seasons.models import EligibilityRule

MET, NOT_MET, UNKNOWN = "met", "not-met", "unknown"
OUTCOMES: dict[str, Promise] = {MET: _("met"), NOT_MET: _("not met"), UNKNOWN: _("not known")}


@dataclass(frozen=True)
class Fact:
    """One thing known of a person and whether the staff list says so; `value` None: nobody knows."""

    value: Any = None
    source: str = Source.DECLARED


@dataclass(frozen=True)
class Facts:
    """What rules may read of a person: HR facts and nothing else."""

    service_start: Fact = Fact()
    managerial: Fact = Fact()
    degree: Fact = Fact()
    rank: Fact = Fact()


@dataclass(frozen=True)
class RuleResult:
    """What one rule says. `fact` is what it read, in a form that is kept and worded later by `fact_words`."""

    rule_kind: str
    value: int | None
    outcome: str
    fact: str


@dataclass(frozen=True)
class RuleKind:
    """A check by name: the fact that it reads, the test on it, and its words."""

    title: str | Promise
    fact: str
    test: Callable[[Any, int | None, date], bool]
    words: Callable[[int | None], str]
    needs_value: bool = False


def _years_later(start: date, years: int) -> date:
    """Return the anniversary; who started on 29 February has it on 1 March."""
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return date(start.year + years, 3, 1)


def _service_words(value: int | None) -> str:
    years = value or 0
    return ngettext("At least %(years)d year at the library", "At least %(years)d years at the library", years) % {
        "years": years
    }


KINDS: dict[str, RuleKind] = {
    "service-years": RuleKind(
        _("Years at the library, at least"),
        "service_start",
        lambda start, value, today: _years_later(start, value or 0) <= today,
        _service_words,
        needs_value=True,
    ),
    "not-managerial": RuleKind(
        _("Doesn't supervise people"),
        "managerial",
        lambda managerial, value, today: not managerial,
        lambda value: gettext("You don't supervise people"),
    ),
    "managerial": RuleKind(
        _("Supervises people"),
        "managerial",
        lambda managerial, value, today: bool(managerial),
        lambda value: gettext("You supervise people"),
    ),
    "no-library-degree": RuleKind(
        _("No library degree"),
        "degree",
        lambda degree, value, today: degree == Degree.NONE,
        lambda value: gettext("You don't hold a library degree (MLS or the like)"),
    ),
    "library-degree": RuleKind(
        _("Library degree"),
        "degree",
        lambda degree, value, today: degree == Degree.MLS,
        lambda value: gettext("You hold a library degree (MLS or the like)"),
    ),
    "rank-at-least": RuleKind(
        _("Job rank, at least"),
        "rank",
        lambda rank, value, today: rank >= (value or 0),
        lambda value: gettext("Your job is at rank %(rank)d or above") % {"rank": value or 0},
        needs_value=True,
    ),
    "rank-at-most": RuleKind(
        _("Job rank, at most"),
        "rank",
        lambda rank, value, today: rank <= (value or 0),
        lambda value: gettext("Your job is at rank %(rank)d or below") % {"rank": value or 0},
        needs_value=True,
    ),
}


def facts_of(user: User, today: date) -> Facts:
    """Return what is known of a person. A first day in the future is an error in the list, so nobody knows it.

    Whether somebody supervises is read from the profile, else from the job class.
    """
    profile: Profile | None = getattr(user, "profile", None)
    if profile is None:
        return Facts()
    start = profile.service_start if profile.service_start and profile.service_start <= today else None
    managerial = Fact(profile.managerial, profile.managerial_source)
    rank = Fact()
    if profile.job_class is not None:
        rank = Fact(profile.job_class.rank, profile.job_class_source)
        if profile.managerial is None:
            managerial = Fact(profile.job_class.managerial, profile.job_class_source)
    degree = None if profile.degree == Degree.UNKNOWN else profile.degree
    return Facts(
        service_start=Fact(start, profile.service_start_source),
        managerial=managerial,
        degree=Fact(degree, profile.degree_source),
        rank=rank,
    )


def check(rules: Iterable[EligibilityRule], facts: Facts, today: date) -> list[RuleResult]:
    """Return what each rule says of `facts` on `today`, in the rules' order. Raises KeyError on an unknown kind."""
    results = []
    for rule in rules:
        kind = KINDS[rule.kind]
        fact: Fact = getattr(facts, kind.fact)
        if fact.value is None:
            results.append(RuleResult(rule.kind, rule.value, UNKNOWN, ""))
            continue
        outcome = MET if kind.test(fact.value, rule.value, today) else NOT_MET
        results.append(RuleResult(rule.kind, rule.value, outcome, f"{_kept(fact.value)} {fact.source}"))
    return results


def describe(rule: EligibilityRule) -> str:
    """Return the rule in words: the season's own wording in the reader's language, else the rule's."""
    own = getattr(rule, f"wording_{(get_language() or 'en')[:2]}", "")
    return str(own or KINDS[rule.kind].words(rule.value))


def fact_words(rule_kind: str, fact: str) -> str:
    """Return what a rule read, in words, from the form that RuleResult keeps; empty where nobody knew it."""
    if not fact:
        return ""
    value, source = fact.rsplit(" ", 1)
    words = _FACT_WORDS[KINDS[rule_kind].fact](value)
    return f"{words} ({Source(source).label})"


def _kept(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value)


_FACT_WORDS: dict[str, Callable[[str], str]] = {
    "service_start": lambda value: (
        gettext("at the library since %(day)s") % {"day": formats.date_format(date.fromisoformat(value))}
    ),
    "managerial": lambda value: gettext("supervises people") if value == "yes" else gettext("supervises nobody"),
    "degree": lambda value: str(Degree(value).label),
    "rank": lambda value: gettext("job rank %(rank)s") % {"rank": value},
}
