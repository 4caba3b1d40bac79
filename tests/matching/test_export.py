"""A run's inputs for anybody to solve again, without anybody's secret; never where identity was matched on."""

import hashlib
import json
import subprocess
import sys
from dataclasses import replace
from io import StringIO
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from matching.engine import Mentee, Mentor, Problem, Settings, parse, solve
from matching.export import exportable, file_hash
from mentorship.applications.models import Favourite
from tests.engine.seasons import random_problem
from tests.factories import GoalFactory, MenteeFactory, MentorFactory, SeasonFactory
from tests.matching.cast import avoid, pool, report_to, run_matching

pytestmark = pytest.mark.django_db


def export(*arguments):
    out = StringIO()
    call_command("export_problem", *arguments, stdout=out)
    return out.getvalue()


def made(trace):
    return {(pair.mentee, pair.mentor) for pair in trace.pairs}


def pairs_of_run(run):
    return {(str(mentee), str(mentor)) for mentee, mentor in run.proposals.values_list("mentee", "mentor") if mentor}


def random_seasons():
    for number in range(120):
        problem = random_problem(Random(number), 7, 7, least=2)
        problem["settings"]["identity"] = False
        yield parse(problem)


def test_in_random_seasons_the_file_gives_the_same_pairs():
    for problem in random_seasons():
        pairs = made(solve(problem))
        assert made(solve(exportable(problem, pairs))) == pairs
        assert file_hash(problem, solve(problem)) == exportable(problem, pairs).input_hash


def test_whom_people_named_and_did_not_get_changes_no_byte_of_the_file():
    unmet = 0
    for problem in random_seasons():
        pairs = made(solve(problem))
        forgotten = replace(
            problem,
            mentees=tuple(
                replace(m, favourites=[t for t in m.favourites if (m.id, t) in pairs]) for m in problem.mentees
            ),
            mentors=tuple(
                replace(t, favourites=[m for m in t.favourites if (m, t.id) in pairs]) for t in problem.mentors
            ),
        )
        unmet += forgotten != problem
        assert exportable(forgotten, pairs).to_json() == exportable(problem, pairs).to_json()
    assert unmet > 20


def test_control_leaving_out_the_favourites_that_were_met_gives_other_pairs():
    """Both mentees fit both mentors alike; the first named the one whom the lottery would give to the other."""
    for seed in "abcdefgh":
        problem = Problem(
            settings=Settings(seed=seed),
            mentees=(Mentee(id="m1", favourites=("t1",)), Mentee(id="m2")),
            mentors=(Mentor(id="t1"), Mentor(id="t2")),
        )
        bare = replace(problem, mentees=(Mentee(id="m1"), Mentee(id="m2")))
        if made(solve(bare)) != made(solve(problem)):
            return
    raise AssertionError("no lottery went against the favourite")


def test_an_avoidance_reads_like_any_other_pair_that_cannot_be():
    people = {"mentees": (Mentee(id="m1"), Mentee(id="m2")), "mentors": (Mentor(id="t1"), Mentor(id="t2"))}
    excluded = Problem(settings=Settings(), forbid=(("m1", "t1"),), **people)
    avoided = Problem(
        settings=Settings(), **(people | {"mentees": (Mentee(id="m1", avoid=("t1",)), Mentee(id="m2"))})
    )
    assert exportable(avoided, made(solve(avoided))) == exportable(excluded, made(solve(excluded)))


def test_the_file_holds_no_unit_no_rank_no_times_and_numbers_the_goals(coordinator):
    season = SeasonFactory()
    goal = GoalFactory(slug="canary-goal")
    mentee = MenteeFactory(season=season, wants={goal: 3}, slots=["tue-pm"])
    MentorFactory(season=season, wants={goal: 2}, capacity=2)
    avoid(mentee, MentorFactory(season=season).applicant)
    run_matching(season, coordinator)
    text = export(season.slug)
    assert {key for person in json.loads(text)["mentees"] for key in person} == {"id", "goals"}
    assert {key for person in json.loads(text)["mentors"] for key in person} == {"id", "capacity", "offers"}
    assert "canary-goal" not in text
    assert "tue-pm" not in text


def test_the_page_gives_the_file_of_the_command_and_two_commands_give_the_run_s_pairs(tmp_path, coordinator, sign_in):
    season, mentees, mentors = pool(4, 4)
    avoid(mentees[0], mentors[0].applicant)
    report_to(mentees[1].applicant, mentors[1].applicant)
    Favourite.objects.create(application=mentees[2], person=mentors[3].applicant, rank=2)
    Favourite.objects.create(application=mentees[2], person=mentors[0].applicant, rank=1)
    run = run_matching(season, coordinator)
    client = sign_in(coordinator)
    assert reverse("admin:matching_problem", args=[run.pk]) in text_of(client, "approve", season.pk)
    response = client.get(reverse("admin:matching_problem", args=[run.pk]))
    assert response["Content-Disposition"] == f'attachment; filename="problem-{season.slug}-1.json"'
    assert response.content.decode() == export(season.slug)
    assert hashlib.sha256(response.content).hexdigest() == run.figures["file"]

    problem, trace = tmp_path / "problem.json", tmp_path / "trace.json"
    problem.write_bytes(response.content)
    engine = [sys.executable, "-m", "matching.engine"]
    trace.write_bytes(subprocess.run([*engine, "solve", problem], capture_output=True, check=True).stdout)
    verified = subprocess.run([*engine, "verify", problem, trace], capture_output=True, text=True, check=True)
    assert verified.stdout == "The trace holds.\n"
    solved = json.loads(trace.read_text())
    assert {(pair["mentee"], pair["mentor"]) for pair in solved["pairs"]} == pairs_of_run(run)
    assert solved["input_hash"] == run.figures["file"]


def test_whoever_s_own_match_is_in_the_run_gets_no_file(coordinator, sign_in):
    season, (mentee,), _mentors = pool(1, 1)
    run = run_matching(season, coordinator)
    mentee.applicant.profile.supervisor = coordinator
    mentee.applicant.profile.save()
    client = sign_in(coordinator)
    assert client.get(reverse("admin:matching_problem", args=[run.pk])).status_code == 404
    assert "is for other coordinators" in text_of(client, "approve", season.pk)


def test_an_earlier_run_is_written_by_its_number(coordinator):
    season, _mentees, _mentors = pool(1, 1)
    run_matching(season, coordinator)
    pool(1, 1, season)
    run_matching(season, coordinator)
    assert [len(json.loads(export(season.slug, *which))["mentees"]) for which in ((), ("--run", "1"))] == [2, 1]


@pytest.mark.parametrize("arguments", [("no-such-season",), ("six", "--run", "9")])
def test_what_is_not_there_is_said_in_a_line(arguments, coordinator):
    season, _mentees, _mentors = pool(1, 1, SeasonFactory(slug="six"))
    run_matching(season, coordinator)
    with pytest.raises(CommandError, match="has no such run"):
        export(*arguments)


def test_a_season_that_matches_on_identity_exports_nothing(coordinator, sign_in):
    season, _mentees, _mentors = pool(1, 1, SeasonFactory(identity_matching=True))
    run = run_matching(season, coordinator)
    with pytest.raises(CommandError, match="never exported"):
        export(season.slug)
    client = sign_in(coordinator)
    assert client.get(reverse("admin:matching_problem", args=[run.pk])).status_code == 404
    for name, key in (("details", run.pk), ("approve", season.pk)):
        assert "never leaves the server" in text_of(client, name, key)


def text_of(client, name, key):
    response = client.get(reverse(f"admin:matching_{name}", args=[key]))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())
