"""What coordinators decide, who may, and what the applicant learns of it and when."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mentorship.applications.models import Application, Invitation, SecondLook
from mentorship.applications.services import (
    ApplicationError,
    ask_second_look,
    check_eligibility,
    decide_second_look,
    invite_to_apply,
    release_decisions,
    screen_application,
    screen_clear,
    submit_application,
    withdraw_application,
)
from mentorship.common.states import IllegalMove
from mentorship.partnerships.models import Partnership
from mentorship.records.models import AuditEntry
from mentorship.reminders.models import Delivery
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


@pytest.fixture
def ruled(season: Any) -> Any:
    """The season with two rules for mentees."""
    EligibilityRuleFactory(season=season, kind="service-years", value=1)
    EligibilityRuleFactory(season=season, kind="no-library-degree", value=None)
    return season


def sent(season: Any, role: str = "mentee", **profile: Any) -> Any:
    applicant = UserFactory(**{f"profile__{name}": value for name, value in profile.items()})
    return submit_application(application=filled(season, applicant, role), by=applicant, now=NOW)


def told(application: Any) -> str:
    return str(Application.objects.get(pk=application.pk).told_state)


def test_every_rule_met_makes_eligible_and_nobody_is_told_yet(ruled: Any, coordinator: Any) -> None:
    application = screen_application(application=sent(ruled), decision="eligible", by=coordinator, now=NOW)
    assert (application.state, application.screened_by, told(application)) == ("eligible", coordinator, "submitted")
    assert not Delivery.objects.exclude(rule="application-received").exists()


def test_an_exception_needs_a_reason_and_keeps_it(ruled: Any, coordinator: Any) -> None:
    application = sent(ruled, degree="mls")
    with pytest.raises(ApplicationError, match="say why"):
        screen_application(application=application, decision="eligible", by=coordinator, now=NOW, reason=" ")
    screened = screen_application(
        application=application, decision="eligible", by=coordinator, now=NOW, reason="A degree from abroad"
    )
    assert (screened.exception_reason, screened.exception_by) == ("A degree from abroad", coordinator)
    assert AuditEntry.objects.filter(verb="make-exception", object_id=str(application.pk)).count() == 1


def test_what_nobody_knows_is_a_persons_to_decide_without_an_exception(ruled: Any, coordinator: Any) -> None:
    application = sent(ruled, degree="unknown")
    screened = screen_application(
        application=application, decision="eligible", by=coordinator, now=NOW, reason="no exception"
    )
    assert (screened.state, screened.exception_reason, screened.exception_by) == ("eligible", "", None)


def test_not_this_season_needs_a_rule_that_is_not_met_or_not_known(ruled: Any, coordinator: Any) -> None:
    with pytest.raises(ApplicationError, match="Every rule is met"):
        screen_application(application=sent(ruled), decision="ineligible", by=coordinator, now=NOW)
    doubtful = sent(ruled, degree="unknown")
    assert (
        screen_application(application=doubtful, decision="ineligible", by=coordinator, now=NOW).state == "ineligible"
    )


def test_rules_are_checked_again_when_an_application_is_screened(ruled: Any, coordinator: Any) -> None:
    application = sent(ruled)
    application.applicant.profile.degree = "mls"
    application.applicant.profile.save()
    with pytest.raises(ApplicationError):
        screen_application(application=application, decision="eligible", by=coordinator, now=NOW)


def test_many_are_checked_in_as_many_queries_as_one(ruled: Any) -> None:
    counts = set()
    for size in (1, 3, 30):
        rows = [sent(ruled) for _ in range(size)]
        with CaptureQueriesContext(connection) as queries:
            check_eligibility(applications=rows, now=NOW)
        counts.add(len(queries))
    assert len(counts) == 1


def test_marking_all_that_meet_every_rule_leaves_the_doubtful_ones(ruled: Any, coordinator: Any) -> None:
    clear, doubtful, unmet = sent(ruled), sent(ruled, degree="unknown"), sent(ruled, degree="mls")
    assert screen_clear(season=ruled, by=coordinator, now=NOW) == 1
    states = {row.pk: row.state for row in Application.objects.all()}
    assert states == {clear.pk: "eligible", doubtful.pk: "submitted", unmet.pk: "submitted"}
    assert screen_clear(season=ruled, by=coordinator, now=NOW) == 0


@pytest.mark.parametrize("relation", ["own", "supervisor", "report"])
def test_a_coordinator_decides_on_nothing_that_concerns_them(
    ruled: Any, coordinator: Any, member: Any, relation: str
) -> None:
    applicant = {"own": coordinator}.get(relation, member)
    if relation == "supervisor":
        coordinator.profile.supervisor = member
        coordinator.profile.save()
    elif relation == "report":
        member.profile.supervisor = coordinator
        member.profile.save()
    application = submit_application(application=filled(ruled, applicant), by=applicant, now=NOW)
    with pytest.raises(ApplicationError, match="Another coordinator"):
        screen_application(application=application, decision="waiting", by=coordinator, now=NOW)
    assert screen_clear(season=ruled, by=coordinator, now=NOW) == 0
    other = UserFactory(roles=["coordinator"])
    assert screen_clear(season=ruled, by=other, now=NOW) == 1
    assert release_decisions(season=ruled, by=coordinator, now=NOW) == Counter()
    assert release_decisions(season=ruled, by=other, now=NOW) == Counter({"eligible": 1})


@pytest.mark.parametrize("own", [MenteeFactory, MentorFactory])
@pytest.mark.parametrize(
    ("state", "barred"),
    [
        ("approved", False),
        ("asked", False),
        ("confirmed", False),
        ("declined", False),
        ("cancelled", False),
        ("announced", True),
        ("running", True),
        ("completed", True),
        ("completed-early", True),
        ("ended", True),
    ],
)
def test_a_coordinator_leaves_their_partner_to_another_once_both_were_told(
    ruled: Any, coordinator: Any, own: Any, state: str, barred: bool
) -> None:
    application = sent(ruled)
    before = SeasonFactory()
    theirs, other = (MenteeFactory, MentorFactory) if own is MenteeFactory else (MentorFactory, MenteeFactory)
    pair = (theirs(season=before, applicant=coordinator), other(season=before, applicant=application.applicant))
    PartnershipFactory(season=before, pair=pair if own is MenteeFactory else pair[::-1], state=state)
    for rows in (Application.objects.visible_to(coordinator), Application.objects.screenable_by(coordinator)):
        assert rows.filter(pk=application.pk).exists() is not barred
    assert screen_clear(season=ruled, by=coordinator, now=NOW) == (0 if barred else 1)


def test_the_partners_of_others_and_ones_own_application_stay_visible(ruled: Any, coordinator: Any) -> None:
    own = MenteeFactory(season=ruled, applicant=coordinator)
    partner, mentee, mentor = MentorFactory(season=ruled), MenteeFactory(season=ruled), MentorFactory(season=ruled)
    PartnershipFactory(season=ruled, pair=(own, partner))
    PartnershipFactory(season=ruled, pair=(mentee, mentor))
    assert set(Application.objects.visible_to(coordinator)) == {own, mentee, mentor}
    assert set(Application.objects.screenable_by(coordinator)) == {mentee, mentor}
    Partnership.objects.filter(memberships__person=coordinator).update(state="confirmed")
    assert set(Application.objects.screenable_by(coordinator)) == {partner, mentee, mentor}


def test_somebody_without_the_role_decides_on_nothing(ruled: Any, member: Any) -> None:
    with pytest.raises(ApplicationError):
        screen_application(application=sent(ruled), decision="waiting", by=member, now=NOW)


def test_decisions_are_told_together_once_and_by_mail(ruled: Any, coordinator: Any) -> None:
    rows = [sent(ruled), sent(ruled, degree="mls"), sent(ruled)]
    for row, decision in zip(rows, ("eligible", "ineligible", "waiting"), strict=True):
        screen_application(application=row, decision=decision, by=coordinator, now=NOW)
    assert [told(row) for row in rows] == ["submitted"] * 3
    counts = release_decisions(season=ruled, by=coordinator, now=NOW)
    assert counts == Counter({"eligible": 1, "ineligible": 1, "waiting": 1})
    assert [told(row) for row in rows] == ["eligible", "ineligible", "waiting"]
    mails = dict(Delivery.objects.exclude(rule="application-received").values_list("subject_id", "rule"))
    assert mails == {
        rows[0].pk: "application-eligible",
        rows[1].pk: "application-not-this-season",
        rows[2].pk: "application-waiting",
    }
    assert release_decisions(season=ruled, by=coordinator, now=NOW + timedelta(hours=1)) == Counter()


def test_who_was_told_hears_of_a_change_in_their_favour_at_once_and_of_no_other(ruled: Any, coordinator: Any) -> None:
    application = screen_application(application=sent(ruled), decision="waiting", by=coordinator, now=NOW)
    release_decisions(season=ruled, by=coordinator, now=NOW)
    later = NOW + timedelta(days=1)
    assert (
        told(screen_application(application=application, decision="eligible", by=coordinator, now=later))
        == "eligible"
    )
    assert Delivery.objects.filter(rule="application-eligible", subject_id=application.pk).count() == 1
    with pytest.raises(ApplicationError, match="told already"):
        screen_application(application=application, decision="waiting", by=coordinator, now=later)


def test_a_withdrawn_application_is_not_decided(ruled: Any, coordinator: Any) -> None:
    application = sent(ruled)
    withdraw_application(application=application, by=application.applicant, now=NOW)
    with pytest.raises(IllegalMove):
        screen_application(application=application, decision="eligible", by=coordinator, now=NOW)


@pytest.fixture
def refused(ruled: Any, coordinator: Any) -> Any:
    """An application that `coordinator` decided "not this season", and that was told."""
    application = sent(ruled, degree="mls")
    screen_application(application=application, decision="ineligible", by=coordinator, now=NOW)
    release_decisions(season=ruled, by=coordinator, now=NOW)
    application.refresh_from_db()
    return application


def test_a_second_look_is_decided_by_somebody_else(refused: Any, coordinator: Any) -> None:
    look = ask_second_look(application=refused, words="Look again", by=refused.applicant, now=NOW)
    with pytest.raises(ApplicationError, match="Somebody else"):
        decide_second_look(look=look, decision="changed", reason="Right", by=coordinator, now=NOW)
    with pytest.raises(ApplicationError, match="second look"):
        screen_application(application=refused, decision="eligible", by=coordinator, now=NOW, reason="Right")
    other = UserFactory(roles=["coordinator"])
    decide_second_look(look=look, decision="changed", reason="The list was wrong", by=other, now=NOW)
    refused.refresh_from_db()
    assert (refused.state, told(refused), refused.exception_reason, refused.exception_by) == (
        "eligible",
        "eligible",
        "The list was wrong",
        other,
    )
    rules = Delivery.objects.filter(subject_id=refused.pk).order_by("made_at", "rule").values_list("rule", flat=True)
    assert sorted(rules) == ["application-not-this-season", "application-received", "second-look-decided"]


def test_a_second_look_that_upholds_says_why_and_is_decided_once(refused: Any) -> None:
    look = ask_second_look(application=refused, words="Look again", by=refused.applicant, now=NOW)
    other = UserFactory(roles=["coordinator"])
    with pytest.raises(ApplicationError, match="Say why"):
        decide_second_look(look=look, decision="upheld", reason=" ", by=other, now=NOW)
    decide_second_look(look=look, decision="upheld", reason="The rule stands", by=other, now=NOW)
    assert told(refused) == "ineligible"
    with pytest.raises(IllegalMove):
        decide_second_look(look=look, decision="changed", reason="No", by=other, now=NOW)


def test_a_second_look_is_asked_for_once_and_only_once_told(ruled: Any, refused: Any, coordinator: Any) -> None:
    first = ask_second_look(application=refused, words="First", by=refused.applicant, now=NOW)
    assert ask_second_look(application=refused, words="Second", by=refused.applicant, now=NOW) == first
    untold = sent(ruled, degree="mls")
    screen_application(application=untold, decision="ineligible", by=coordinator, now=NOW)
    with pytest.raises(ApplicationError):
        ask_second_look(application=untold, words="Why?", by=untold.applicant, now=NOW)
    assert SecondLook.objects.get().words == "First"


def test_people_are_invited_once_and_not_when_they_have_applied(
    season: Any, coordinator: Any, goals: list[Any]
) -> None:
    fresh, applied = UserFactory(), UserFactory()
    filled(season, applied, "mentor")
    for expected in (1, 0):
        invited = invite_to_apply(
            season=season, people=[fresh, applied], role="mentor", goal=goals[0], by=coordinator, now=NOW
        )
        assert invited == expected
    assert list(Invitation.objects.values_list("person", "goal")) == [(fresh.pk, goals[0].pk)]
    assert list(Delivery.objects.values_list("rule", "recipient")) == [("invitation-to-apply", fresh.pk)]


def test_nobody_is_invited_to_a_season_that_is_closed(coordinator: Any) -> None:
    closed = SeasonFactory(closes_on=NOW.date() - timedelta(days=1), opens_on=NOW.date() - timedelta(days=9))
    with pytest.raises(ApplicationError):
        invite_to_apply(season=closed, people=[UserFactory()], role="mentor", goal=None, by=coordinator, now=NOW)
