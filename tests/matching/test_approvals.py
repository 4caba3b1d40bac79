"""The coordinator's yes: pairs and places move together, and nobody is paired twice or beyond their places."""

import pytest

from matching import services
from matching.models import Proposal
from mentorship.common.states import IllegalMove
from mentorship.partnerships.models import Membership, MentorPlaces, Partnership
from mentorship.partnerships.services import NotTheirs, ask_mentors
from mentorship.records.models import AuditEntry
from mentorship.reminders.models import Delivery
from tests.factories import NOW, UserFactory
from tests.matching.cast import approve_all, pool, run_matching

pytestmark = pytest.mark.django_db


def test_an_approval_sets_the_pair_and_takes_the_place_and_tells_nobody(coordinator):
    season, (mentee,), (mentor,) = pool(1, 1, capacity=2)
    run = run_matching(season, coordinator)
    assert approve_all(run, coordinator).made == 1
    pair = Partnership.objects.get()
    assert (pair.state, pair.fit, pair.approved_by) == ("approved", 100, coordinator)
    assert set(pair.memberships.values_list("role", "person", "application", "active")) == {
        ("mentee", mentee.applicant.pk, mentee.pk, True),
        ("mentor", mentor.applicant.pk, mentor.pk, True),
    }
    places = MentorPlaces.objects.get()
    assert (places.application, places.capacity, places.taken) == (mentor, 2, 1)
    assert (Proposal.objects.get().state, Proposal.objects.get().partnership) == ("approved", pair)
    assert AuditEntry.objects.filter(verb="approve-pair", object_id=str(pair.pk), actor=coordinator).count() == 1
    assert Delivery.objects.count() == 0


def test_a_pair_says_nothing_of_favourites(coordinator):
    season, (mentee,), (mentor,) = pool(1, 1)
    mentee.favourites.create(person=mentor.applicant, rank=1)
    run = run_matching(season, coordinator)
    assert run.proposals.get().reasons["mentee_favourite"] == 1
    approve_all(run, coordinator)
    assert set(Partnership.objects.get().reasons) == {"goals", "slots", "modes", "languages"}


def test_approving_the_same_twice_sets_one_pair(coordinator):
    season, _mentees, _mentors = pool(1, 1)
    run = run_matching(season, coordinator)
    approve_all(run, coordinator)
    assert approve_all(run, UserFactory(roles=["coordinator"])).made == 0
    assert (Partnership.objects.count(), MentorPlaces.objects.get().taken) == (1, 1)


def test_who_withdrew_since_the_run_stays_out(coordinator):
    season, mentees, _mentors = pool(2, 2)
    run = run_matching(season, coordinator)
    mentees[0].state = "withdrawn"
    mentees[0].save()
    approved = approve_all(run, coordinator)
    assert (approved.made, dict(approved.refused)) == (1, {"withdrew": 1})


def test_a_mentor_who_takes_fewer_now_is_not_overfilled(coordinator):
    season, _mentees, (mentor,) = pool(2, 1, capacity=2)
    run = run_matching(season, coordinator)
    mentor.capacity = 1
    mentor.save()
    approved = approve_all(run, coordinator)
    assert (approved.made, dict(approved.refused)) == (1, {"no-place": 1})


def test_an_old_page_approves_nothing(coordinator):
    season, _mentees, _mentors = pool(1, 1)
    old = run_matching(season, coordinator)
    run_matching(season, coordinator)
    with pytest.raises(services.RunUnderWay):
        approve_all(old, coordinator)
    assert Partnership.objects.count() == 0


def test_an_approval_can_be_taken_back_until_the_mentor_is_asked(coordinator):
    season, _mentees, _mentors = pool(2, 2)
    run = run_matching(season, coordinator)
    approve_all(run, coordinator)
    first, second = Proposal.objects.order_by("pk")
    services.take_back_proposal(proposal=first, by=coordinator, now=NOW)
    first.refresh_from_db()
    assert (first.state, first.partnership) == ("proposed", None)
    assert sorted(MentorPlaces.objects.values_list("taken", flat=True)) == [0, 1]
    assert Membership.objects.filter(active=True).count() == 2
    ask_mentors(season=season, by=coordinator, now=NOW)
    with pytest.raises(NotTheirs):
        services.take_back_proposal(proposal=second, by=coordinator, now=NOW)
    with pytest.raises(IllegalMove):
        services.take_back_proposal(proposal=first, by=coordinator, now=NOW)
    assert approve_all(run, coordinator).made == 1


@pytest.mark.parametrize("size", [1, 3, 30])
def test_approving_takes_the_same_statements_for_one_and_for_many(size, coordinator, django_assert_num_queries):
    season, _mentees, _mentors = pool(size, size)
    run = run_matching(season, coordinator)
    keys = list(run.proposals.values_list("pk", flat=True))
    coordinator.role_set()
    with django_assert_num_queries(20):
        services.approve_proposals(run=run, proposals=keys, by=coordinator, now=NOW)
