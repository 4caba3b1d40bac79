"""Circles after the run: who goes where when one became too small, and what a change by hand comes to."""

from dataclasses import replace
from itertools import product
from random import Random

import pytest

from matching.engine.circles import (
    Broken,
    Circle,
    CircleProblem,
    Kind,
    ProblemError,
    rescue,
    solve,
    what_if_moved,
    what_if_swapped,
)
from tests.engine.circles.reference import Reference
from tests.engine.circles.seasons import facilitator, peer, random_season, season

MONDAY, TUESDAY = Kind("leading", "mon-am"), Kind("leading", "tue-pm")


def kind_of(circle):
    return (circle.kind.theme, circle.kind.slot, circle.kind.mode, circle.kind.language)


def judged(reference, circles):
    """What these circles are worth, by the reference."""
    total = 0
    for circle in circles:
        total += reference.worth(circle.members, kind_of(circle)) + 100 * bool(circle.facilitators)
    return total


def holds(reference, circle, kind):
    return len(circle) <= 8 and reference.possible(circle) and all(reference.suits(member, kind) for member in circle)


def best_by_trying(reference, circles, small):
    """The order of the best rescue, by every way to send each of them anywhere, and by every merger."""
    others = [circle for circle in circles if circle.id != small.id and circle.kind.theme == small.kind.theme]
    best = None
    for targets in product([None, *others], repeat=len(small.members)):
        after, fine = [], True
        for circle in circles:
            if circle.id == small.id:
                continue
            joining = [
                p for p, target in zip(small.members, targets, strict=True) if target and target.id == circle.id
            ]
            members = (*circle.members, *joining)
            guides = [] if not joining else [(g, p) for g in circle.facilitators for p in joining]
            fine &= not joining or holds(reference, members, kind_of(circle))
            fine &= not any(guide == p or reference.apart(guide, p) for guide, p in guides)
            after.append(replace(circle, members=members))
        if fine:
            touched = len({target.id for target in targets if target})
            placed = sum(target is not None for target in targets)
            value = judged(reference, after) - judged(reference, circles)
            best = max(best or (-1,), (placed, -touched, -len(small.members), value))
    for other in others:
        members = (*other.members, *small.members)
        for kind in reference.kinds:
            if kind[0] == other.kind.theme and kind != kind_of(other) and len(members) >= 4:
                guides = all(
                    reference.suits(g, kind, guide=True)
                    and g not in members
                    and not any(reference.apart(g, member) for member in members)
                    for g in other.facilitators
                )
                if guides and holds(reference, members, kind):
                    rest = [circle for circle in circles if circle.id not in (small.id, other.id)]
                    after = [*rest, replace(other, members=members, kind=Kind(*kind))]
                    value = judged(reference, after) - judged(reference, circles)
                    best = max(best, (len(small.members), -1, -len(members), value))
    return best


def test_a_rescue_is_as_good_as_by_trying_everything():
    random = Random(11)
    tried, met = 0, {"all placed": 0, "some left": 0, "moved in time": 0, "two touched": 0}
    while tried < 60:
        raw = random_season(random, 20, 14, crowded=True)
        problem = CircleProblem.from_dict(raw)
        circles = solve(problem).circles
        if len(circles) < 2:
            continue
        tried += 1
        chosen = random.choice(circles)
        small = replace(chosen, members=tuple(sorted(random.sample(chosen.members, random.randint(1, 3)))))
        after = tuple(small if circle.id == small.id else circle for circle in circles)
        proposal = rescue(problem, after, small.id)
        seen = (proposal.placed, -len(proposal.touched), -proposal.people_changed, proposal.value)
        assert seen == best_by_trying(Reference(raw), after, small)
        met["all placed"] += proposal.placed == len(small.members)
        met["some left"] += proposal.placed < len(small.members)
        met["moved in time"] += proposal.kind is not None
        met["two touched"] += len(proposal.touched) > 1
    assert min(met["all placed"], met["some left"]) >= 5, met


def people(count, **fields):
    return [peer(f"P{n}", **fields) for n in range(count)]


def two_circles(**fields):
    """Seven people of Monday and Tuesday: four in one circle, three left of the other."""
    problem = CircleProblem.from_dict(season(people(7, slots=["mon-am", "tue-pm"], **fields), [facilitator("F1")]))
    big = Circle("big", MONDAY, ("P0", "P1", "P2", "P3"), ("F1",))
    return problem, (big, Circle("small", TUESDAY, ("P4", "P5", "P6")))


def test_the_people_of_a_small_circle_join_one_that_meets_at_a_time_of_theirs():
    problem, circles = two_circles()
    proposal = rescue(problem, circles, "small")
    assert [(move.peer, move.to) for move in proposal.moves] == [("P4", "big"), ("P5", "big"), ("P6", "big")]
    assert (proposal.placed, proposal.touched, proposal.people_changed, proposal.kind) == (3, ("big",), 3, None)
    assert [circle.members for circle in proposal.circles] == [tuple(f"P{n}" for n in range(7))]


def test_two_circles_merge_at_another_time_where_only_that_suits_all():
    either = people(4, slots=["mon-am", "tue-pm"])
    late = [peer(f"P{n}", slots=["tue-pm"]) for n in range(4, 7)]
    problem = CircleProblem.from_dict(season(either + late))
    circles = (Circle("big", MONDAY, ("P0", "P1", "P2", "P3")), Circle("small", TUESDAY, ("P4", "P5", "P6")))
    proposal = rescue(problem, circles, "small")
    assert (proposal.placed, proposal.people_changed, proposal.kind) == (3, 7, TUESDAY)


def test_whoever_may_join_no_circle_is_left_and_named():
    problem, circles = two_circles()
    problem = replace(problem, apart=(("P0", "P6"),))
    proposal = rescue(problem, circles, "small")
    assert [(move.peer, move.to) for move in proposal.moves] == [("P4", "big"), ("P5", "big"), ("P6", "")]
    assert proposal.placed == 2
    assert proposal.value == -1100


def test_moving_somebody_tells_the_exact_difference_and_the_rules_it_breaks():
    problem, circles = two_circles()
    change = what_if_moved(problem, circles, "P3", "small")
    assert (change.value, change.placed, change.allowed) == (0, 0, False)
    assert change.broken == (Broken("big", "too_small"),)
    change = what_if_moved(problem, circles, "P6", "big")
    assert (change.value, change.placed, change.broken) == (0, 0, ())
    out = what_if_moved(problem, circles, "P6", None)
    assert (out.value, out.placed, out.broken) == (-1100, -1, ())


def test_a_change_names_private_rules_as_other():
    problem, circles = two_circles()
    people_now = tuple(replace(p, avoid=("P0",)) if p.id == "P6" else p for p in problem.peers)
    change = what_if_moved(replace(problem, peers=people_now), circles, "P6", "big")
    assert change.broken == (Broken("big", "other"),)


def test_swapping_two_is_the_same_as_judging_the_circles_after_it():
    random = Random(5)
    swaps = 0
    for _ in range(30):
        raw = random_season(random, 14, 10, crowded=True)
        problem, reference = CircleProblem.from_dict(raw), Reference(raw)
        circles = solve(problem).circles
        placed = [member for circle in circles for member in circle.members]
        if len(circles) < 2:
            continue
        one, other = random.sample(sorted(reference.peers), 2)
        change = what_if_swapped(problem, circles, one, other)
        names = {one: other, other: one}
        after = [replace(c, members=tuple(names.get(m, m) for m in c.members)) for c in circles]
        fine = all(holds(reference, c.members, kind_of(c)) for c in after) and not any(
            guide in c.members or reference.apart(guide, member)
            for c in after
            for guide in c.facilitators
            for member in c.members
        )
        assert change.allowed == fine
        if fine:
            assert change.value == judged(reference, after) - judged(reference, circles)
        assert change.placed == len({names.get(m, m) for m in placed}) - len(placed)
        swaps += 1
    assert swaps >= 8


@pytest.mark.parametrize(
    ("call", "line"),
    [
        (lambda p, c: rescue(p, c, "none"), "circle none: id: no circle has this id"),
        (lambda p, c: what_if_moved(p, c, "none", "big"), "peer none: id: nobody has this id"),
        (lambda p, c: what_if_moved(p, c, "P1", "none"), "circle none: id: no circle has this id"),
        (lambda p, c: what_if_swapped(p, c, "P1", "none"), "peer none: id: nobody has this id"),
    ],
)
def test_an_id_that_means_nothing_is_named(call, line):
    problem, circles = two_circles()
    with pytest.raises(ProblemError) as caught:
        call(problem, circles)
    assert str(caught.value) == line
