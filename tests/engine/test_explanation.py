"""Why not another mentor: the exact loss in every tier, held against solving the season with that pair pinned."""

import json
from random import Random

import pytest

from matching.engine import ProblemError, explain, grid, parse, solve
from matching.engine import season as seasons
from matching.engine.__main__ import main
from matching.engine.certificate import Proof
from matching.engine.grid import Grid
from matching.engine.tables import NOBODY
from matching.engine.tiers import TIERS
from tests.engine.seasons import mentee, mentor, random_problem, season


@pytest.fixture(params=["table", "wide"])
def size(request, monkeypatch):
    if request.param == "wide":
        monkeypatch.setattr(grid, "TABLE", -1)
        monkeypatch.setattr(seasons, "AT_ONCE", 11)


def values(problem, pairs):
    """What these pairs are worth in every tier."""
    table = Grid(parse(problem))
    assignment = table.pinned * 0 + NOBODY
    for pair in pairs:
        assignment[table.row[pair.mentee]] = table.column[pair.mentor]
    return [Proof(tier, False, None).value(table, assignment) for tier in TIERS]


def test_every_loss_is_what_pinning_the_pair_costs(size):
    """In all tiers, identity among them; the quiet guard is left out, whose floors a pin would move."""
    compared = with_chain = 0
    for number in range(100):
        problem = random_problem(Random(number), 6, 6, least=2)
        problem["settings"] |= {"quiet_guard": False}
        trace = solve(parse(problem))
        best = values(problem, trace.pairs)
        pinned = {pin[0] for pin in problem["pins"]}
        for one in problem["mentees"]:
            if one["id"] in pinned:
                continue
            explanation = explain(parse(problem), trace, one["id"])
            for loss in explanation.others:
                forced = problem | {"pins": [*problem["pins"], [one["id"], loss.mentor]]}
                # The weights of the first tier depend on how many pairs could be made, which a pin doesn't change.
                again = values(problem, solve(parse(forced)).pairs)
                assert dict(loss.tiers) == dict(
                    zip(TIERS, (a - b for a, b in zip(best, again, strict=True)), strict=True)
                )
                compared += 1
                with_chain += len(loss.moves) > 2
            assert [tuple(loss.tiers.values()) for loss in explanation.others] == sorted(
                tuple(loss.tiers.values()) for loss in explanation.others
            )
    assert compared > 500
    assert with_chain > 50


def test_whoever_isnt_among_the_others_is_excluded_by_a_rule_or_full_of_pins(size):
    for number in range(40):
        problem = random_problem(Random(number), 6, 6, least=2)
        problem["pins"] = []
        trace = solve(parse(problem))
        for one in problem["mentees"]:
            explanation = explain(parse(problem), trace, one["id"])
            named = {loss.mentor for loss in explanation.others} | set(explanation.excluded) | {explanation.mentor}
            if trace.blind is None:
                assert named - {""} == {other["id"] for other in problem["mentors"]}
            assert not {loss.mentor for loss in explanation.others} & set(explanation.excluded)


def test_the_guard_never_lets_a_quiet_mentee_be_displaced_to_a_poorer_match():
    guarded = 0
    for number in range(80):
        problem = random_problem(Random(number), 6, 6, least=3)
        problem["pins"] = []
        trace = solve(parse(problem))
        if trace.blind is None:
            continue
        table = Grid(parse(problem))
        floor = {
            one: int(table.fit[table.row[one], table.column[other]])
            for one, other in trace.blind.pairs
            if table.quiet[table.row[one]]
        }
        for one in problem["mentees"]:
            for loss in explain(parse(problem), trace, one["id"]).others:
                for moved, _before, after in loss.moves[1:]:
                    if moved in floor:
                        assert after
                        assert table.fit[table.row[moved], table.column[after]] >= floor[moved]
                        guarded += 1
    assert guarded > 50


def test_people_who_cant_be_explained_are_named():
    problem = parse(season([mentee("E1"), mentee("E2")], [mentor("M1")], pins=[["E1", "M1"]]))
    trace = solve(problem)
    for identifier, words in (("E9", "mentee E9: nobody has this id"), ("E1", "mentee E1: is pinned to M1")):
        with pytest.raises(ProblemError) as caught:
            explain(problem, trace, identifier)
        assert str(caught.value) == words


def test_the_program_explains(tmp_path, capsys):
    people = (
        [mentee("E1", goals={"a": 3}), mentee("E2", goals={"b": 1})],
        [
            mentor("M1", offers={"a": 2}),
            mentor("M2", offers={"b": 2}),
            mentor("M3", unit="main"),
        ],
    )
    people[0][0]["unit"] = "main"
    problem = season(*people)
    (tmp_path / "problem.json").write_text(json.dumps(problem))
    (tmp_path / "trace.json").write_text(solve(parse(problem)).to_json())
    files = [str(tmp_path / "problem.json"), str(tmp_path / "trace.json")]
    assert main(["explain", *files, "--mentee", "E1"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["mentee"], said["mentor"], said["excluded"]) == ("E1", "M1", {"M3": ["same_unit"]})
    [other] = said["others"]
    assert (other["mentor"], other["moves"]) == ("M2", [["E1", "M1", "M2"], ["E2", "M2", "M1"]])
    assert other["below"] == {"25": 2, "50": 2}
    assert main(["explain", *files, "--mentee", "E9"]) == 2
    assert capsys.readouterr().err == "mentee E9: nobody has this id\n"
