"""What may be said of wishes met: of five people and more, on either side, once in a season, with their consent."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from matching.engine import Mentee, Mentor, Problem, Settings, solve
from matching.models import MatchRun
from matching.services.figures import run_with_wishes
from matching.wishes import season_totals
from mentorship.applications.models import Application
from mentorship.seasons.services import archive_season
from tests.factories import NOW, GoalFactory, MenteeFactory, MentorFactory, SeasonFactory
from tests.matching.cast import give_identity, run_matching

WISH = {"identity": {"gender": ("x",)}, "match_on": {"gender": 2}}


def season(asking, quiet, sharing):
    """So many mentees who ask and who don't, and a mentor for each, so many of whom share it; all fits equal."""
    mentees = [Mentee(id=f"m{n:02}", **(WISH if n < asking else {})) for n in range(asking + quiet)]
    mentors = [Mentor(id=f"t{n:02}", **(WISH if n < sharing else {})) for n in range(asking + quiet)]
    return Problem(settings=Settings(identity=True, cuts=()), mentees=tuple(mentees), mentors=tuple(mentors))


def everybody(problem):
    return frozenset((mentee.id, "gender") for mentee in problem.mentees if mentee.match_on)


def totals(problem, counted=None):
    return season_totals(problem, solve(problem), everybody(problem) if counted is None else counted)


@pytest.mark.parametrize(
    ("asking", "quiet", "sharing", "told"),
    [
        (10, 5, 5, True),
        (9, 5, 5, False),  # four of those who asked don't have it
        (10, 5, 4, False),  # four have it
        (10, 4, 5, False),  # four didn't ask
        (4, 20, 4, False),
    ],
)
def test_five_people_or_more_stand_behind_each_number_and_behind_what_it_leaves(asking, quiet, sharing, told):
    found = totals(season(asking, quiet, sharing))
    assert bool(found) == told
    if told:
        assert (found["asked"], found["met"]) == (asking, sharing)


def test_only_those_who_agreed_are_counted():
    problem = season(12, 8, 6)
    agreed = frozenset(sorted(everybody(problem))[:4])
    assert totals(problem)["asked"] == 12
    assert totals(problem, agreed) == {}


def test_the_blind_run_is_told_only_where_its_difference_tells_of_nobody():
    large = season(30, 30, 20)
    found = totals(large)
    trace = solve(large)
    blind = dict(trace.blind.pairs)
    real = {pair.mentee: pair.mentor for pair in trace.pairs}
    sharing = {mentor.id for mentor in large.mentors if mentor.match_on}
    met_blind = sum(blind[mentee] in sharing for mentee, _ in everybody(large))
    assert found == {"asked": 30, "met": 20, "blind": met_blind}
    # Control: where all but a few of those who moved gained by it, the difference would name them.
    few = season(10, 6, 5)
    quiet = {mentee.id for mentee in few.mentees if not mentee.match_on}
    trace = solve(few)
    blind, real = dict(trace.blind.pairs), {pair.mentee: pair.mentor for pair in trace.pairs}
    sharing = {mentor.id for mentor in few.mentors if mentor.match_on}
    gained = {m for m, _ in everybody(few) if real[m] in sharing and blind[m] not in sharing}
    moved = {mentee.id for mentee in few.mentees if real[mentee.id] != blind[mentee.id]}
    assert quiet
    assert ("blind" in totals(few)) == (len(gained) >= 5 and len(moved - gained) >= 5)


def test_without_a_blind_run_there_is_no_comparison():
    problem = season(10, 5, 5)
    plain = replace(problem, settings=replace(problem.settings, quiet_guard=False))
    assert totals(plain) == {"asked": 10, "met": 5}


@pytest.fixture
def asked():
    """A season in which ten asked and five didn't, with five mentors who share it."""
    season = SeasonFactory(identity_matching=True)
    goal = GoalFactory()
    wish = {"values": ["canary"], "match": 2, "show": False, "count": True}
    for n in range(15):
        mentee = MenteeFactory(season=season, wants={goal: 3})
        mentor = MentorFactory(season=season, wants={goal: 2})
        if n < 10:
            give_identity(mentee, gender=wish)
        if n < 5:
            give_identity(mentor, gender=wish)
    return season


@pytest.mark.django_db
def test_it_is_decided_once_for_the_first_run_and_never_counted_again(asked, coordinator):
    first = run_matching(asked, coordinator)
    assert first.figures["wishes"]["met"] == 5
    leaves = Application.objects.filter(season=asked, role="mentee").first()
    leaves.state = "withdrawn"
    leaves.save()
    second = run_matching(asked, coordinator)
    assert "wishes" not in second.figures
    assert run_with_wishes(asked) == first


@pytest.mark.django_db
def test_what_was_hidden_once_stays_hidden_when_more_people_come(asked, coordinator):
    """Else the moment at which it appears would tell of the one who came."""
    quiet = list(Application.objects.filter(season=asked, role="mentee", identity__isnull=False))
    late = next(row for row in quiet if not row.identity.given)
    late.state = "submitted"
    late.save()
    first = run_matching(asked, coordinator)
    assert first.figures["wishes"] == {}
    late.state = "eligible"
    late.save()
    run_matching(asked, coordinator)
    assert run_with_wishes(asked).figures["wishes"] == {}
    # Control: had they been there from the start, it would have been told.
    MatchRun.objects.all().delete()
    assert run_matching(asked, coordinator).figures["wishes"]["asked"] == 10


@pytest.mark.django_db
def test_without_consent_nobody_is_counted(asked, coordinator):
    for row in Application.objects.filter(season=asked, role="mentee"):
        given = row.identity.given
        if given:
            row.identity.given = {"gender": {**given["gender"], "count": False}}
            row.identity.save()
    assert run_matching(asked, coordinator).figures["wishes"] == {}


@pytest.mark.django_db
def test_a_season_without_identity_has_no_totals(coordinator):
    season = SeasonFactory()
    MenteeFactory(season=season)
    MentorFactory(season=season)
    assert "wishes" not in run_matching(season, coordinator).figures


@pytest.mark.django_db
def test_archiving_forgets_what_the_runs_read_and_what_was_counted_of_wishes(asked, coordinator):
    run = run_matching(asked, coordinator)
    assert "canary" in json.dumps(run.problem)
    archive_season(season=asked, by=coordinator, now=NOW + timedelta(days=400))
    run.refresh_from_db()
    assert (run.problem, run.trace, run.figures["matched"]) == ({}, {}, 15)
    assert not {"wishes", "file"} & set(run.figures)


@pytest.mark.django_db
def test_an_archived_season_can_still_be_looked_at_and_its_inputs_can_not_be_written(asked, coordinator, sign_in):
    run = run_matching(asked, coordinator)
    archive_season(season=asked, by=coordinator, now=NOW + timedelta(days=400))
    client = sign_in(coordinator)
    for name, key in (("workbench", asked.pk), ("approve", asked.pk), ("details", run.pk)):
        assert client.get(reverse(f"admin:matching_{name}", args=[key])).status_code == 200
    with pytest.raises(CommandError, match="is gone"):
        call_command("export_problem", asked.slug)
