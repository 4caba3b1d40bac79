"""What a circle must keep: sizes, units, who may not meet, facilitators, pins and forbids."""

from collections import Counter
from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine.circles import CircleProblem, ProblemError, solve, verify
from tests.engine.circles.reference import Reference
from tests.engine.circles.seasons import facilitator, peer, random_season, season


def solved(raw):
    """The verified trace of a problem."""
    problem = CircleProblem.from_dict(raw)
    trace = solve(problem)
    verify(problem, trace)
    return trace


def crowd(count, **fields):
    return [peer(f"P{number:02d}", **fields) for number in range(count)]


def sizes(trace):
    return sorted(len(circle.members) for circle in trace.circles)


def reasons(trace):
    return {unplaced.peer: unplaced.reason.code for unplaced in trace.unplaced}


@settings(max_examples=50, deadline=None, derandomize=True)
@given(st.integers(0, 10**6))
def test_every_circle_keeps_every_rule(seed):
    raw = random_season(Random(seed), 16, 8)
    reference, trace = Reference(raw), solved(raw)
    seats = Counter(member for circle in trace.circles for member in circle.members)
    guided = Counter(guide for circle in trace.circles for guide in circle.facilitators)
    assert set(seats) | set(reasons(trace)) == set(reference.peers)
    assert set(seats.values()) <= {1}
    assert not set(seats) & set(reasons(trace))
    for guide, count in guided.items():
        assert count <= reference.guides[guide]["capacity"]
    for circle in trace.circles:
        kind = (circle.kind.theme, circle.kind.slot, circle.kind.mode, circle.kind.language)
        assert 4 <= len(circle.members) <= 8
        assert reference.possible(circle.members)
        assert all(reference.suits(member, kind) for member in circle.members)
        assert len(circle.facilitators) <= 1
        for guide in circle.facilitators:
            assert reference.suits(guide, kind, guide=True)
            assert guide not in circle.members
            assert not any(reference.apart(guide, member) for member in circle.members)


@pytest.mark.parametrize(
    ("people", "circles"), [(3, []), (4, [4]), (8, [8]), (9, [4, 5]), (17, [5, 6, 6]), (25, [6, 6, 6, 7])]
)
def test_the_people_of_one_kind_become_circles_of_even_size(people, circles):
    trace = solved(season(crowd(people)))
    assert trace.figures.placed == sum(circles)
    assert max(sizes(trace), default=0) - min(sizes(trace), default=0) <= 1
    assert all(4 <= size <= 8 for size in sizes(trace))


def test_no_more_than_two_of_a_unit_share_a_circle():
    trace = solved(season([*crowd(3, unit="main"), *[peer(f"Q{n}", unit=f"u{n}") for n in range(2)]]))
    assert sizes(trace) == [4]
    assert list(reasons(trace).values()) == ["competition"]
    trace = solved(season(crowd(6, unit="main")))
    assert sizes(trace) == []
    assert set(reasons(trace).values()) == {"rules"}


@pytest.mark.parametrize("conflict", ["managers", "avoid", "apart"])
def test_two_who_may_not_meet_are_in_different_circles_or_one_is_in_none(conflict):
    people = crowd(5)
    pairs = [["P00", "P01"]] if conflict == "apart" else []
    if conflict != "apart":
        people[0][conflict] = ["P01"]
    trace = solved(season(people, apart=pairs))
    assert sizes(trace) == [4]
    assert set(reasons(trace)) < {"P00", "P01"}
    people = people + [peer(f"Q{number}") for number in range(3)]
    trace = solved(season(people, apart=pairs))
    assert sizes(trace) == [4, 4]


def test_people_who_cannot_be_divided_are_found_out_and_the_best_is_still_found():
    # Seven reports and the one above them: two circles of four would be enough places, and no division exists.
    people = [peer("boss"), *crowd(7, managers=["boss"])]
    trace = solved(season(people))
    assert (sizes(trace), reasons(trace), trace.gap) == ([7], {"boss": "rules"}, 0)
    # Three who may not meet need three circles.
    three = [["P00", "P01"], ["P00", "P02"], ["P01", "P02"]]
    trace = solved(season(crowd(11), apart=three))
    assert (trace.figures.placed, trace.gap) == (10, 0)
    trace = solved(season(crowd(12), apart=three))
    assert (sizes(trace), trace.gap) == ([4, 4, 4], 0)


def test_facilitators_guide_as_many_circles_as_they_can_and_no_more():
    trace = solved(season(crowd(24), [facilitator("F1", capacity=2)]))
    assert trace.figures.with_facilitator == 2
    assert trace.figures.guidance == 200
    assert trace.figures.placed == 24
    trace = solved(season(crowd(4), [facilitator("F1", capacity=0)]))
    assert trace.figures.with_facilitator == 0


def test_a_facilitator_never_guides_people_they_may_not_meet_nor_the_circle_they_are_in():
    above = [peer("P00", managers=["F1"]), *crowd(8)[1:]]
    trace = solved(season(above, [facilitator("F1", capacity=2)]))
    guided = [circle for circle in trace.circles if circle.facilitators]
    assert all("P00" not in circle.members for circle in guided)
    assert len(guided) == 1
    trace = solved(season(crowd(4), [facilitator("P00")]))
    assert [circle.facilitators for circle in trace.circles] == [()]


def test_a_second_facilitator_comes_only_where_the_season_wants_one_and_after_every_first():
    guides = [facilitator("F1"), facilitator("F2"), facilitator("F3")]
    assert [len(c.facilitators) for c in solved(season(crowd(4), guides)).circles] == [1]
    assert [len(c.facilitators) for c in solved(season(crowd(4), guides, second_facilitator=True)).circles] == [2]
    split = [peer(f"P{n:02d}", themes={theme: 1}) for n, theme in enumerate(["leading"] * 4 + ["resume"] * 4)]
    seats = [len(c.facilitators) for c in solved(season(split, guides, second_facilitator=True)).circles]
    assert sorted(seats) == [1, 2]


def test_a_pin_to_a_theme_holds_even_where_it_costs_value():
    people = [peer(f"P{n:02d}", themes={"leading": 3, "resume": 1}) for n in range(8)]
    trace = solved(season(people, pins=[{"peer": "P00", "theme": "resume"}]))
    assert ["P00" in c.members for c in trace.circles if c.kind.theme == "resume"] == [True]
    assert trace.figures.placed == 8


KEPT = {
    "id": "C7",
    "theme": "leading",
    "slot": "mon-am",
    "mode": "",
    "language": "",
    "members": ["P00", "P01", "P02"],
}


def test_a_pin_to_a_kept_circle_opens_that_circle_with_them_in_it():
    people = [peer(f"P{n:02d}", slots=["mon-am", "tue-pm"]) for n in range(9)]
    pins = [{"peer": "P00", "circle": "C7"}, {"peer": "P05", "circle": "C7"}]
    trace = solved(season(people, pins=pins, keep=[KEPT]))
    (circle,) = [circle for circle in trace.circles if circle.id == "C7"]
    assert {"P00", "P05"} <= set(circle.members)
    assert circle.kind.slot == "mon-am"


def test_a_pin_may_waive_what_hinders_and_nothing_else_does():
    people = [*[peer(f"P{n:02d}", slots=["mon-am"]) for n in range(5)], peer("late", slots=["tue-pm"], themes={})]
    pin = {"peer": "late", "circle": "C7"}
    with pytest.raises(ProblemError, match=r"^pin late: circle: is ruled out by theme, time$"):
        solve(CircleProblem.from_dict(season(people, pins=[pin], keep=[KEPT])))
    trace = solved(season(people, pins=[pin | {"waived": ["time", "theme"]}], keep=[KEPT]))
    assert ["late" in circle.members for circle in trace.circles if circle.id == "C7"] == [True]


def test_pins_that_cannot_all_be_kept_are_refused_in_one_line():
    with pytest.raises(ProblemError, match=r"^pin P00: theme: no such circle can have four people$"):
        solve(CircleProblem.from_dict(season(crowd(4), pins=[{"peer": "P00", "theme": "resume"}])))
    pins = [{"peer": "P00", "circle": "C7"}, {"peer": "P01", "circle": "C7"}]
    raw = season(crowd(6, slots=["mon-am"]), pins=pins, keep=[KEPT], apart=[["P00", "P01"]])
    with pytest.raises(ProblemError, match=r"^pins: cannot all be kept$"):
        solve(CircleProblem.from_dict(raw))


def test_a_forbidden_theme_or_time_is_never_given():
    trace = solved(season(crowd(5), forbid=[{"peer": "P00", "theme": "leading"}]))
    assert (sizes(trace), reasons(trace)) == ([4], {"P00": "forbidden"})
    people = crowd(5, slots=["mon-am", "tue-pm"])
    trace = solved(season(people, forbid=[{"peer": "P00", "theme": "leading", "slot": "mon-am"}]))
    assert [(circle.kind.slot, len(circle.members)) for circle in trace.circles] == [("tue-pm", 5)]


def test_who_was_together_stays_together_and_at_their_time():
    before = solved(season(crowd(16, slots=["mon-am", "tue-pm"]), seed="1"))
    keep = [
        {"id": circle.id, "theme": "leading", "slot": circle.kind.slot, "members": list(circle.members)}
        for circle in before.circles
    ]
    people = crowd(16, slots=["mon-am", "tue-pm"])[1:]
    after = solved(season(people, keep=keep, seed="another"))
    gone = {circle.id: tuple(member for member in circle.members if member != "P00") for circle in before.circles}
    assert {circle.id: circle.members for circle in after.circles} == gone
    assert after.figures.kept_together == sum(len(list(combinations(members, 2))) for members in gone.values())
    assert after.figures.stays == 1500


@pytest.mark.parametrize(
    ("code", "people"),
    [
        ("no_theme", [peer("X", themes={})]),
        ("too_few_for_theme", [peer("X", themes={"resume": 1}), *crowd(4)]),
        ("no_common_time", [peer("X", slots=["tue-pm"]), *crowd(4, slots=["mon-am"])]),
        ("no_shared_mode", [peer("X", modes=["person"]), *crowd(4, modes=["video"])]),
        ("no_shared_language", [peer("X", languages=["es"]), *crowd(4, languages=["en"])]),
        ("rules", [peer("X", avoid=["P00", "P01"]), *crowd(4)]),
    ],
)
def test_everybody_left_is_told_why(code, people):
    assert reasons(solved(season(people)))["X"] == code


def test_a_season_without_anybody_has_no_circles():
    trace = solved(season([]))
    assert (trace.circles, trace.unplaced, trace.value, trace.bound) == ((), (), 0, 0)
