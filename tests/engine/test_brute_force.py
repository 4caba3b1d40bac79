"""The engine against trying everything."""

import sys
from random import Random

from matching.engine import Trace, blocked, parse, solve, verify
from tests.engine.reference import Reference
from tests.engine.seasons import random_problem

UNWAIVABLE = {"no_places", "same_person", "avoidance"}
PROBLEMS = 1000


def pin_somebody(random, problem):
    """Pin a pair, waiving what it breaks where that can be waived."""
    reference = Reference(problem)
    possible = [pair for pair, broken in reference.broken.items() if not broken & UNWAIVABLE]
    if possible:
        pair = random.choice(possible)
        problem["pins"] = [[*pair, sorted(reference.broken[pair])]]


def seen(problem, pairs):
    return sorted((pair.mentee, pair.mentor) for pair in pairs)


def test_a_thousand_seasons_are_solved_as_well_as_by_trying_everything():
    random = Random(2027)
    mismatches, met = [], {"guard at work": 0, "somebody unmatched": 0, "pinned": 0, "identity decided": 0}
    for number in range(PROBLEMS):
        problem = random_problem(random, 5, 4)
        if random.random() < 0.2:
            pin_somebody(random, problem)
        reference = Reference(problem)
        best, blind = reference.solve()
        parsed = parse(problem)
        trace = solve(parsed)
        verify(parsed, trace)
        pairs = seen(problem, trace.pairs)
        if reference.vector(pairs) != reference.vector(best):
            mismatches.append((number, reference.vector(pairs), reference.vector(best)))
        if trace.blind and reference.vector(trace.blind.pairs, True) != reference.vector(blind, True):
            mismatches.append((number, "blind"))
        met["guard at work"] += trace.blind is not None
        met["somebody unmatched"] += bool(trace.unmatched)
        met["pinned"] += bool(problem["pins"])
        met["identity decided"] += trace.blind is not None and sorted(trace.blind.pairs) != pairs
    sys.stdout.write(f"{PROBLEMS} problems, {len(mismatches)} mismatches, {met}\n")
    assert mismatches == []
    # The seasons are worth solving: each thing that could go wrong comes up often.
    assert min(met.values()) >= 40


def test_every_rule_blocks_exactly_the_pairs_that_the_written_rules_block():
    random = Random(7)
    codes = set()
    for _ in range(60):
        problem = random_problem(random, least=1)
        reference, parsed = Reference(problem), parse(problem)
        for (mentee, mentor), broken in reference.broken.items():
            assert set(blocked(parsed, mentee, mentor)) == broken
            codes |= broken
    assert len(codes) == 11


def test_every_tier_reports_the_value_that_its_pairs_have():
    random = Random(11)
    for _ in range(100):
        problem = random_problem(random)
        reference = Reference(problem)
        trace = solve(parse(problem))
        pairs = seen(problem, trace.pairs)
        covered, priority, *below, kept, score, tickets = reference.vector(pairs)
        digit = 1 + min(len(reference.mentees), sum(m["capacity"] for m in reference.mentors.values()))
        lexicographic = 0
        for count in (covered, priority, *below):
            lexicographic = lexicographic * digit + count
        assert [stage.value for stage in trace.stages] == [lexicographic, kept, score, tickets]
        assert [stage.bound for stage in trace.stages] == [stage.value for stage in trace.stages]


def test_a_trace_comes_back_from_its_json_as_it_was():
    random = Random(13)
    for _ in range(100):
        trace = solve(parse(random_problem(random)))
        assert Trace.from_json(trace.to_json()) == trace
