"""Seasons that are not proved whole: near the bound within the limits, and the same every time."""

from dataclasses import replace
from random import Random

from matching.engine.circles import LIMITS, CircleProblem, solve, verify
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


def test_without_a_search_the_greedy_start_is_repaired_and_the_gap_is_told():
    problem = large(60)
    # One node and no person proved: HiGHS may stop before it has anything, the start then has to come from elsewhere.
    best = solve(problem).value
    without = solve(problem, replace(LIMITS, proved_up_to=0, large_nodes=0, near=0, repairs=0))
    verify(problem, without)
    repaired = solve(problem, replace(LIMITS, proved_up_to=0, large_nodes=0, near=0, repairs=12))
    verify(problem, repaired)
    assert without.value <= repaired.value <= best <= repaired.bound
    assert repaired.gap == repaired.bound - repaired.value
