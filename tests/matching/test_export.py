"""A run's inputs for anybody to solve again: from the server's shell alone, never where identity was matched on."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from matching.engine import Problem, solve
from tests.factories import SeasonFactory
from tests.matching.cast import avoid, pool, report_to, run_matching

pytestmark = pytest.mark.django_db


def export(*arguments):
    out = StringIO()
    call_command("export_problem", *arguments, stdout=out)
    return out.getvalue()


def pairs_in(text):
    return {(pair.mentee, pair.mentor) for pair in solve(Problem.from_json(text)).pairs}


def test_the_file_gives_the_same_matches_and_says_nothing_of_avoidances(coordinator):
    season, mentees, mentors = pool(4, 4)
    avoid(mentees[0], mentors[0].applicant)
    report_to(mentees[1].applicant, mentors[1].applicant)
    run = run_matching(season, coordinator)
    text = export(season.slug)
    assert pairs_in(text) == {
        (str(mentee), str(mentor)) for mentee, mentor in run.proposals.values_list("mentee", "mentor") if mentor
    }
    assert not {"avoid", "managers", "unit"} & {key for person in json.loads(text)["mentees"] for key in person}


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


def test_a_season_that_matches_on_identity_exports_nothing(client, coordinator, sign_in):
    season, _mentees, _mentors = pool(1, 1, SeasonFactory(identity_matching=True))
    run = run_matching(season, coordinator)
    with pytest.raises(CommandError, match="never exported"):
        export(season.slug)
    page = sign_in(coordinator).get(reverse("admin:matching_details", args=[run.pk])).content.decode()
    assert "never leaves the server" in page
