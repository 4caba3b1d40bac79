"""A run for circles: who is read, what is kept, and what a further run leaves alone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from matching import circle_snapshot
from matching.models import CircleProposal, CircleSeat
from matching.services.circles import TooFewPeers, hold_circle, start_circle_run
from mentorship.applications.models import Application
from mentorship.partnerships.models import Membership, Partnership
from tests.factories import NOW, GoalFactory
from tests.matching.cast import avoid, report_to
from tests.matching.circle_cast import (
    approve_circles_of,
    circle_season,
    facilitator,
    find_circles,
    members_of,
    peers,
)

pytestmark = pytest.mark.django_db


def test_a_run_suggests_a_circle_with_its_theme_time_and_facilitator(coordinator):
    season = circle_season()
    theme = GoalFactory()
    five = peers(season, 5, theme=theme)
    guide = facilitator(season, coordinator)
    run = find_circles(season, coordinator)
    circle = CircleProposal.objects.get(run=run)
    assert members_of(run) == [{row.pk for row in five}]
    assert (circle.number, circle.theme, circle.slot, circle.state) == (1, theme, "tue-am", "proposed")
    assert [each.person for each in circle.guides.all()] == [guide]
    assert (run.figures["peers"], run.figures["placed"], run.figures["proved"]) == (5, 5, True)


def test_three_peers_are_too_few_to_look(coordinator):
    season = circle_season()
    peers(season, 3)
    with pytest.raises(TooFewPeers):
        start_circle_run(season=season, by=coordinator, now=NOW)


def test_whoever_has_no_circle_is_kept_with_the_reason(coordinator):
    season = circle_season()
    peers(season, 4)
    [alone] = peers(season, 1, theme=GoalFactory())
    run = find_circles(season, coordinator)
    seat = CircleSeat.objects.get(run=run, circle=None)
    assert (seat.application, seat.reasons["nobody"]) == (alone, "too_few_for_theme")


def test_nobody_sits_with_their_supervisor_or_with_whom_they_asked_not_to_meet(coordinator):
    season = circle_season()
    five = peers(season, 5)
    report_to(five[0].applicant, five[1].applicant)
    run = find_circles(season, coordinator)
    assert {len(circle & {five[0].pk, five[1].pk}) for circle in members_of(run)} == {1}
    season = circle_season()
    five = peers(season, 5)
    avoid(five[0], five[1].applicant)
    run = find_circles(season, coordinator)
    assert {len(circle & {five[0].pk, five[1].pk}) for circle in members_of(run)} == {1}


def test_a_held_circle_stays_as_it_is_and_an_approved_one_is_shown_again(coordinator):
    season = circle_season()
    peers(season, 4, slots=["mon-am"])
    first = find_circles(season, coordinator)
    hold_circle(circle=CircleProposal.objects.get(run=first), by=coordinator, now=NOW)
    late = peers(season, 4, theme=CircleProposal.objects.get(run=first).theme, slots=["mon-am"])
    second = find_circles(season, coordinator)
    assert members_of(second) == [*members_of(first), {row.pk for row in late}]
    assert list(second.circles.values_list("state", flat=True)) == ["locked", "proposed"]
    facilitator(season, coordinator, circles=2)
    third = find_circles(season, coordinator)
    approve_circles_of(third, coordinator)
    assert Partnership.objects.get(kind="circle").memberships.filter(role="peer").count() == 4
    fourth = find_circles(season, coordinator)
    assert members_of(fourth) == [members_of(third)[1], members_of(third)[0]] or members_of(fourth) == members_of(
        third
    )
    assert sorted(fourth.circles.values_list("state", flat=True)) == ["approved", "locked"]


def test_a_circle_is_kept_together_by_a_further_run(coordinator):
    season = circle_season()
    peers(season, 10, slots=["mon-am", "tue-am", "wed-am"])
    first = find_circles(season, coordinator)
    second = find_circles(season, coordinator)
    assert second.number == 2
    assert sorted(map(sorted, members_of(second))) == sorted(map(sorted, members_of(first)))


def test_who_withdrew_is_in_no_circle_of_the_problem(coordinator):
    season = circle_season()
    five = peers(season, 5)
    find_circles(season, coordinator)
    Application.objects.filter(pk=five[0].pk).update(state="withdrawn")
    shot = circle_snapshot.take(season)
    assert {peer.id for peer in shot.problem.peers} == {str(row.applicant_id) for row in five[1:]}
    assert set(shot.circles[0].members) == {str(row.applicant_id) for row in five[1:]}


def test_the_snapshot_takes_the_same_queries_whatever_the_size(coordinator):
    def count(people: int) -> int:
        season = circle_season()
        peers(season, people)
        facilitator(season, coordinator)
        find_circles(season, coordinator)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            circle_snapshot.take(season)
        return len(queries)

    assert count(4) == count(12)


def test_nothing_of_identity_is_in_the_problem_or_the_trace(coordinator):
    season = circle_season(identity_matching=True)
    peers(season, 5)
    run = find_circles(season, coordinator)
    fields = {key for peer in run.problem["peers"] for key in peer}
    assert fields <= {"id", "unit", "managers", "slots", "modes", "languages", "avoid", "themes"}


def test_approval_makes_memberships_of_peers_and_facilitator(coordinator):
    season = circle_season()
    four = peers(season, 4)
    guide = facilitator(season, coordinator)
    outcome = approve_circles_of(find_circles(season, coordinator), coordinator)
    assert (outcome.made, dict(outcome.refused)) == (1, {})
    circle = Partnership.objects.get()
    assert (circle.kind, circle.state) == ("circle", "approved")
    assert set(circle.memberships.filter(role="peer").values_list("person", flat=True)) == {
        row.applicant_id for row in four
    }
    assert Membership.objects.get(role="facilitator").person == guide


def test_a_circle_without_a_facilitator_is_refused(coordinator):
    season = circle_season()
    peers(season, 4)
    outcome = approve_circles_of(find_circles(season, coordinator), coordinator)
    assert (outcome.made, dict(outcome.refused)) == (0, {"no-facilitator": 1})
