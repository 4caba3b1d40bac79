"""Eligibility: each rule is met, not met or unknown, with its reason; nobody is judged on what isn't known."""

from datetime import date
from typing import Any

import pytest
from django.utils import translation

from mentorship.seasons.eligibility import KINDS, Fact, Facts, RuleResult, check, describe, fact_words, facts_of
from mentorship.seasons.models import EligibilityRule
from tests.factories import JobClassFactory, UserFactory

TODAY = date(2027, 2, 1)


def rule(kind: str, value: int | None = None, **wording: str) -> EligibilityRule:
    return EligibilityRule(role="mentee", kind=kind, value=value, **wording)


TABLE = [
    ("service-years", 1, "service_start", date(2026, 2, 1), "met", "2026-02-01 imported"),
    ("service-years", 1, "service_start", date(2026, 2, 2), "not-met", "2026-02-02 imported"),
    ("service-years", 0, "service_start", date(2027, 2, 1), "met", "2027-02-01 imported"),
    ("not-managerial", None, "managerial", False, "met", "no imported"),
    ("not-managerial", None, "managerial", True, "not-met", "yes imported"),
    ("managerial", None, "managerial", True, "met", "yes imported"),
    ("managerial", None, "managerial", False, "not-met", "no imported"),
    ("no-library-degree", None, "degree", "none", "met", "none imported"),
    ("no-library-degree", None, "degree", "mls", "not-met", "mls imported"),
    ("library-degree", None, "degree", "mls", "met", "mls imported"),
    ("library-degree", None, "degree", "none", "not-met", "none imported"),
    ("rank-at-least", 5, "rank", 5, "met", "5 imported"),
    ("rank-at-least", 5, "rank", 4, "not-met", "4 imported"),
    ("rank-at-most", 5, "rank", 5, "met", "5 imported"),
    ("rank-at-most", 5, "rank", 6, "not-met", "6 imported"),
]


@pytest.mark.parametrize(("kind", "value", "name", "known", "outcome", "fact"), TABLE)
def test_a_rule_says_met_or_not_met_by_the_fact_it_reads(
    kind: str, value: int | None, name: str, known: Any, outcome: str, fact: str
) -> None:
    facts = Facts(**{name: Fact(known, "imported")})
    assert check([rule(kind, value)], facts, TODAY) == [RuleResult(kind, value, outcome, fact)]


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_rule_says_unknown_where_nobody_knows_the_fact(kind: str) -> None:
    assert check([rule(kind, 1)], Facts(), TODAY) == [RuleResult(kind, 1, "unknown", "")]


def test_every_rule_is_in_the_table_met_and_not_met() -> None:
    assert {(kind, outcome) for kind, _v, _n, _k, outcome, _f in TABLE} == {
        (kind, outcome) for kind in KINDS for outcome in ("met", "not-met")
    }


def test_who_started_on_29_february_has_the_anniversary_on_1_march() -> None:
    facts = Facts(service_start=Fact(date(2024, 2, 29)))
    one_year = rule("service-years", 1)
    assert check([one_year], facts, date(2025, 2, 28))[0].outcome == "not-met"
    assert check([one_year], facts, date(2025, 3, 1))[0].outcome == "met"


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_rule_has_words_and_its_own_wording_comes_first(kind: str, language: str) -> None:
    with translation.override(language):
        assert describe(rule(kind, 2))
        assert describe(rule(kind, 2, wording_en="Own words", wording_es="Palabras propias")) == (
            "Own words" if language == "en" else "Palabras propias"
        )


def test_a_rule_reworded_in_english_alone_keeps_its_usual_words_in_spanish() -> None:
    reworded = rule("not-managerial", wording_en="You aren't anybody's boss")
    with translation.override("es"):
        assert describe(reworded) == describe(rule("not-managerial"))


@pytest.mark.parametrize(
    ("kind", "fact", "words"),
    [
        ("service-years", "2020-01-06 imported", "at the library since Jan. 6, 2020 (from the staff list)"),
        ("not-managerial", "no declared", "supervises nobody (told by yourself)"),
        ("managerial", "yes imported", "supervises people (from the staff list)"),
        ("library-degree", "mls declared", "library degree (told by yourself)"),
        ("rank-at-most", "4 imported", "job rank 4 (from the staff list)"),
        ("rank-at-most", "", ""),
    ],
)
def test_what_a_rule_read_is_said_in_words_with_its_source(kind: str, fact: str, words: str) -> None:
    with translation.override("en"):
        assert fact_words(kind, fact) == words


@pytest.mark.django_db
def test_facts_come_from_the_profile_with_their_source() -> None:
    person = UserFactory(
        profile__service_start=date(2020, 1, 6),
        profile__service_start_source="imported",
        profile__managerial=None,
        profile__job_class=JobClassFactory(rank=8, managerial=True),
        profile__job_class_source="imported",
        profile__degree="mls",
    )
    assert facts_of(person, TODAY) == Facts(
        service_start=Fact(date(2020, 1, 6), "imported"),
        managerial=Fact(True, "imported"),
        degree=Fact("mls", "declared"),
        rank=Fact(8, "imported"),
    )


@pytest.mark.django_db
def test_whether_somebody_supervises_is_believed_of_the_person_before_the_job_class() -> None:
    person = UserFactory(profile__managerial=False, profile__job_class=JobClassFactory(managerial=True))
    assert facts_of(person, TODAY).managerial == Fact(False, "declared")


@pytest.mark.django_db
def test_a_first_day_in_the_future_is_a_fact_that_nobody_knows() -> None:
    person = UserFactory(profile__service_start=date(2027, 2, 2))
    assert facts_of(person, TODAY).service_start.value is None


@pytest.mark.django_db
def test_without_a_profile_nothing_is_known() -> None:
    assert facts_of(UserFactory(profile=None), TODAY) == Facts()
