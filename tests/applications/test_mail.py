"""The messages about applications: in both languages, true when they are sent, neutral in their subjects."""

from typing import Any

import pytest

from mentorship.applications.services import (
    ask_second_look,
    decide_second_look,
    invite_to_apply,
    release_decisions,
    screen_application,
    submit_application,
    withdraw_application,
)
from mentorship.people.models import User
from mentorship.records import retention
from mentorship.reminders import previews
from mentorship.reminders.models import Delivery
from mentorship.reminders.registry import rule_of
from mentorship.reminders.rendering import render
from tests.applications.conftest import filled
from tests.factories import NOW, EligibilityRuleFactory, UserFactory

pytestmark = pytest.mark.django_db


def deliver_all(season: Any, coordinator: Any, goal: Any) -> list[Delivery]:
    """One message of every rule."""
    EligibilityRuleFactory(
        season=season, kind="no-library-degree", value=None, wording_en="No degree", wording_es="Sin título"
    )
    rows = []
    for decision, degree in (("eligible", "none"), ("ineligible", "mls"), ("waiting", "none")):
        applicant = UserFactory(profile__degree=degree)
        row = submit_application(application=filled(season, applicant), by=applicant, now=NOW)
        rows.append(screen_application(application=row, decision=decision, by=coordinator, now=NOW))
    release_decisions(season=season, by=coordinator, now=NOW)
    look = ask_second_look(application=rows[1], words="Why?", by=rows[1].applicant, now=NOW)
    decide_second_look(
        look=look, decision="upheld", reason="The rule stands", by=UserFactory(roles=["coordinator"]), now=NOW
    )
    invite_to_apply(season=season, people=[UserFactory()], role="mentor", goal=goal, by=coordinator, now=NOW)
    return list(Delivery.objects.select_related("recipient__profile"))


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_message_renders_with_one_address_to_act_on(
    season: Any, coordinator: Any, goals: list[Any], language: str
) -> None:
    deliveries = deliver_all(season, coordinator, goals[0])
    assert {row.rule for row in deliveries} == {
        "application-received",
        "application-eligible",
        "application-not-this-season",
        "application-waiting",
        "second-look-decided",
        "invitation-to-apply",
    }
    for delivery in deliveries:
        delivery.recipient.language = language
        assert rule_of(delivery.rule).unless(delivery, NOW) == ""
        message = render(delivery)
        assert message.text.count("/apply/") == 1
        assert "{{" not in message.text + message.html
        assert "Spring" not in message.subject


def test_not_this_season_gives_the_reason_and_what_is_on_record(
    season: Any, coordinator: Any, goals: list[Any]
) -> None:
    [delivery] = [
        row for row in deliver_all(season, coordinator, goals[0]) if row.rule == "application-not-this-season"
    ]
    message = render(delivery)
    assert "- No degree · on record: library degree (told by yourself)" in message.text
    assert "/second-look/" in message.text


def test_nothing_is_sent_about_an_application_that_was_withdrawn(
    season: Any, coordinator: Any, goals: list[Any]
) -> None:
    deliveries = [row for row in deliver_all(season, coordinator, goals[0]) if row.rule.startswith("application-")]
    from mentorship.applications.models import Application

    for application in Application.objects.all():
        withdraw_application(application=application, by=application.applicant, now=NOW)
    assert [row.rule for row in deliveries if not rule_of(row.rule).unless(row, NOW)] == []


def test_an_invitation_is_not_sent_to_who_has_applied_meanwhile(
    season: Any, coordinator: Any, goals: list[Any]
) -> None:
    [delivery] = [row for row in deliver_all(season, coordinator, goals[0]) if row.rule == "invitation-to-apply"]
    filled(season, delivery.recipient, "mentor")
    assert rule_of("invitation-to-apply").unless(delivery, NOW) == "they have applied"


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_sample_that_every_coordinator_may_read_is_about_nobody(
    season: Any, coordinator: Any, goals: list[Any], language: str
) -> None:
    rules = {row.rule for row in deliver_all(season, coordinator, goals[0])}
    people = [person.display_name for person in User.objects.all()]
    for key in rules:
        sample = previews.preview(rule_of(key), language)
        assert sample is not None
        assert "Sam" in sample.text
        told = sample.subject + sample.text + sample.html
        assert [name for name in people if name in told] == []


def test_every_field_is_in_the_retention_registry() -> None:
    assert [name for name in retention.missing() if name.startswith("applications.")] == []
    notes = {note.model.__name__: note for note in retention.notes()}
    for model, field in (("Avoidance", "people"), ("IdentityAnswer", "given")):
        assert notes[model].note(field).seen_by == (retention.Reader.OWNER,)
