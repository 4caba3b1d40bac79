"""What an owner can do with an application, and what follows from it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mentorship.applications.models import Application, ApplicationGoal
from mentorship.applications.services import (
    ApplicationError,
    save_section,
    start_application,
    submit_application,
    withdraw_application,
)
from mentorship.records.models import AuditEntry
from mentorship.reminders.models import Delivery
from mentorship.seasons.phases import closes_at
from tests.applications.conftest import filled
from tests.factories import (
    NOW,
    EligibilityRuleFactory,
    QuestionFactory,
    QuestionnaireFactory,
    SeasonFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def test_starting_twice_gives_the_same_application(season: Any, member: Any) -> None:
    first = start_application(season=season, applicant=member, role="mentee", now=NOW)
    assert start_application(season=season, applicant=member, role="mentee", now=NOW) == first
    assert start_application(season=season, applicant=member, role="mentor", now=NOW) != first


def test_an_application_starts_with_what_the_profile_knows(season: Any, member: Any) -> None:
    member.profile.slots = ["tue-pm"]
    member.profile.languages = ["en", "es"]
    member.profile.save()
    application = start_application(season=season, applicant=member, role="mentee", now=NOW)
    assert (application.slots, application.modes, application.languages) == (["tue-pm"], ["video"], ["en", "es"])


def test_the_private_rows_are_there_from_the_start(season: Any, member: Any) -> None:
    application = start_application(season=season, applicant=member, role="mentee", now=NOW)
    assert (application.identity.given, application.avoidance.people) == ({}, [])


@pytest.mark.parametrize("role", ["peer", "coordinator", ""])
def test_a_role_that_the_season_lacks_is_refused(season: Any, member: Any, role: str) -> None:
    with pytest.raises(ApplicationError):
        start_application(season=season, applicant=member, role=role, now=NOW)


def test_nothing_is_written_before_the_opening_or_after_the_close(season: Any, member: Any) -> None:
    application = filled(season, member)
    late = closes_at(season)
    for act in (
        lambda now: start_application(season=season, applicant=member, role="mentor", now=now),
        lambda now: save_section(application=application, section="work", data={}, by=member, now=now),
        lambda now: submit_application(application=application, by=member, now=now),
    ):
        with pytest.raises(ApplicationError, match="closed"):
            act(late)
    with pytest.raises(ApplicationError, match="open yet"):
        start_application(season=SeasonFactory(published_at=None), applicant=member, role="mentor", now=NOW)
    application.refresh_from_db()
    assert application.state == "draft"
    assert (
        submit_application(application=application, by=member, now=late - timedelta(seconds=1)).state == "submitted"
    )


def test_nobody_writes_in_somebody_elses_application(season: Any, member: Any, stranger: Any) -> None:
    application = filled(season, member)
    for act in (
        lambda: save_section(application=application, section="work", data={}, by=stranger, now=NOW),
        lambda: submit_application(application=application, by=stranger, now=NOW),
        lambda: withdraw_application(application=application, by=stranger, now=NOW),
    ):
        with pytest.raises(Application.DoesNotExist):
            act()


def test_goals_keep_their_importance_when_others_are_added(season: Any, member: Any, goals: list[Any]) -> None:
    application = filled(season, member, goals=goals[:3])
    weights = {str(goals[0].pk): 3}
    save_section(application=application, section="goals", data={"weights": weights}, by=member, now=NOW)
    chosen = [str(goal.pk) for goal in goals[:2]] + [str(goals[5].pk)]
    save_section(application=application, section="goals", data={"goals": chosen}, by=member, now=NOW)
    held = dict(ApplicationGoal.objects.filter(application=application).values_list("goal", "weight"))
    assert held == {goals[0].pk: 3, goals[1].pk: 2, goals[5].pk: 2}


def test_too_few_goals_are_kept_but_not_called_done(season: Any, member: Any, goals: list[Any]) -> None:
    application = start_application(season=season, applicant=member, role="mentee", now=NOW)
    data = {"goals": [str(goals[0].pk)]}
    application = save_section(application=application, section="goals", data=data, by=member, now=NOW)
    assert application.goals.count() == 1
    assert application.sections == []


def test_times_become_the_persons_default(season: Any, member: Any) -> None:
    filled(season, member)
    member.profile.refresh_from_db()
    assert (member.profile.slots, member.profile.modes, member.profile.schedule_rotates) == (
        ["mon-am"],
        ["video"],
        False,
    )


def test_the_last_of_two_tabs_wins(season: Any, member: Any) -> None:
    first = start_application(season=season, applicant=member, role="mentor", now=NOW)
    second = Application.objects.get(pk=first.pk)
    save_section(application=first, section="work", data={"capacity": 2}, by=member, now=NOW)
    save_section(application=second, section="work", data={"capacity": 3}, by=member, now=NOW)
    first.refresh_from_db()
    assert (first.capacity, first.sections) == (3, ["work"])


def test_sending_needs_every_required_part_and_names_those_missing(season: Any, member: Any) -> None:
    application = start_application(season=season, applicant=member, role="mentee", now=NOW)
    with pytest.raises(ApplicationError, match="Check your work details · What you want to work on · When and how"):
        submit_application(application=application, by=member, now=NOW)


def test_sending_keeps_each_rules_result_with_what_it_read(season: Any, member: Any) -> None:
    EligibilityRuleFactory(season=season, role="mentee", kind="service-years", value=1)
    EligibilityRuleFactory(season=season, role="mentee", kind="library-degree", value=None)
    EligibilityRuleFactory(season=season, role="mentor", kind="managerial", value=None)
    member.profile.degree = "unknown"
    member.profile.save()
    application = submit_application(application=filled(season, member), by=member, now=NOW)
    assert list(application.eligibility.values_list("kind", "outcome", "fact")) == [
        ("library-degree", "unknown", ""),
        ("service-years", "met", "2020-01-06 declared"),
    ]


def test_sending_twice_sends_once(season: Any, member: Any) -> None:
    application = filled(season, member)
    submit_application(application=application, by=member, now=NOW)
    again = submit_application(application=application, by=member, now=NOW + timedelta(hours=1))
    assert again.submitted_at == NOW
    assert list(Delivery.objects.values_list("rule", "recipient", "subject_id")) == [
        ("application-received", member.pk, application.pk)
    ]
    assert AuditEntry.objects.filter(verb="submit-application").count() == 1


def test_what_was_sent_can_be_changed_until_the_close_but_not_left_incomplete(season: Any, member: Any) -> None:
    application = submit_application(application=filled(season, member), by=member, now=NOW)
    save_section(application=application, section="meeting", data={"slots": ["fri-eve"]}, by=member, now=NOW)
    application.refresh_from_db()
    assert (application.state, application.slots) == ("submitted", ["fri-eve"])
    with pytest.raises(ApplicationError):
        save_section(application=application, section="goals", data={}, by=member, now=NOW, complete=False)


@pytest.mark.parametrize("state", ["draft", "submitted", "eligible", "ineligible", "waiting"])
def test_one_can_withdraw_at_any_time_and_start_anew(season: Any, member: Any, state: str) -> None:
    application = filled(season, member)
    Application.objects.filter(pk=application.pk).update(state=state)
    late = closes_at(season) + timedelta(days=200)
    withdrawn = withdraw_application(application=application, by=member, now=late)
    assert (withdrawn.state, withdrawn.withdrawn_at) == ("withdrawn", late)
    assert withdraw_application(application=application, by=member, now=late + timedelta(1)).withdrawn_at == late
    assert start_application(season=season, applicant=member, role="mentee", now=NOW) != application


def test_the_first_answer_freezes_the_seasons_questions(season: Any, member: Any) -> None:
    season.questionnaire = QuestionnaireFactory()
    season.save()
    question = QuestionFactory(questionnaire=season.questionnaire)
    application = start_application(season=season, applicant=member, role="mentee", now=NOW)
    save_section(
        application=application, section="questions", data={"answers": {question.key: "Yes"}}, by=member, now=NOW
    )
    season.questionnaire.refresh_from_db()
    assert season.questionnaire.frozen_at == NOW


def test_one_names_at_most_five_favourites_and_never_oneself(season: Any, member: Any, stranger: Any) -> None:
    application = start_application(season=season, applicant=member, role="mentor", now=NOW)
    data = {"people": [str(member.pk), str(stranger.pk), str(stranger.pk)]}
    save_section(application=application, section="favourites", data=data, by=member, now=NOW)
    assert list(application.favourites.values_list("person", "rank")) == [(stranger.pk, 1)]


def test_a_private_section_writes_its_own_row_and_nothing_else(season: Any, member: Any, stranger: Any) -> None:
    application = submit_application(application=filled(season, member), by=member, now=NOW)
    entries, deliveries = AuditEntry.objects.count(), Delivery.objects.count()
    before = Application.objects.filter(pk=application.pk).values().get()
    for section, data in (
        ("avoid", {"people": [str(stranger.pk)]}),
        ("identity", {"given": {"gender": {"values": ["woman"], "match": 1}}}),
    ):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            save_section(application=application, section=section, data=data, by=member, now=NOW)
        written = {query["sql"].split('"')[1] for query in queries if query["sql"].startswith(("UPDATE", "INSERT"))}
        assert written == {"applications_avoidance", "applications_identityanswer"}
    assert Application.objects.filter(pk=application.pk).values().get() == before
    assert (AuditEntry.objects.count(), Delivery.objects.count()) == (entries, deliveries)


def test_every_saving_rewrites_both_private_rows_so_that_their_order_tells_nothing(season: Any, member: Any) -> None:
    application = filled(season, member)
    with CaptureQueriesContext(connection) as queries:
        save_section(application=application, section="work", data={"facts_confirmed": True}, by=member, now=NOW)
    tables = [query["sql"].split('"')[1] for query in queries if query["sql"].startswith("UPDATE")]
    assert {"applications_avoidance", "applications_identityanswer"} <= set(tables)


@pytest.mark.parametrize(("section", "most"), [("favourites", 5), ("avoid", 10)])
def test_more_people_than_a_list_takes_are_refused_and_change_nothing(
    season: Any, member: Any, section: str, most: int
) -> None:
    application = start_application(season=season, applicant=member, role="mentor", now=NOW)
    people = [str(UserFactory().pk) for _ in range(most + 1)]
    save_section(application=application, section=section, data={"people": people[:most]}, by=member, now=NOW)
    with pytest.raises(ApplicationError, match=f"at most {most}"):
        save_section(application=application, section=section, data={"people": people}, by=member, now=NOW)
    held = Application.objects.get(pk=application.pk)
    named = (
        [str(row.person_id) for row in held.favourites.all()] if section == "favourites" else held.avoidance.people
    )
    assert named == people[:most]
