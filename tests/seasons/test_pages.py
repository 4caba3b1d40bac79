"""The pages of seasons: who sees which, what they say, in both languages, with constant queries."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentorship.seasons import actions
from tests.factories import NOW, EligibilityRuleFactory, SeasonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def page(client: Client, season: Any) -> str:
    response = client.get(reverse("seasons:detail", args=[season.slug]))
    assert response.status_code == 200
    return response.content.decode()


def test_a_draft_is_found_by_coordinators_alone(
    sign_in: Callable[..., Client], member: Any, coordinator: Any
) -> None:
    draft = SeasonFactory(published_at=None)
    address = reverse("seasons:detail", args=[draft.slug])
    assert Client().get(address).status_code == 404
    assert sign_in(member).get(address).status_code == 404
    assert sign_in(coordinator).get(address).status_code == 200


def test_the_list_leaves_out_what_one_may_not_see(sign_in: Callable[..., Client], member: Any) -> None:
    SeasonFactory(name_en="Open season")
    SeasonFactory(name_en="Secret draft", published_at=None)
    text = sign_in(member).get(reverse("seasons:list")).content.decode()
    assert "Open season" in text
    assert "Applications open" in text
    assert "Secret draft" not in text


def test_the_reader_sees_each_rule_with_their_own_state_before_applying(
    sign_in: Callable[..., Client], member: Any
) -> None:
    season = SeasonFactory()
    EligibilityRuleFactory(season=season, kind="service-years", value=2)
    EligibilityRuleFactory(season=season, kind="library-degree", value=None)
    member.profile.managerial = None
    member.profile.job_class = None
    member.profile.save()
    EligibilityRuleFactory(season=season, kind="not-managerial", value=None)
    text = page(sign_in(member), season)
    assert "At least 2 years at the library · at the library since Jan. 6, 2020 (told by yourself)" in text
    for outcome, kind in (("met", "good"), ("not met", "attention"), ("not known", "neutral")):
        assert f'<span class="status status-{kind}">{outcome}</span>' in text


def test_the_close_is_told_by_the_clock_on_the_library_s_wall(sign_in: Callable[..., Client], member: Any) -> None:
    assert "Feb. 12, 2027, 5 p.m." in page(sign_in(member), SeasonFactory())


def test_visitors_read_the_rules_and_neither_states_nor_the_contact(member: Any) -> None:
    season = SeasonFactory(contact_name="Pat Outside", contact_email="pat@elsewhere.example")
    EligibilityRuleFactory(season=season)
    text = page(Client(), season)
    assert "At least 1 year at the library" in text
    assert 'status-good">met' not in text
    assert "Pat Outside" not in text
    assert "Sign in to apply" in text


def test_the_contact_outside_the_programme_is_named_to_staff(sign_in: Callable[..., Client], member: Any) -> None:
    season = SeasonFactory(contact_name="Pat Outside", contact_email="pat@elsewhere.example")
    assert "mailto:pat@elsewhere.example" in page(sign_in(member), season)


def test_everything_is_said_in_spanish_to_those_who_read_spanish(sign_in: Callable[..., Client], member: Any) -> None:
    member.language = "es"
    member.save()
    season = SeasonFactory(
        intro_en="About it", intro_es="De qué trata", agreement_en="We agree", agreement_es="Acordamos"
    )
    EligibilityRuleFactory(season=season, wording_en="A year here", wording_es="Un año aquí")
    text = page(sign_in(member), season)
    assert [word in text for word in ("Primavera de 2027", "De qué trata", "Acordamos", "Un año aquí")] == [True] * 4
    assert "About it" not in text


def test_markdown_is_shown_and_anything_else_is_taken_out(sign_in: Callable[..., Client], member: Any) -> None:
    season = SeasonFactory(intro_en="**Bold** <script>alert(1)</script><a href='javascript:x'>go</a>")
    text = page(sign_in(member), season)
    assert "<strong>Bold</strong>" in text
    assert "alert(1)" not in text
    assert "javascript:" not in text


def test_what_an_upper_app_offers_stands_first_on_the_page(
    sign_in: Callable[..., Client], member: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "_sources", [])
    actions.register_action(lambda request, season, now: actions.Action("Later", "/later/", order=200))
    actions.register_action(
        lambda request, season, now: actions.Action("Apply as a mentee", "/apply/here/", "Ten minutes.")
    )
    actions.register_action(lambda request, season, now: None)
    text = page(sign_in(member), SeasonFactory())
    assert text.index("Apply as a mentee") < text.index("Later")
    assert '<a class="btn btn-main" href="/apply/here/">' in text


def test_the_list_needs_as_many_queries_for_thirty_seasons_as_for_one(
    sign_in: Callable[..., Client], member: Any
) -> None:
    client = sign_in(member)
    client.get(reverse("seasons:list"))
    counts = []
    for more in (1, 2, 27):
        SeasonFactory.create_batch(more)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(reverse("seasons:list"))
        counts.append(len(queries))
    assert counts == [counts[0]] * 3


def test_a_season_s_page_needs_as_many_queries_for_thirty_rules_as_for_one(
    sign_in: Callable[..., Client], member: Any
) -> None:
    client = sign_in(member)
    season = SeasonFactory(has_circles=True)
    kinds = ["service-years", "not-managerial", "library-degree", "rank-at-least", "rank-at-most", "managerial"]
    page(client, season)
    counts = []
    for kind in kinds:
        for role in ("mentor", "mentee", "peer"):
            EligibilityRuleFactory(season=season, role=role, kind=kind)
        with CaptureQueriesContext(connection) as queries:
            page(client, season)
        counts.append(len(queries))
    assert counts == [counts[0]] * len(kinds)


def test_home_says_when_applications_open_as_long_as_they_have_not(
    sign_in: Callable[..., Client], member: Any
) -> None:
    client = sign_in(member)
    season = SeasonFactory(opens_on=date(2027, 2, 8))
    assert "Applications open on February 8" in client.get(reverse("portal:home")).content.decode()
    season.opens_on = date(2027, 2, 1)
    season.save()
    assert "Applications open on" not in client.get(reverse("portal:home")).content.decode()
