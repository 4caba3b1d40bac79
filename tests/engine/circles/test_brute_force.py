"""Circles against trying everything."""

import sys
from random import Random

from matching.engine.circles import CircleProblem, ProblemError, solve, verify
from tests.engine.circles.reference import Reference
from tests.engine.circles.seasons import random_season

PROBLEMS = 300


def test_three_hundred_seasons_are_solved_as_well_as_by_trying_everything():
    random = Random(2027)
    mismatches = []
    met = {"somebody unplaced": 0, "two circles": 0, "guided": 0, "kept": 0, "conflicts": 0, "everybody placed": 0}
    for number in range(PROBLEMS):
        raw = random_season(random)
        problem = CircleProblem.from_dict(raw)
        trace = solve(problem)
        verify(problem, trace)
        best = Reference(raw).best()
        if (trace.value, trace.gap) != (best, 0):
            mismatches.append((number, trace.value, trace.bound, best))
        met["somebody unplaced"] += bool(trace.unplaced)
        met["two circles"] += len(trace.circles) > 1
        met["guided"] += bool(trace.figures.with_facilitator)
        met["kept"] += bool(trace.figures.stays)
        met["everybody placed"] += not trace.unplaced
        met["conflicts"] += any(peer.avoid or peer.managers for peer in problem.peers)
    sys.stdout.write(f"{PROBLEMS} problems, {len(mismatches)} mismatches, {met}\n")
    assert mismatches == []
    # The seasons are worth solving: each thing that could go wrong comes up often.
    assert min(met.values()) >= 10


def test_pins_hold_at_the_least_cost_and_are_refused_where_nothing_holds_them():
    random = Random(31)
    mismatches, met = [], {"kept at a cost": 0, "refused": 0, "free": 0}
    for number in range(150):
        raw = random_season(random, 9)
        free = Reference(raw).best()
        themes = sorted({theme for person in raw["peers"] for theme in person["themes"]}) or ["leading"]
        pinned = random.sample(raw["peers"], random.choice([1, 1, 2]))
        raw["pins"] = [{"peer": person["id"], "theme": random.choice(themes)} for person in pinned]
        problem, best = CircleProblem.from_dict(raw), Reference(raw).best()
        try:
            trace = solve(problem)
        except ProblemError:
            value = None
        else:
            verify(problem, trace)
            value = trace.value
        if value != best:
            mismatches.append((number, value, best))
        met["refused"] += best is None
        met["kept at a cost"] += best is not None and best < free
        met["free"] += best == free
    assert mismatches == []
    assert min(met.values()) >= 5, met
