"""What a coordinator decides on one match, what it does to the next run, and whose business it isn't."""

import pytest

from matching import services
from matching.models import Exclusion, Pin, Proposal
from mentorship.common.states import IllegalMove
from mentorship.records.models import AuditEntry
from tests.factories import NOW, MenteeFactory, MentorFactory, UserFactory
from tests.matching.cast import approve_all, avoid, pairs_of, pool, report_to, run_matching

pytestmark = pytest.mark.django_db


def verbs():
    return list(AuditEntry.objects.order_by("at", "pk").values_list("verb", flat=True))


def test_holding_and_letting_go_are_recorded(coordinator):
    season, _mentees, _mentors = pool(1, 1)
    match = run_matching(season, coordinator).proposals.get()
    services.lock_proposal(proposal=match, by=coordinator, now=NOW)
    assert Proposal.objects.get().state == "locked"
    services.unlock_proposal(proposal=match, by=coordinator, now=NOW)
    assert Proposal.objects.get().state == "proposed"
    assert {"lock-proposal", "unlock-proposal"} <= set(verbs())


def test_a_rejected_pair_may_come_again_and_an_excluded_one_not(coordinator):
    season, _mentees, _mentors = pool(1, 1)
    first = run_matching(season, coordinator)
    services.reject_proposal(proposal=first.proposals.get(), exclude=False, by=coordinator, now=NOW)
    second = run_matching(season, coordinator)
    assert pairs_of(second) == pairs_of(first)
    services.reject_proposal(proposal=second.proposals.get(), exclude=True, by=coordinator, now=NOW)
    assert pairs_of(run_matching(season, coordinator)) == set()


def test_taking_a_rejection_back_takes_the_exclusion_with_it(coordinator):
    season, _mentees, _mentors = pool(1, 1)
    match = run_matching(season, coordinator).proposals.get()
    services.reject_proposal(proposal=match, exclude=True, by=coordinator, now=NOW)
    services.restore_proposal(proposal=match, by=coordinator, now=NOW)
    assert (Proposal.objects.get().state, Exclusion.objects.count()) == ("proposed", 0)


def test_not_pairing_two_rejects_their_suggestion_and_drops_their_pin(coordinator):
    season, (mentee,), (mentor,) = pool(1, 1)
    run_matching(season, coordinator)
    services.pin_pair(mentee=mentee, mentor=mentor, waived=[], reason="", by=coordinator, now=NOW)
    exclusion = services.exclude_pair(mentee=mentee, mentor=mentor, by=coordinator, now=NOW)
    assert (Proposal.objects.get().state, Pin.objects.count()) == ("rejected", 0)
    services.allow_pair(exclusion=exclusion, by=coordinator, now=NOW)
    assert pairs_of(run_matching(season, coordinator)) == {(mentee.pk, mentor.pk)}


def test_an_approved_pair_can_not_be_excluded(coordinator):
    season, (mentee,), (mentor,) = pool(1, 1)
    approve_all(run_matching(season, coordinator), coordinator)
    with pytest.raises(IllegalMove):
        services.exclude_pair(mentee=mentee, mentor=mentor, by=coordinator, now=NOW)
    assert Exclusion.objects.count() == 0


def test_kept_together_means_this_pair_in_every_run(coordinator):
    season, mentees, mentors = pool(3, 3)
    for mentee, mentor in ((mentees[0], mentors[2]), (mentees[2], mentors[0])):
        services.pin_pair(mentee=mentee, mentor=mentor, waived=[], reason="", by=coordinator, now=NOW)
    made = pairs_of(run_matching(season, coordinator))
    assert {(mentees[0].pk, mentors[2].pk), (mentees[2].pk, mentors[0].pk)} <= made


def test_a_rule_must_be_set_aside_with_a_reason(coordinator):
    season, (mentee,), (mentor,) = pool(1, 1)
    report_to(mentee.applicant, mentor.applicant)
    with pytest.raises(services.PinRefused) as refused:
        services.pin_pair(mentee=mentee, mentor=mentor, waived=[], reason="", by=coordinator, now=NOW)
    assert (refused.value.codes, refused.value.waivable) == (("supervisor_chain",), True)
    with pytest.raises(services.PinRefused):
        services.pin_pair(
            mentee=mentee, mentor=mentor, waived=["supervisor_chain"], reason=" ", by=coordinator, now=NOW
        )
    services.pin_pair(
        mentee=mentee, mentor=mentor, waived=["supervisor_chain"], reason="Both asked.", by=coordinator, now=NOW
    )
    run = run_matching(season, coordinator)
    assert pairs_of(run) == {(mentee.pk, mentor.pk)}
    assert run.proposals.get().reasons["waived"] == ["supervisor_chain"]


def test_an_avoidance_can_not_be_set_aside_and_is_not_named(coordinator):
    _season, (mentee,), (mentor,) = pool(1, 1)
    avoid(mentee, mentor.applicant)
    with pytest.raises(services.PinRefused) as refused:
        services.pin_pair(mentee=mentee, mentor=mentor, waived=["avoidance"], reason="x", by=coordinator, now=NOW)
    assert (refused.value.codes, refused.value.waivable, str(refused.value)) == (("other",), False, "other")


def test_a_pin_that_a_rule_comes_to_forbid_lapses_and_the_run_goes_on(coordinator):
    season, (mentee,), (mentor,) = pool(1, 1)
    pin = services.pin_pair(mentee=mentee, mentor=mentor, waived=[], reason="", by=coordinator, now=NOW)
    avoid(mentor, mentee.applicant)
    run = run_matching(season, coordinator)
    assert (pairs_of(run), run.figures["lapsed"]) == (set(), [str(pin.pk)])


def concern_themselves(coordinator, mentee, mentor):
    mentee.applicant = coordinator
    mentee.save()


def concern_their_report(coordinator, mentee, mentor):
    report_to(mentee.applicant, coordinator)


def concern_their_supervisor(coordinator, mentee, mentor):
    report_to(coordinator, mentor.applicant)


@pytest.mark.parametrize("concern", [concern_themselves, concern_their_report, concern_their_supervisor])
def test_a_coordinator_decides_on_nothing_that_concerns_themselves(concern, coordinator):
    season, (mentee,), (mentor,) = pool(1, 1)
    run = run_matching(season, UserFactory(roles=["coordinator"]))
    match = run.proposals.get()
    services.lock_proposal(proposal=match, by=coordinator, now=NOW)
    services.unlock_proposal(proposal=match, by=coordinator, now=NOW)
    concern(coordinator, mentee, mentor)
    for service in (services.lock_proposal, services.restore_proposal, services.take_back_proposal):
        with pytest.raises(services.NotTheirs):
            service(proposal=match, by=coordinator, now=NOW)
    with pytest.raises(services.NotTheirs):
        services.reject_proposal(proposal=match, exclude=True, by=coordinator, now=NOW)
    with pytest.raises(services.NotTheirs):
        services.exclude_pair(mentee=mentee, mentor=mentor, by=coordinator, now=NOW)
    with pytest.raises(services.NotTheirs):
        services.pin_pair(mentee=mentee, mentor=mentor, waived=[], reason="", by=coordinator, now=NOW)
    assert services.approve_proposals(run=run, proposals=[match.pk], by=coordinator, now=NOW).made == 0
    assert Proposal.objects.get().state == "proposed"


def test_another_season_has_wishes_of_its_own(coordinator):
    _season, (mentee,), (mentor,) = pool(1, 1)
    other = MenteeFactory(applicant=mentee.applicant)
    MentorFactory(season=other.season, applicant=mentor.applicant)
    services.exclude_pair(mentee=mentee, mentor=mentor, by=coordinator, now=NOW)
    assert len(pairs_of(run_matching(other.season, coordinator))) == 1
