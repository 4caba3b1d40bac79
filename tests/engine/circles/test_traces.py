"""What a trace of circles must survive: honest ones hold, and no tampered one does."""

import json
from dataclasses import fields, replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine.circles import (
    CircleProblem,
    CircleTrace,
    NoCircle,
    TraceError,
    Unplaced,
    VerificationError,
    solve,
    verify,
)
from matching.engine.circles.board import Board
from matching.engine.circles.programme import whole_programme
from matching.engine.circles.proof import SCALE, prove
from tests.engine.circles.reference import Reference
from tests.engine.circles.seasons import facilitator, peer, random_season, season
from tests.engine.test_certificates import places_in, tampered


def refused(problem, trace):
    """The line with which this trace is turned away, or nothing."""
    try:
        verify(problem, trace if isinstance(trace, CircleTrace) else CircleTrace.from_json(trace))
    except (TraceError, VerificationError) as error:
        return str(error)
    return ""


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.data())
def test_no_trace_survives_a_change_anywhere(data):
    random = Random(data.draw(st.integers(0, 30), "season"))
    problem = CircleProblem.from_dict(random_season(random, 10, 8, crowded=True))
    trace = json.loads(solve(problem).to_json())
    path = data.draw(st.sampled_from([path for path in places_in(trace) if path]), "place")
    how = data.draw(st.sampled_from(["change", "take away", "double"]), "how")
    number = data.draw(st.integers(-1000, 1000).filter(bool), "number")
    changed = tampered(trace, path, how, number)
    if changed == trace:
        return
    line = refused(problem, json.dumps(changed))
    assert line
    assert "\n" not in line


def small_season():
    people = [peer(f"P{n}", slots=["mon-am", "tue-pm"], unit="a" if n < 2 else "") for n in range(9)]
    people[8]["avoid"] = ["P0"]
    problem = CircleProblem.from_dict(season(people, [facilitator("F1"), facilitator("F2")], seed="2027"))
    return problem, solve(problem)


def test_every_field_is_checked_even_where_the_checksum_was_made_again():
    problem, trace = small_season()
    wrong = {
        "circles": trace.circles[:1],
        "unplaced": (Unplaced("P1", NoCircle("competition")),),
        "value": trace.value + 1,
        "bound": trace.bound + 1,
        "gap": trace.gap + 1,
        "search": replace(trace.search, bound=trace.value - 1),
        "prices": replace(trace.prices, bound=trace.prices.bound - 1),
        "figures": replace(trace.figures, wishes=trace.figures.wishes + 1),
        "input_hash": "0" * 64,
        "seed": "2028",
        "versions": {**trace.versions, "engine": "0"},
    }
    for name, value in wrong.items():
        forged = replace(trace, **{name: value}).sealed()
        assert refused(problem, forged), name
    assert {*wrong, "checksum"} == {field.name for field in fields(CircleTrace)}
    assert (
        refused(problem, replace(trace, checksum="0" * 64)) == "checksum: not what the problem and the circles give"
    )
    assert refused(problem, replace(trace, search=replace(trace.search, nodes=99))) != ""
    assert refused(problem, trace.sealed()) == ""


def moved(trace, change):
    return replace(trace, circles=change(trace.circles)).sealed()


def test_a_circle_that_breaks_a_rule_is_refused_by_its_name():
    problem, trace = small_season()
    first, second = trace.circles
    everybody = tuple(sorted(first.members + second.members))
    merged = replace(first, members=everybody)
    assert refused(problem, moved(trace, lambda _: (merged,))) == "circles: new-1: breaks too_large, other"
    few = replace(first, members=first.members[:3])
    assert refused(problem, moved(trace, lambda _: (few, second))) == "circles: new-1: breaks too_small"
    elsewhere = replace(first, kind=replace(first.kind, slot="wed-am"))
    assert refused(problem, moved(trace, lambda _: (elsewhere, second))) == "circles: new-1: breaks time"
    twice = replace(second, members=first.members)
    assert "is in 2 circles" in refused(problem, moved(trace, lambda _: (first, twice)))
    guided = [replace(circle, facilitators=("F1",)) for circle in trace.circles]
    assert refused(problem, moved(trace, lambda _: tuple(guided))) == "circles: F1 guides too many"
    unknown = replace(first, members=(*first.members[:-1], "nobody"))
    assert "members: must be ids of the problem" in refused(problem, moved(trace, lambda _: (unknown, second)))
    both = replace(first, facilitators=("F1", "F2"))
    assert (
        refused(problem, moved(trace, lambda _: (both, second))) == "circles: new-1: facilitators: must be 1 at most"
    )


def test_prices_prove_a_bound_that_nothing_exceeds_whatever_they_are():
    random = Random(3)
    for _ in range(40):
        raw = random_season(random, 9)
        problem = CircleProblem.from_dict(raw)
        best, programme = Reference(raw).best(), whole_programme(Board(problem))
        honest = solve(problem).prices
        assert prove(programme, SCALE, honest.rows) == honest
        assert honest.bound >= best
        rows = [row for row in range(len(programme.limits)) if random.random() < 0.3]
        some = tuple((row, random.randint(1, 1500 * SCALE)) for row in rows)
        assert prove(programme, SCALE, some).bound >= best


@pytest.mark.parametrize("rows", [((-1, 5),), ((10**6, 5),), ((0, 0),), ((0, -5),), ((1, 5), (1, 5)), ((0, 2**60),)])
def test_a_price_that_cannot_be_one_is_refused(rows):
    problem, trace = small_season()
    forged = replace(trace, prices=replace(trace.prices, rows=rows)).sealed()
    assert refused(problem, forged).startswith("prices: rows: ")


def test_a_trace_of_another_problem_is_refused():
    problem, trace = small_season()
    other = replace(problem, peers=problem.peers[1:])
    assert refused(other, trace) == "input_hash: the trace is of another problem"


def test_a_trace_read_back_from_its_text_is_the_same():
    _, trace = small_season()
    assert CircleTrace.from_json(trace.to_json()) == trace
    assert trace.to_json().isascii()
