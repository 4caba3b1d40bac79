"""How pairs come to their end, what is given back, and who learns what."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mentorship.common.states import IllegalMove
from mentorship.partnerships import services
from mentorship.partnerships.messages.endings import close_with_the_season
from mentorship.partnerships.models import ChangeWish, Meeting, Membership, MentorPlaces, Partnership
from mentorship.partnerships.services import Closed, NotOverYet, NotTheirs
from mentorship.reminders.models import Delivery
from tests.factories import NOW, UserFactory
from tests.partnerships.cast import announced, approved, person, planned, running

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LATER = NOW + 2 * DAY
# The season's last day is August 31, by the clocks of Los Angeles.
AFTER = datetime(2027, 9, 1, 7, 0, tzinfo=UTC)


def written(rule):
    return {row.recipient for row in Delivery.objects.filter(rule=rule)}


def test_ending_gives_the_place_back_ends_memberships_and_tells_the_other_kindly(coordinator):
    pair = running(coordinator)
    meeting = planned(pair, starts_at=LATER + DAY)
    mentee, mentor = person(pair, "mentee"), person(pair, "mentor")
    services.end_pair(partnership=pair, by=mentee, now=LATER)
    pair.refresh_from_db()
    assert (pair.state, pair.closed_at, MentorPlaces.objects.get().taken) == ("ended", LATER, 0)
    assert set(Membership.objects.values_list("active", "left_at")) == {(False, LATER)}
    assert (Meeting.objects.get(pk=meeting.pk).state, written("pair-ended")) == ("cancelled", {mentor})
    assert written("meeting-cancelled") == {mentee, mentor}


def test_a_mentee_whose_pair_ended_can_be_matched_again(coordinator):
    pair = running(coordinator)
    services.end_pair(partnership=pair, by=person(pair, "mentor"), now=LATER)
    mentee, mentor = (pair.memberships.get(role=role).application for role in ("mentee", "mentor"))
    draft = services.PairDraft(mentee.pk, mentor.pk, 70, {})
    assert services.approve_pairs(drafts=[draft], by=coordinator, now=LATER).refused == {}


def test_completing_early_needs_a_meeting_and_thanks_the_other(coordinator):
    pair = announced(coordinator)
    with pytest.raises(IllegalMove):
        services.complete_early(partnership=pair, by=person(pair, "mentee"), now=LATER)
    pair = running(coordinator)
    services.complete_early(partnership=pair, by=person(pair, "mentee"), now=LATER)
    pair.refresh_from_db()
    assert (pair.state, written("pair-completed")) == ("completed-early", {person(pair, "mentor")})


def test_a_coordinator_ends_or_completes_only_pairs_that_do_not_concern_them(coordinator, stranger):
    pair = running(coordinator)
    near = UserFactory(roles=["coordinator"])
    mentee = person(pair, "mentee")
    mentee.profile.supervisor = near
    mentee.profile.save()
    for who in (near, stranger):
        for end in (services.end_pair, services.complete_pair):
            with pytest.raises(NotTheirs):
                end(partnership=pair, by=who, now=LATER)
    with pytest.raises(NotTheirs):
        services.complete_pair(partnership=pair, by=mentee, now=LATER)
    services.complete_pair(partnership=pair, by=coordinator, now=LATER)
    assert written("pair-completed") == {mentee, person(pair, "mentor")}


def test_a_pair_that_nobody_was_told_of_is_not_ended_here(coordinator):
    pair = approved(coordinator)
    for who in (coordinator, person(pair, "mentor")):
        with pytest.raises(NotTheirs):
            services.end_pair(partnership=pair, by=who, now=LATER)


def test_the_clock_completes_pairs_that_met_and_ends_those_that_never_did(coordinator):
    met = running(coordinator)
    never = announced(coordinator, season=met.season)
    close_with_the_season(AFTER - timedelta(seconds=1))
    assert Partnership.objects.filter(closed_at=None).count() == 2
    close_with_the_season(AFTER)
    met.refresh_from_db()
    never.refresh_from_db()
    assert (met.state, never.state, met.closed_at) == ("completed", "ended", AFTER)
    assert written("pair-completed") == {person(met, "mentee"), person(met, "mentor")}
    assert (written("pair-ended"), set(MentorPlaces.objects.values_list("taken", flat=True))) == (set(), {0})
    close_with_the_season(AFTER)
    assert Delivery.objects.filter(rule="pair-completed").count() == 2


def test_a_season_is_not_closed_before_its_meetings_are_over(coordinator):
    pair = running(coordinator)
    with pytest.raises(NotOverYet):
        services.close_season_pairs(season=pair.season, now=LATER)


@pytest.mark.parametrize("size", [1, 3])
def test_closing_a_season_takes_the_same_queries_for_one_pair_and_for_many(coordinator, size):
    season = running(coordinator).season
    for _n in range(size - 1):
        running(coordinator, season=season)
    with CaptureQueriesContext(connection) as queries:
        assert services.close_season_pairs(season=season, now=AFTER) == size
    assert len(queries) == 14


def test_a_wish_is_the_coordinators_and_never_the_partners_to_see(coordinator, stranger):
    pair = running(coordinator)
    mentee, mentor = person(pair, "mentee"), person(pair, "mentor")
    wish = services.wish_change(partnership=pair, by=mentee, now=LATER)
    assert services.wish_change(partnership=pair, by=mentee, now=LATER) == wish
    near = UserFactory(roles=["coordinator"])
    mentor.profile.supervisor = near
    mentor.profile.save()
    seen = {who: ChangeWish.objects.visible_to(who).count() for who in (mentee, mentor, coordinator, near, stranger)}
    assert seen == {mentee: 1, mentor: 0, coordinator: 1, near: 0, stranger: 0}
    assert Delivery.objects.filter(recipient=mentor, made_at=LATER).count() == 0


def test_a_wish_is_taken_back_or_settled_and_ends_with_the_pair(coordinator):
    pair = running(coordinator)
    mentee = person(pair, "mentee")
    services.wish_change(partnership=pair, by=mentee, now=LATER)
    assert services.take_back_wish(partnership=pair, by=mentee, now=LATER) == 1
    services.wish_change(partnership=pair, by=mentee, now=LATER)
    with pytest.raises(NotTheirs):
        services.settle_wishes(partnership=pair, by=person(pair, "mentor"), now=LATER)
    assert services.settle_wishes(partnership=pair, by=coordinator, now=LATER) == 1
    services.wish_change(partnership=pair, by=mentee, now=LATER)
    services.end_pair(partnership=pair, by=coordinator, now=LATER)
    assert ChangeWish.objects.open().count() == 0
    with pytest.raises(Closed):
        services.wish_change(partnership=pair, by=mentee, now=LATER)
