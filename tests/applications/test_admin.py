"""The coordinator's pages: exceptions first, bulk decisions that say what they do, and nothing private anywhere."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentorship.applications.models import Application, Invitation
from mentorship.applications.services import (
    ask_second_look,
    release_decisions,
    save_section,
    screen_application,
    submit_application,
)
from tests.applications.conftest import filled
from tests.factories import (
    NOW,
    EligibilityRuleFactory,
    MenteeFactory,
    MentorFactory,
    PartnershipFactory,
    SeasonFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
NAME = "admin:applications_application_{}".format


@pytest.fixture
def ruled(season: Any) -> Any:
    EligibilityRuleFactory(season=season, kind="no-library-degree", value=None, wording_en="No degree yet")
    return season


def sent(season: Any, name: str, role: str = "mentee", goals: Any = None, **profile: Any) -> Any:
    applicant = UserFactory(
        given_name=name, family_name="Person", **{f"profile__{key}": value for key, value in profile.items()}
    )
    return submit_application(application=filled(season, applicant, role, goals), by=applicant, now=NOW)


def text(client: Client, name: str, *args: Any, query: str = "") -> str:
    """A page's source, with plain spaces where its numbers are kept with their units."""
    response = client.get(reverse(NAME(name), args=args) + query)
    assert response.status_code == 200, name
    return response.content.decode().replace("\xa0", " ")


def all_pages(season: Any, application: Any, goal: Any) -> list[str]:
    return [
        reverse(NAME("changelist")),
        reverse(NAME("change"), args=[application.pk]),
        *(reverse(NAME(name), args=[season.pk]) for name in ("screening", "clear", "release", "gaps")),
        reverse(NAME("invite"), args=[season.pk, goal.pk]),
    ]


def test_the_list_and_the_screening_page_show_exceptions_first(ruled: Any, coordinator: Any, sign_in: SignIn) -> None:
    sent(ruled, "Clear")
    sent(ruled, "Unknown", degree="unknown")
    refused = sent(ruled, "Refused", degree="mls")
    screen_application(application=refused, decision="ineligible", by=coordinator, now=NOW)
    release_decisions(season=ruled, by=coordinator, now=NOW)
    ask_second_look(application=refused, words="Again", by=refused.applicant, now=NOW)
    client = sign_in(coordinator)
    listed = text(client, "changelist")
    assert listed.index("Refused Person") < listed.index("Unknown Person") < listed.index("Clear Person")
    page = text(client, "screening", ruled.pk)
    assert "2 of 3 applications need you" in page
    assert page.index("Refused Person") < page.index("Unknown Person")
    assert "Clear Person" not in page
    assert "1 application meets every rule" in page


def test_drafts_and_what_concerns_a_coordinator_are_not_found(
    ruled: Any, coordinator: Any, member: Any, sign_in: SignIn
) -> None:
    draft = filled(ruled, member)
    own = submit_application(application=filled(ruled, coordinator), by=coordinator, now=NOW)
    report = sent(ruled, "Report", supervisor=coordinator)
    partner = sent(ruled, "Partner")
    before = SeasonFactory()
    pair = (
        MenteeFactory(season=before, applicant=coordinator),
        MentorFactory(season=before, applicant=partner.applicant),
    )
    PartnershipFactory(season=before, pair=pair)
    client = sign_in(coordinator)
    for application in (draft, own, report, partner):
        for name in ("change", "decide", "second_look"):
            url = reverse(NAME(name), args=[application.pk])
            assert client.get(url).status_code in {404, 405}
            assert client.post(url, {"decision": "eligible", "reason": "x"}).status_code in {404, 405}
    assert "Report Person" not in text(client, "changelist")
    assert "Partner Person" not in text(client, "changelist")
    assert {row.state for row in Application.objects.filter(season=ruled).exclude(pk=draft.pk)} == {"submitted"}


def test_an_administrator_has_no_programme_content(
    ruled: Any, administrator: Any, sign_in: SignIn, goals: list[Any]
) -> None:
    client = sign_in(administrator)
    for url in all_pages(ruled, sent(ruled, "Rosa"), goals[0]):
        assert client.get(url).status_code == 403, url


def test_marking_and_telling_say_first_what_happens_to_how_many(
    ruled: Any, coordinator: Any, sign_in: SignIn
) -> None:
    for number in range(2):
        sent(ruled, f"Clear{number}")
    refused = sent(ruled, "Refused", degree="mls")
    screen_application(application=refused, decision="ineligible", by=coordinator, now=NOW)
    client = sign_in(coordinator)
    assert "Mark 2 applications as eligible?" in text(client, "clear", ruled.pk)
    client.post(reverse(NAME("clear"), args=[ruled.pk]))
    page = text(client, "release", ruled.pk)
    assert "Tell 3 people what was decided?" in page
    assert "2 read: you can take part." in page
    assert "1 reads: not this season" in page
    client.post(reverse(NAME("release"), args=[ruled.pk]))
    assert Application.objects.filter(released_at=NOW).count() == 3
    assert "Nothing to tell" in text(client, "release", ruled.pk)


def test_a_decision_that_cannot_be_made_keeps_what_was_typed(ruled: Any, coordinator: Any, sign_in: SignIn) -> None:
    application = sent(ruled, "Refused", degree="mls")
    client = sign_in(coordinator)
    url = reverse(NAME("decide"), args=[application.pk])
    page = client.post(url, {"decision": "eligible", "reason": ""}).content.decode()
    assert "A rule isn&#x27;t met. To make an exception, say why." in page
    assert "checked" in page
    assert client.get(url).status_code == 405
    response = client.post(url, {"decision": "eligible", "reason": "Earned it"})
    assert response.headers["Location"] == reverse(NAME("screening"), args=[ruled.pk])
    assert "Exception by Ana Ortiz: Earned it" in text(client, "change", application.pk)


def test_whoever_decided_first_cannot_take_the_second_look(ruled: Any, coordinator: Any, sign_in: SignIn) -> None:
    application = sent(ruled, "Refused", degree="mls")
    screen_application(application=application, decision="ineligible", by=coordinator, now=NOW)
    release_decisions(season=ruled, by=coordinator, now=NOW)
    ask_second_look(application=application, words="I hold none", by=application.applicant, now=NOW)
    url = reverse(NAME("second_look"), args=[application.pk])
    first = sign_in(coordinator)
    assert "Somebody else decides this" in first.get(url).content.decode()
    first.post(url, {"decision": "changed", "reason": "Yes"})
    assert Application.objects.get(pk=application.pk).state == "ineligible"
    second = sign_in(UserFactory(roles=["coordinator"]))
    assert second.post(url, {"decision": "changed", "reason": "Yes"}).status_code == 302
    assert Application.objects.get(pk=application.pk).state == "eligible"
    assert second.get(url).status_code == 404


def test_the_gap_board_says_what_is_wanted_and_who_could_be_asked(
    season: Any, coordinator: Any, sign_in: SignIn, goals: list[Any]
) -> None:
    for number in range(3):
        sent(season, f"Mentee{number}", goals=[goals[7], *goals[:2]], job_class__rank=2)
    sent(season, "Mentor", "mentor", goals=[goals[7]])
    senior = UserFactory(given_name="Senior", profile__job_class__rank=8)
    UserFactory(given_name="Junior", profile__job_class__rank=1)
    client = sign_in(coordinator)
    page = text(client, "gaps", season.pk)
    assert "2 mentees have applied" not in page
    assert "3 mentees have applied; the mentors have 1 places." in page
    assert page.index(str(goals[0])) < page.index(str(goals[7]))
    url = reverse(NAME("invite"), args=[season.pk, goals[7].pk])
    page = client.get(url).content.decode()
    assert "Senior" in page
    assert "Junior" not in page
    assert "Mentor Person" not in page
    response = client.post(url, {"person": [str(senior.pk), "not a key"]})
    assert response.headers["Location"] == reverse(NAME("gaps"), args=[season.pk])
    assert Invitation.objects.get().person == senior
    assert "Senior" not in client.get(url).content.decode()


def test_who_offered_a_goal_before_is_listed_first(
    season: Any, coordinator: Any, sign_in: SignIn, goals: list[Any]
) -> None:
    from tests.factories import ApplicationFactory

    sent(season, "Mentee", goals=goals[:3], job_class__rank=2)
    UserFactory(given_name="Higher", profile__job_class__rank=9)
    before = UserFactory(given_name="Before", profile__job_class__rank=3)
    ApplicationFactory(applicant=before, role="mentor", state="eligible", wants={goals[0]: 2})
    page = sign_in(coordinator).get(reverse(NAME("invite"), args=[season.pk, goals[0].pk])).content.decode()
    assert page.index("Before") < page.index("Higher")
    assert "offered this in an earlier season" in page


def test_nothing_private_reaches_a_coordinators_page(
    ruled: Any, coordinator: Any, sign_in: SignIn, goals: list[Any]
) -> None:
    application = sent(ruled, "Rosa", degree="unknown")
    owner = application.applicant
    given = {"gender": {"values": ["CANARY-VALUE"], "own_words": "CANARY-WORDS", "match": 2}}
    avoided = UserFactory(given_name="CANARY-AVOIDED")
    client = sign_in(coordinator)
    pages = all_pages(ruled, application, goals[0])
    before = [client.get(url).content for url in pages]
    save_section(application=application, section="identity", data={"given": given}, by=owner, now=NOW)
    save_section(application=application, section="avoid", data={"people": [avoided.pk]}, by=owner, now=NOW)
    after = [client.get(url).content for url in pages]
    for url, old, new in zip(pages, before, after, strict=True):
        assert b"CANARY" not in new.replace(b"CANARY-AVOIDED Family", b"") or "invite" in url, url
        assert str(avoided.pk).encode() not in new or "gaps" in url, url
        assert len(old) == len(new), url


@pytest.mark.parametrize(
    "query", ["?identity__given__startswith=a", "?avoidance__people=a", "?applicant__email__startswith=a"]
)
def test_the_list_answers_no_question_about_a_hidden_column(
    ruled: Any, coordinator: Any, sign_in: SignIn, query: str
) -> None:
    response = sign_in(coordinator).get(reverse(NAME("changelist")) + query)
    assert response.status_code in {302, 400}


def test_the_list_is_searched_by_the_name_people_go_by(ruled: Any, coordinator: Any, sign_in: SignIn) -> None:
    sent(ruled, "Former", preferred_name="Zoë")
    client = sign_in(coordinator)
    assert "Zoë" in text(client, "changelist", query="?q=zoe")
    assert "Zoë" not in text(client, "changelist", query="?q=former")


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_page_loads_in_both_languages(
    ruled: Any, coordinator: Any, sign_in: SignIn, goals: list[Any], language: str
) -> None:
    coordinator.language = language
    coordinator.save()
    client = sign_in(coordinator)
    for url in all_pages(ruled, sent(ruled, "Rosa"), goals[0]):
        response = client.get(url)
        assert response.status_code == 200
        assert f'<html lang="{language}"' in response.content.decode()


def test_pages_ask_the_database_as_often_for_thirty_as_for_one(
    ruled: Any, coordinator: Any, sign_in: SignIn, goals: list[Any]
) -> None:
    client = sign_in(coordinator)
    first = sent(ruled, "First", degree="unknown", job_class__rank=1)
    counts: dict[str, set[int]] = {url: set() for url in all_pages(ruled, first, goals[0])}
    made = 0
    for size in (1, 3, 30):
        while made < size:
            made += 1
            doubtful = sent(ruled, f"Doubt{made}", degree="mls", job_class__rank=1)
            sent(ruled, f"Clear{made}", job_class__rank=1)
            screen_application(application=doubtful, decision="waiting", by=coordinator, now=NOW)
            UserFactory(profile__job_class__rank=9)
        for url in counts:
            client.get(url)
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
            counts[url].add(len(queries))
    assert {url: found for url, found in counts.items() if len(found) != 1} == {}


def test_the_coordinators_home_says_what_waits(ruled: Any, coordinator: Any, member: Any) -> None:
    from mentorship.applications.home import coordinator_tasks

    sent(ruled, "Clear")
    sent(ruled, "Unknown", degree="unknown")
    assert [task.text for task in coordinator_tasks(coordinator, NOW)] == [
        "Spring 2027: 1 application needs your decision",
        "Spring 2027: 1 application meets every rule",
    ]
    assert coordinator_tasks(member, NOW) == []
