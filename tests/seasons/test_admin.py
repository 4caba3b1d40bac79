"""Seasons in the admin: made in few clicks, edited with their dates checked, published, switched, archived."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.forms.models import model_to_dict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentorship.records.models import AuditEntry
from mentorship.seasons.models import EligibilityRule, Season
from tests.factories import (
    NOW,
    EligibilityRuleFactory,
    ExperienceTagFactory,
    GoalFactory,
    IdentityOptionFactory,
    SeasonFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def client(sign_in: Callable[..., Client], coordinator: Any) -> Client:
    return sign_in(coordinator)


def address(page: str, *arguments: Any) -> str:
    return reverse(f"admin:seasons_season_{page}", args=arguments)


def text_of(client: Client, url: str) -> str:
    """A page's source, with plain spaces where its numbers are kept with their units."""
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode().replace("\xa0", " ")


def filled(season: Season, **changes: Any) -> dict[str, Any]:
    """The season's form as the browser would send it, with `changes`."""
    values = model_to_dict(season)
    sent = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
        if value is not None and value is not False and name not in {"goals", "cuts", "blackout_weeks"}
    }
    rules = {
        "eligibility_rules-TOTAL_FORMS": "0",
        "eligibility_rules-INITIAL_FORMS": "0",
    }
    goals = [str(goal.pk) for goal in season.goals.all()]
    return sent | rules | {"goals": goals, "cuts": "25,50", "blackout_weeks": ""} | changes


def test_a_season_from_a_template_takes_one_form(client: Client) -> None:
    call_command("load_content", verbosity=0)
    text = text_of(client, address("add"))
    assert "Six-month mentoring" in text
    assert "Nine-month career development" in text
    response = client.post(
        address("add"),
        {"template": "six-month-mentoring", "name_en": "Spring 2027", "name_es": "", "opens_on": "2027-02-08"},
    )
    season = Season.objects.get()
    assert response.url == address("change", season.pk)  # type: ignore[attr-defined]
    assert season.published_at is None
    assert "is a draft" in text_of(client, address("change", season.pk))


def test_the_form_of_a_new_season_says_what_is_missing(client: Client) -> None:
    call_command("load_content", verbosity=0)
    text = client.post(address("add"), {"template": "none", "name_en": "", "opens_on": "soon"}).content.decode()
    assert text.count('class="field-error"') == 3
    assert not Season.objects.exists()


def test_the_next_season_is_a_clone_with_a_name_and_a_day(client: Client) -> None:
    season = SeasonFactory()
    EligibilityRuleFactory(season=season)
    assert "New season like Spring 2027" in text_of(client, address("clone", season.pk))
    response = client.post(address("clone", season.pk), {"name_en": "Autumn 2027", "opens_on": "2027-08-16"})
    clone = Season.objects.get(slug="autumn-2027")
    assert response.url == address("change", clone.pk)  # type: ignore[attr-defined]
    assert clone.eligibility_rules.count() == 1


def test_publishing_shows_what_is_missing_then_asks_then_publishes(client: Client) -> None:
    draft = SeasonFactory(published_at=None)
    text = text_of(client, address("publish", draft.pk))
    assert "4 things are missing before Spring 2027 can be published" in text
    assert "Publish it?" not in text
    draft.goals.add(GoalFactory())
    draft.intro_en, draft.agreement_en, draft.contact_name, draft.contact_phone = "About", "We", "Pat", "555"
    draft.save()
    text = text_of(client, address("publish", draft.pk))
    assert "Spring 2027 is ready to be published" in text
    assert "People can apply from Jan. 18, 2027 to Feb. 12, 2027." in text
    client.post(address("publish", draft.pk))
    draft.refresh_from_db()
    assert draft.published_at == NOW
    assert "is published" in text_of(client, address("publish", draft.pk))


def test_publishing_what_lacks_something_is_refused_with_the_reason(client: Client) -> None:
    draft = SeasonFactory(published_at=None)
    text = client.post(address("publish", draft.pk), follow=True).content.decode()
    assert "Still missing: Goals to choose from" in text
    draft.refresh_from_db()
    assert draft.published_at is None


def test_the_identity_switch_keeps_who_when_and_the_note(client: Client, coordinator: Any) -> None:
    season = SeasonFactory()
    refused = client.post(address("identity", season.pk), {"note": ""}).content.decode()
    assert "Error:" in refused
    client.post(address("identity", season.pk), {"note": "Reviewed by the attorney"})
    season.refresh_from_db()
    assert (season.identity_matching, season.identity_note, season.identity_reviewed_by) == (
        True,
        "Reviewed by the attorney",
        coordinator,
    )
    text = text_of(client, address("identity", season.pk))
    assert "Reviewed by the attorney" in text
    assert "Switch it off?" in text
    client.post(address("identity", season.pk))
    season.refresh_from_db()
    assert season.identity_matching is False


def test_where_identity_is_ruled_out_no_trace_of_it_is_left(client: Client, settings: Any) -> None:
    season = SeasonFactory()
    IdentityOptionFactory()
    assert address("identity", season.pk) in text_of(client, address("change", season.pk))
    settings.IDENTITY = "never"
    assert client.get(address("identity", season.pk)).status_code == 404
    assert client.post(address("identity", season.pk), {"note": "x"}).status_code == 404
    assert address("identity", season.pk) not in text_of(client, address("change", season.pk))
    assert client.get(reverse("admin:seasons_identityoption_changelist")).status_code == 403
    assert "dentity" not in text_of(client, reverse("admin:app_list", args=["seasons"]))


def test_archiving_says_what_is_deleted_and_only_when_it_is_possible(client: Client) -> None:
    assert "Not yet" in text_of(client, address("archive", SeasonFactory().pk))
    draft = SeasonFactory(published_at=None)
    assert "can't be brought back" in text_of(client, address("archive", draft.pk))
    client.post(address("archive", draft.pk))
    draft.refresh_from_db()
    assert draft.archived_at == NOW
    text = text_of(client, address("change", draft.pk))
    assert 'name="_save"' not in text


def test_a_season_is_edited_through_its_service(client: Client) -> None:
    season = SeasonFactory()
    goal = GoalFactory()
    response = client.post(
        address("change", season.pk),
        filled(season, intro_es="De qué trata", blackout_weeks="2027-03-31, 2027-04-05", goals=[str(goal.pk)]),
    )
    assert response.status_code == 302, response.context["errors"]
    season.refresh_from_db()
    assert season.intro_es == "De qué trata"
    assert season.blackout_weeks == [date(2027, 3, 29), date(2027, 4, 5)]
    assert list(season.goals.all()) == [goal]
    assert list(AuditEntry.objects.values_list("verb", flat=True)) == ["edit-season"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"opens_on": "2027-02-08"}, "isn’t possible"),
        ({"closes_on": "2027-01-01"}, "The dates must follow one another"),
        ({"zone": "Mars/Olympus"}, "Select a valid choice"),
        ({"blackout_weeks": "soon"}, "valid date"),
    ],
)
def test_dates_that_cannot_be_are_refused_on_the_form(client: Client, changes: dict[str, str], reason: str) -> None:
    season = SeasonFactory()
    response = client.post(address("change", season.pk), filled(season, **changes))
    assert response.status_code == 200
    assert reason.replace("’", "&#x27;") in response.content.decode()


def test_rules_are_edited_beside_the_season_and_need_their_number(client: Client) -> None:
    season = SeasonFactory()
    rule = {
        "eligibility_rules-TOTAL_FORMS": "1",
        "eligibility_rules-0-role": "mentee",
        "eligibility_rules-0-kind": "service-years",
        "eligibility_rules-0-order": "10",
    }
    refused = client.post(address("change", season.pk), filled(season, **rule))
    assert "This rule needs a number." in refused.content.decode()
    client.post(address("change", season.pk), filled(season, **rule | {"eligibility_rules-0-value": "2"}))
    assert list(EligibilityRule.objects.values_list("kind", "value")) == [("service-years", 2)]


def test_the_tie_break_is_fixed_once_a_season_is_published(client: Client) -> None:
    draft = SeasonFactory(published_at=None)
    assert 'name="seed"' in text_of(client, address("change", draft.pk))
    assert 'name="seed"' not in text_of(client, address("change", SeasonFactory().pk))


@pytest.mark.parametrize("page", ["clone", "publish", "identity", "archive", "change"])
def test_the_pages_of_a_season_are_the_coordinator_s_alone(
    page: str, sign_in: Callable[..., Client], member: Any, administrator: Any
) -> None:
    season = SeasonFactory()
    assert sign_in(member).get(address(page, season.pk)).status_code == 302
    assert sign_in(administrator).get(address(page, season.pk)).status_code == 403
    assert sign_in(administrator).post(address(page, season.pk)).status_code == 403


def test_a_season_that_is_not_there_is_not_found(client: Client) -> None:
    nowhere = "5f0c2f0e-0000-4000-8000-000000000000"
    assert [client.get(address(page, nowhere)).status_code for page in ("clone", "publish", "archive")] == [404] * 3


def test_only_get_and_post_are_answered(client: Client) -> None:
    assert client.delete(address("publish", SeasonFactory().pk)).status_code == 405


@pytest.mark.parametrize("model", ["goal", "experiencetag", "identityoption"])
def test_lists_are_edited_and_the_key_is_fixed_once_it_is_used(client: Client, model: str) -> None:
    row = {"goal": GoalFactory, "experiencetag": ExperienceTagFactory, "identityoption": IdentityOptionFactory}[
        model
    ]()
    assert row.title_en in text_of(client, reverse(f"admin:seasons_{model}_changelist"))
    text = text_of(client, reverse(f"admin:seasons_{model}_change", args=[row.pk]))
    assert 'name="slug"' not in text
    assert 'name="title_es"' in text
    assert 'name="slug"' in text_of(client, reverse(f"admin:seasons_{model}_add"))
    assert client.get(reverse(f"admin:seasons_{model}_delete", args=[row.pk])).status_code == 403


def test_the_list_of_seasons_needs_as_many_queries_for_thirty_as_for_one(client: Client) -> None:
    client.get(address("changelist"))
    counts = []
    for more in (1, 2, 27):
        SeasonFactory.create_batch(more)
        with CaptureQueriesContext(connection) as queries:
            client.get(address("changelist"))
        counts.append(len(queries))
    assert counts == [counts[0]] * 3


def test_a_season_s_form_needs_as_many_queries_for_thirty_goals_as_for_one(client: Client) -> None:
    season = SeasonFactory()
    client.get(address("change", season.pk))
    counts = []
    for more in (1, 2, 27):
        season.goals.add(*GoalFactory.create_batch(more))
        with CaptureQueriesContext(connection) as queries:
            client.get(address("change", season.pk))
        counts.append(len(queries))
    assert counts == [counts[0]] * 3
