"""What a trace must survive: honest ones hold, and no tampered one does."""

import json
from copy import deepcopy
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import Trace, TraceError, VerificationError, parse, solve, verify
from matching.engine.assembly import Proof, Run, assemble, guard_works
from matching.engine.certificate import Face, Prices
from matching.engine.grid import Grid
from matching.engine.tables import NOBODY
from matching.engine.tiers import TIERS
from matching.engine.verification import read_prices
from tests.engine.reference import Reference
from tests.engine.seasons import mentee, mentor, random_problem, season


def refused(problem, text):
    """Whether this text is turned away in one line, as no trace or as one that does not hold."""
    try:
        verify(problem, Trace.from_json(text))
    except (TraceError, VerificationError) as error:
        return "\n" not in str(error)
    return False


def places_in(value, path=()):
    """The path of everything in a JSON value, itself included."""
    yield path
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, entry in entries:
        yield from places_in(entry, (*path, key))


def tampered(trace, path, how, number):
    """The trace with one place changed, taken away or doubled."""
    changed = deepcopy(trace)
    holder = changed
    for key in path[:-1]:
        holder = holder[key]
    last, value = path[-1], holder[path[-1]]
    if how == "take away":
        del holder[last]
    elif how == "double" and isinstance(holder, list):
        holder.insert(last, deepcopy(value))
    elif isinstance(value, int):
        holder[last] = value + number
    elif isinstance(value, str):
        holder[last] = value + "x"
    elif isinstance(value, list):
        holder[last] = value[::-1] if how == "double" else value[:-1]
    elif isinstance(value, dict):
        holder[last] = value | {"M0": number}
    else:
        holder[last] = number
    return changed


# The library versions are told for the record; nothing can be checked about them.
UNCHECKED = {("versions", "numpy"), ("versions", "scipy")}


@settings(max_examples=250, deadline=None, derandomize=True)
@given(st.data())
def test_no_trace_survives_a_change_anywhere(data):
    random = Random(data.draw(st.integers(0, 60), "season"))
    problem = parse(random_problem(random, 6, 6, least=2))
    trace = json.loads(solve(problem).to_json())
    paths = [path for path in places_in(trace) if path and path not in UNCHECKED]
    path = data.draw(st.sampled_from(paths), "place")
    how = data.draw(st.sampled_from(["change", "take away", "double"]), "how")
    number = data.draw(st.integers(-1000, 1000).filter(bool), "number")
    changed = tampered(trace, path, how, number)
    if changed == trace:
        return
    assert refused(problem, json.dumps(changed))


def test_no_trace_survives_a_price_more_or_less():
    for number in range(8):
        problem = parse(random_problem(Random(number), 5, 5, least=2))
        trace = json.loads(solve(problem).to_json())
        stages = [("stages", place) for place in range(4)]
        stages += [("blind", "stages", place) for place in range(2)] if "blind" in trace else []
        for stage in stages:
            for side, people in (("mentees", problem.mentees), ("mentors", problem.mentors)):
                for person in people:
                    for step in (-1, 1):
                        changed = deepcopy(trace)
                        holder = changed
                        for key in (*stage, "duals", side):
                            holder = holder[key]
                        holder[person.id] = holder.get(person.id, 0) + step
                        if not holder[person.id]:
                            del holder[person.id]
                        assert refused(problem, json.dumps(changed))


def honest_run(problem):
    """The grid of a problem and the run that its trace tells."""
    grid, trace = Grid(problem), solve(problem)

    def assignment(pairs):
        columns = np.full(grid.shape[0], NOBODY, dtype=np.int64)
        for one, other in pairs:
            if grid.pinned[grid.row[one]] == NOBODY:
                columns[grid.row[one]] = grid.column[other]
        return columns

    def proofs(stages, blind):
        return tuple(
            Proof(
                stage.name,
                blind,
                Prices(
                    read_prices(stage.duals.mentees, grid.row, ""), read_prices(stage.duals.mentors, grid.column, "")
                ),
            )
            for stage in stages
        )

    pairs = assignment((pair.mentee, pair.mentor) for pair in trace.pairs)
    run = Run(pairs, proofs(trace.stages, False))
    if trace.blind:
        run = replace(run, blind=assignment(trace.blind.pairs), blind_proofs=proofs(trace.blind.stages, True))
    return grid, trace, run, assignment


def test_a_worse_matching_is_refused_however_consistently_it_is_told():
    refusals = 0
    for number in range(20):
        raw = random_problem(Random(number), 4, 4, least=2)
        problem = parse(raw)
        grid, trace, run, assignment = honest_run(problem)
        assert assemble(grid, run, trace.versions) == trace
        reference = Reference(raw)
        best = reference.vector([(pair.mentee, pair.mentor) for pair in trace.pairs])
        for pairs in list(reference.assignments({}))[:40]:
            if reference.vector(pairs) != best:
                forged = assemble(grid, replace(run, assignment=assignment(pairs)), trace.versions)
                assert refused(problem, forged.to_json())
                refusals += 1
    assert refusals > 150


def test_a_guard_that_measures_against_a_worse_blind_run_is_refused():
    refusals = 0
    for number in range(40):
        raw = random_problem(Random(number), 4, 4, least=2)
        problem = parse(raw)
        grid, trace, run, assignment = honest_run(problem)
        if run.blind is None:
            continue
        reference = Reference(raw)
        best = reference.vector(trace.blind.pairs, blind=True)
        for pairs in list(reference.assignments({}))[:20]:
            if reference.vector(pairs, blind=True) != best:
                forged = assemble(grid, replace(run, blind=assignment(pairs)), trace.versions)
                assert refused(problem, forged.to_json())
                refusals += 1
    assert refusals > 50


def test_leaving_the_guard_out_is_refused():
    raw = guarded_season()
    unguarded = parse(raw | {"settings": raw["settings"] | {"quiet_guard": False}})
    problem = parse(raw)
    assert guard_works(Grid(problem))
    forged = replace(solve(unguarded), input_hash=problem.input_hash)
    with pytest.raises(VerificationError, match=r"^blind: "):
        verify(problem, forged)


def guarded_season():
    """One mentor; a quiet mentee with the better fit, and one whose wish would outweigh it."""
    wish = {"identity": {"gender": ["woman"]}, "match_on": {"gender": 2}}
    return season(
        [
            mentee("quiet", goals={"resume": 2, "leading": 1}),
            mentee("wishing", goals={"resume": 1, "leading": 1}, **wish),
        ],
        [mentor("only", offers={"resume": 2, "leading": 1}, **wish)],
        identity=True,
    )


def trace_and_problem():
    problem = parse(season([mentee("E1"), mentee("E2")], [mentor("M1", capacity=1)], seed="2027"))
    return problem, solve(problem)


def test_the_refusal_names_what_does_not_hold():
    problem, trace = trace_and_problem()
    (pair,) = trace.pairs
    other = "E2" if pair.mentee == "E1" else "E1"
    cases = [
        (replace(trace, input_hash="0" * 64), "input_hash: the trace is of another problem"),
        (replace(trace, seed="2028"), "seed: not what the problem and the pairs give"),
        (replace(trace, versions=trace.versions | {"engine": "0"}), "versions: not a trace of engine 1"),
        (replace(trace, pairs=()), "stage coverage: the pairs do not reach the bound that the prices set"),
        (replace(trace, pairs=(pair, replace(pair, mentee=other))), "pairs: M1 has too many mentees"),
        (replace(trace, pairs=(pair, pair)), f"pairs: {pair.mentee}, M1: the mentee has two mentors"),
        (
            replace(trace, pairs=(replace(pair, mentor="M9"),)),
            f"pairs: {pair.mentee}, M9: not both are in the problem",
        ),
        (replace(trace, pairs=(replace(pair, fit=51),)), f"pairs: {pair.mentee}: not what the problem gives"),
        (replace(trace, unmatched=()), "unmatched: not what the problem and the pairs give"),
        (
            replace(trace, stages=trace.stages[:3]),
            "stages: must be coverage, keep, fit, lottery, and fit, lottery if blind",
        ),
    ]
    for forged, reason in cases:
        with pytest.raises(VerificationError) as caught:
            verify(problem, forged)
        assert str(caught.value) == reason


def test_a_pair_across_a_rule_is_refused_by_the_rules_name_and_a_private_rule_by_none():
    raw = season([mentee("E1"), mentee("E2", unit="main", avoid=["M1"])], [mentor("M1", unit="main"), mentor("M2")])
    problem, trace = parse(raw), solve(parse(raw))
    crossed = tuple(replace(pair, mentor={"M1": "M2", "M2": "M1"}[pair.mentor]) for pair in trace.pairs)
    with pytest.raises(VerificationError) as caught:
        verify(problem, replace(trace, pairs=crossed))
    assert str(caught.value) == "pairs: E2, M1: ruled out by same_unit, other"


def test_a_trace_that_leaves_a_pin_out_is_refused_by_name():
    problem = parse(season([mentee("E1"), mentee("E2")], [mentor("M1"), mentor("M2")], pins=[["E1", "M2"]]))
    trace = solve(problem)
    pinned, free = trace.pairs
    for pairs in ((free,), (replace(pinned, mentor="M1"), replace(free, mentor="M2"))):
        with pytest.raises(VerificationError) as caught:
            verify(problem, replace(trace, pairs=pairs))
        assert str(caught.value) == "pairs: a pinned pair is missing"


def two_by_one():
    """A face of two mentees and one place, with weights 3 and 2, and its best assignment."""
    grid = Grid(parse(season([mentee("E1"), mentee("E2")], [mentor("M1")])))
    weight = np.array([[3], [2]])
    return Face.whole(grid), weight, np.array([0, NOBODY])


def prices(mentees, mentors):
    return Prices(np.array(mentees), np.array(mentors))


def test_each_condition_of_a_certificate_is_needed():
    face, weight, best = two_by_one()
    face.prove("stage", weight, best, prices([0, 0], [3]))
    face.prove("stage", weight, best, prices([1, 0], [2]))
    cases = [
        (best, prices([0, 0], [2]), "a possible pair is worth more than the prices of the two"),
        (best, prices([0, 0], [4]), "the pairs do not reach the bound that the prices set"),
        (best, prices([4, 3], [-1]), "a price is below zero where it may not be"),
        (np.array([0, 0]), prices([0, 0], [3]), "a mentor has more mentees than places"),
        (np.array([NOBODY, 0]), prices([0, 0], [3]), "the pairs do not reach the bound that the prices set"),
    ]
    for assignment, given_prices, reason in cases:
        with pytest.raises(VerificationError) as caught:
            face.prove("stage", weight, assignment, given_prices)
        assert str(caught.value) == f"stage: {reason}"


def test_the_next_face_holds_exactly_the_best_assignments():
    face, weight, best = two_by_one()
    following = face.prove("stage", weight, best, prices([1, 0], [2]))
    assert following.possible.tolist() == [[True], [True]]
    assert (following.demands.must_match.tolist(), following.demands.must_fill.tolist()) == ([True, False], [True])
    with pytest.raises(VerificationError, match="a mentee who must have a mentor has none"):
        following.check(np.array([NOBODY, 0]), "next")
    narrower = face.prove("stage", weight, best, prices([0, 0], [3]))
    assert narrower.possible.tolist() == [[True], [False]]
    with pytest.raises(VerificationError, match="could not be part of a best result so far"):
        narrower.check(np.array([NOBODY, 0]), "next")
    with pytest.raises(VerificationError, match="a mentor whose places must be taken has one free"):
        narrower.check(np.array([NOBODY, NOBODY]), "next")


def test_absurd_prices_are_refused_not_overflown():
    problem, trace = trace_and_problem()
    for price in (2**53 + 1, 10**40, -(10**40)):
        changed = json.loads(trace.to_json())
        changed["stages"][0]["duals"]["mentors"]["M1"] = price
        assert refused(problem, json.dumps(changed))


@pytest.mark.parametrize("text", ["", "[]", "null", "{}", '{"pairs": 3}', "[" * 100_000, "\ud800", '{"stages": NaN}'])
def test_what_is_no_trace_is_called_that(text):
    with pytest.raises(TraceError):
        Trace.from_json(text)


def test_every_tier_is_in_every_trace_in_order():
    for number in range(20):
        assert [stage.name for stage in solve(parse(random_problem(Random(number)))).stages] == list(TIERS)
