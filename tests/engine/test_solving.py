"""What a solved season looks like: the tiers in order, capacities, ties, and an independent solver's opinion."""

import subprocess
import sys
from random import Random

import numpy as np
import pytest
from ortools.graph.python import min_cost_flow

from matching.engine import ProblemError, parse, solve, verify
from matching.engine.arcs import Arcs, best_along
from matching.engine.best import best_assignment
from matching.engine.certificate import Face, total_weight
from matching.engine.duals import prices
from matching.engine.grid import Grid
from matching.engine.tables import NOBODY
from matching.engine.tiers import weights
from tests.engine.seasons import mentee, mentor, random_problem, season


def solved(problem):
    trace = solve(parse(problem))
    verify(parse(problem), trace)
    return trace


def pairs(trace):
    return [(pair.mentee, pair.mentor) for pair in trace.pairs]


def test_coverage_comes_before_every_score():
    # E1 and M1 are each other's best, but M1 is the only one for E2.
    one = mentee("E1", goals={"resume": 3}, favourites=["M1"])
    two = mentee("E2", languages=["es"])
    mentors = [mentor("M1", offers={"resume": 2}, favourites=["E1"]), mentor("M2", languages=["en"])]
    assert pairs(solved(season([one, two], mentors))) == [("E1", "M2"), ("E2", "M1")]


def test_who_was_left_out_last_season_comes_first_where_places_are_short():
    mentees = [
        mentee("E1", goals={"resume": 1}, favourites=["M1"]),
        mentee("E2", goals={"leading": 1}, priority=True),
    ]
    assert pairs(solved(season(mentees, [mentor("M1", offers={"resume": 2})]))) == [("E2", "M1")]


def test_nobody_is_left_with_a_poor_match_so_that_a_total_rises():
    # Together (E1, M1) and (E2, M2) score more, but E2 would be left below the cut.
    mentees = [mentee("E1", goals={"a": 1}, favourites=["M1"]), mentee("E2", goals={"a": 1, "b": 3})]
    mentors = [mentor("M1", offers={"a": 2, "b": 1}, favourites=["E1"]), mentor("M2", offers={"a": 1})]
    fair = solved(season(mentees, mentors))
    greedy = solved(season(mentees, mentors, cuts=[]))
    assert [(pair.mentor, pair.fit) for pair in fair.pairs] == [("M2", 50), ("M1", 62)]
    assert [(pair.mentor, pair.fit) for pair in greedy.pairs] == [("M1", 100), ("M2", 12)]


def test_cuts_are_weighed_in_the_order_they_are_given():
    # One pair of 20 and one of 60, or two of 40: the first is worse under 25, the second under 50.
    goals = {"a": 1, "b": 1, "c": 1, "d": 1, "e": 1}
    mentees = [mentee("E1", goals=goals), mentee("E2", goals={"f": 1, "g": 1, "h": 1, "i": 1, "j": 1})]
    mentors = [
        mentor("M1", offers={"a": 2, "f": 2, "g": 2, "b": 0}),
        mentor("M2", offers={"a": 2, "b": 2, "f": 2, "g": 2, "h": 2}),
    ]
    low_first = solved(season(mentees, mentors, cuts=[25, 50]))
    high_first = solved(season(mentees, mentors, cuts=[50, 25]))
    assert sorted(pair.fit for pair in low_first.pairs) == [40, 40]
    assert sorted(pair.fit for pair in high_first.pairs) == [20, 60]


def test_capacities_are_filled_and_never_exceeded():
    mentors = [mentor("M0", capacity=0), mentor("M1"), mentor("M2", capacity=2), mentor("M9", capacity=1_000_000)]
    trace = solved(season([mentee(f"E{number}", languages=["en"]) for number in range(9)], mentors))
    load = [other for _, other in pairs(trace)]
    assert len(load) == 9
    assert load.count("M0") == 0
    assert load.count("M1") <= 1
    assert load.count("M2") <= 2
    full = solved(season([mentee(f"E{number}") for number in range(9)], mentors[:3]))
    assert sorted(other for _, other in pairs(full)) == ["M1", "M2", "M2"]


@pytest.mark.parametrize(("mentees", "mentors"), [(0, 0), (0, 2), (2, 0), (1, 1), (1, 5), (5, 1)])
def test_seasons_of_hardly_anybody_are_solved_too(mentees, mentors):
    people = ([mentee(f"E{n}") for n in range(mentees)], [mentor(f"M{n}") for n in range(mentors)])
    trace = solved(season(*people))
    assert (trace.figures.pairs, len(trace.unmatched)) == (min(mentees, mentors), mentees - min(mentees, mentors))


def test_a_season_in_which_nobody_may_meet_anybody_is_solved_too():
    trace = solved(season([mentee("E1", unit="main")], [mentor("M1", unit="main")]))
    assert (pairs(trace), trace.stages[0].value) == ([], 0)


def test_people_who_are_all_alike_are_matched_by_the_lottery_alone():
    people = ([mentee(f"E{n}") for n in range(60)], [mentor(f"M{n}", capacity=n % 3) for n in range(45)])
    first, second = solved(season(*people, seed="one")), solved(season(*people, seed="two"))
    assert first.figures.pairs == second.figures.pairs == 45
    assert [stage.value for stage in first.stages[:3]] == [stage.value for stage in second.stages[:3]]
    assert pairs(first) != pairs(second)


def test_one_more_mentor_never_lowers_coverage():
    for number in range(60):
        random = Random(number)
        problem = random_problem(random, 7, 7, least=2)
        before = solve(parse(problem))
        joining = random_problem(random, 7, 7, least=1)["mentors"][0] | {"id": "joining", "favourites": []}
        after = solve(parse(problem | {"mentors": [*problem["mentors"], joining]}))
        assert after.figures.pairs >= before.figures.pairs
        assert after.figures.pairs <= before.figures.pairs + joining["capacity"]


def flow_value(grid, weight):
    """The largest sum of weights, by ortools' minimum cost flow."""
    mentees, mentors = grid.shape
    source, sink = mentees + mentors, mentees + mentors + 1
    flow = min_cost_flow.SimpleMinCostFlow()
    for row in range(mentees):
        flow.add_arc_with_capacity_and_unit_cost(source, row, 1, 0)
        flow.add_arc_with_capacity_and_unit_cost(row, sink, 1, 0)
        for column in np.nonzero(grid.open[row])[0].tolist():
            flow.add_arc_with_capacity_and_unit_cost(row, mentees + column, 1, -int(weight[row, column]))
    for column, places in enumerate(grid.open_places.tolist()):
        flow.add_arc_with_capacity_and_unit_cost(mentees + column, sink, places, 0)
    flow.set_node_supply(source, mentees)
    flow.set_node_supply(sink, -mentees)
    assert flow.solve() == flow.OPTIMAL
    return -flow.optimal_cost()


def test_an_independent_solver_finds_the_same_values_tier_by_tier():
    for number in range(12):
        problem = random_problem(Random(number), 40, 40, least=20)
        # Three tiers as digits of one number; the guard is checked against trying everything.
        problem["settings"] |= {"identity": number % 2 == 0, "quiet_guard": False}
        trace, grid = solved(problem), Grid(parse(problem))
        after_keep = 1 + 1000 * len(problem["mentees"])
        after_coverage = after_keep * (1 + len(problem["mentees"]))
        weight = (
            weights(grid, "coverage") * after_coverage + weights(grid, "keep") * after_keep + weights(grid, "fit")
        )
        covered, kept, score, _ = (stage.value for stage in trace.stages)
        assert flow_value(grid, weight) == covered * after_coverage + kept * after_keep + score


def test_the_solver_for_tables_and_the_one_along_arcs_find_the_same_values():
    demanding = 0
    for number in range(60):
        grid = Grid(parse(random_problem(Random(number), 12, 12, least=4)))
        weight = weights(grid, "fit")
        whole = Face.whole(grid)
        first = best_assignment(whole, weight)
        assert total_weight(weight, along(grid, whole, weight)) == total_weight(weight, first)
        # Then on the face that is left, where some must be matched.
        face = whole.prove("fit", weight, first, prices(whole, weight, first))
        demanding += face.demands.must_match.any()
        ticket = weights(grid, "lottery")
        one, other = best_assignment(face, ticket), along(grid, face, ticket)
        face.check(one, "table")
        face.check(other, "arcs")
        assert total_weight(ticket, one) == total_weight(ticket, other)
    assert demanding > 30


def along(grid, face, weight):
    """The best assignment along all pairs of this face, taken as arcs."""
    rows, columns = np.nonzero(face.possible)
    return best_along(Arcs(grid, rows, columns), weight[rows, columns], face.demands)


def test_many_gaps_and_places_are_solved_and_proved():
    random = Random(5)
    mentees = [mentee(f"E{n}", languages=random.sample("abcdefghij", 2), goals={"a": n % 4}) for n in range(130)]
    mentors = [
        mentor(f"M{n}", languages=[random.choice("abcdefghij")], capacity=n % 3, offers={"a": n % 5})
        for n in range(110)
    ]
    trace = solved(season(mentees, mentors))
    grid = Grid(parse(season(mentees, mentors)))
    assert flow_value(grid, weights(grid, "coverage")) == trace.stages[0].value


def test_prices_are_refused_to_an_assignment_that_is_not_best():
    grid = Grid(parse(season([mentee("E1"), mentee("E2")], [mentor("M1")])))
    face, weight = Face.whole(grid), np.array([[3], [2]])
    assert prices(face, weight, np.array([0, NOBODY])).bound(face.demands.places) == 3
    with pytest.raises(RuntimeError):
        prices(face, weight, np.array([NOBODY, 0]))


def test_more_cuts_than_can_be_weighed_exactly_are_refused_by_name():
    people = ([mentee(f"E{n}") for n in range(100)], [mentor(f"M{n}") for n in range(100)])
    assert len(parse(season(*people, cuts=[10, 20, 30, 40, 50, 60])).settings.cuts) == 6
    with pytest.raises(ProblemError) as caught:
        parse(season(*people, cuts=[10, 20, 30, 40, 50, 60, 70]))
    assert str(caught.value) == "settings: cuts: 7 are too many for a season of this size"


def test_the_engine_leaves_scipy_alone_until_it_solves():
    script = (
        "import sys; sys.modules['scipy'] = None\n"
        "from matching.engine import Problem, Trace, verify\n"
        "verify(Problem.from_json(sys.argv[1]), Trace.from_json(sys.argv[2]))"
    )
    problem = parse(random_problem(Random(3), 6, 6, least=3))
    arguments = [sys.executable, "-c", script, problem.to_json(), solve(problem).to_json()]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
