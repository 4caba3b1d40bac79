"""Seasons that are not proved whole: near the bound within the limits, and the same every time."""

from dataclasses import replace
from random import Random

from matching.engine.circles import LIMITS, CircleProblem, solve, verify
from matching.engine.circles.assembly import named
from matching.engine.circles.board import Board
from matching.engine.circles.changes import total
from matching.engine.circles.greedy import greedy_circles
from matching.engine.circles.outcome import Placed, to_made
from matching.engine.circles.programme import whole_programme
from matching.engine.circles.repairs import repaired
from matching.engine.circles.verification import check_circles
from tests.engine.circles.seasons import facilitator, peer, season

THEMES = [f"theme-{number}" for number in range(6)]
SLOTS = [f"{day}-{half}" for day in ("mon", "tue", "wed") for half in ("am", "pm")]


def large(count, seed=1):
    random = Random(seed)
    people = [
        peer(
            f"P{number:03d}",
            unit=f"u{random.randrange(count // 8)}",
            themes={theme: 3 - place for place, theme in enumerate(random.sample(THEMES, 3))},
            slots=random.sample(SLOTS, random.randint(2, 4)),
            avoid=[f"P{random.randrange(count):03d}"] if random.random() < 0.1 else [],
        )
        for number in range(count)
    ]
    guides = [facilitator(f"F{number}", slots=random.sample(SLOTS, 3)) for number in range(count // 10)]
    return CircleProblem.from_dict(season(people, guides))


def test_a_large_season_comes_within_half_a_hundredth_of_its_bound():
    problem = large(160)
    trace = solve(problem)
    verify(problem, trace)
    assert 0 <= trace.gap <= trace.bound * 5 // 1000
    assert solve(problem).to_json() == trace.to_json()


def test_the_greedy_start_keeps_the_rules_and_repairs_bring_it_nearer_to_the_best():
    problem = large(60)
    board = Board(problem)
    best = solve(problem)
    start = [Placed(cell, group) for cell, group in greedy_circles(whole_programme(board))]
    after = repaired(board, start, best.bound, replace(LIMITS, near=0, repairs=12))
    values = []
    for placed in (start, after):
        circles = named(board, [to_made(board, each) for each in placed])
        check_circles(board, circles)
        values.append(total(board, circles))
    assert values[0] < values[1] <= best.value
    assert best.value - values[1] < (best.value - values[0]) // 2


def test_a_kind_that_cannot_be_divided_leaves_out_as_few_as_it_must():
    # The one above everybody cannot share a circle with any of them.
    people = [peer("boss"), *[peer(f"P{number}", managers=["boss"]) for number in range(11)]]
    problem = CircleProblem.from_dict(season(people))
    trace = solve(problem, replace(LIMITS, proved_up_to=0))
    verify(problem, trace)
    assert (trace.figures.placed, [unplaced.peer for unplaced in trace.unplaced]) == (11, ["boss"])
