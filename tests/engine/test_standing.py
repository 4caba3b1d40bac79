"""What a change to a matching would do: along one path the same as solving the changed season anew."""

from dataclasses import replace
from random import Random

import pytest

from matching.engine import NotPossible, Standing, grid, parse, solve
from matching.engine import season as seasons
from tests.engine.seasons import mentee, mentor, random_problem, season


def standing(problem):
    """A season with the pairs that its blind solution makes."""
    blind = parse(problem | {"settings": problem["settings"] | {"identity": False}})
    return Standing(blind, [(pair.mentee, pair.mentor) for pair in solve(blind).pairs])


def anew(change):
    """The same standing, but without proofs to ask: each question solves the season."""
    stubborn = Standing(change.problem, change.pairs.items())
    stubborn.__dict__["_residual"] = None
    return stubborn


@pytest.fixture(params=["table", "wide"])
def size(request, monkeypatch):
    if request.param == "wide":
        monkeypatch.setattr(grid, "TABLE", -1)
        monkeypatch.setattr(seasons, "AT_ONCE", 11)


def asked(this, question, *about):
    try:
        return getattr(this, question)(*about)
    except NotPossible as error:
        return error.codes


def test_every_question_is_answered_as_by_solving_anew(size):
    counted = dict.fromkeys(("instead", "apart", "unmatched"), 0)
    chains = 0
    for number in range(120):
        problem = random_problem(Random(number), 7, 7, least=2)
        this = standing(problem)
        assert this.repaired().moves == ()
        slow = anew(this)
        for one in this.problem.mentees:
            for question, about in (
                *(("instead", (one.id, other.id)) for other in this.problem.mentors),
                *(("apart", (one.id, other)) for other in [this.pairs.get(one.id)] if other),
                ("unmatched", (one.id,)),
            ):
                said = asked(this, question, *about)
                assert said == asked(slow, question, *about)
                if not isinstance(said, tuple):
                    counted[question] += len(said.moves) > 0
                    chains += len(said.moves) > 2
    assert min(counted.values()) > 100
    assert chains > 100


def test_alternatives_are_all_that_are_possible_by_what_they_cost(size):
    told = 0
    for number in range(60):
        this = standing(random_problem(Random(number), 7, 7, least=2))
        slow = anew(this)
        for one in this.problem.mentees:
            choices = this.alternatives(one.id)
            assert choices == slow.alternatives(one.id)
            assert [choice.effect.cost for choice in choices] == sorted(choice.effect.cost for choice in choices)
            assert all(choice.effect == this.instead(one.id, choice.mentor) for choice in choices)
            told += len(choices)
    assert told > 300


def test_a_swap_moves_two_and_nobody_else():
    people = (
        [mentee("E1", goals={"a": 1}), mentee("E2", goals={"b": 1})],
        [
            mentor("M1", offers={"a": 2, "b": 1}),
            mentor("M2", offers={"b": 2}),
        ],
    )
    this = Standing(parse(season(*people)), [("E1", "M1"), ("E2", "M2")])
    effect = this.swap("E1", "E2")
    assert [(move.mentee, move.before, move.after, move.fit_before, move.fit_after) for move in effect.moves] == [
        ("E1", "M1", "M2", 100, 0),
        ("E2", "M2", "M1", 100, 50),
    ]
    assert (effect.matched, effect.fit, dict(effect.below)) == (0, -150, {"25": 1, "50": 1})


def test_what_the_rules_keep_apart_is_not_possible_and_says_why():
    people = [mentee("E1", unit="main"), mentee("E2", avoid=["M1"])], [mentor("M1", unit="main"), mentor("M2")]
    this = Standing(parse(season(*people)), [("E1", "M2")])
    for change, codes in (
        (lambda: this.instead("E1", "M1"), ("same_unit",)),
        (lambda: this.instead("E2", "M1"), ("other",)),
        (lambda: this.instead("E2", "nobody"), ()),
        (lambda: this.swap("E1", "E2"), ()),
        (lambda: this.unmatched("nobody"), ()),
    ):
        with pytest.raises(NotPossible) as caught:
            change()
        assert caught.value.codes == codes


def test_a_pin_holds_its_place_and_may_be_moved_by_name():
    people = [mentee("E1"), mentee("E2")], [mentor("M1"), mentor("M2")]
    this = Standing(parse(season(*people, pins=[["E1", "M1"]])), [("E1", "M1"), ("E2", "M2")])
    with pytest.raises(NotPossible):
        this.instead("E2", "M1")
    with pytest.raises(NotPossible):
        this.apart("E1", "M1")
    assert [(move.mentee, move.after) for move in this.instead("E1", "M2").moves] == [("E1", "M2"), ("E2", "M1")]


def test_who_left_is_replaced_with_the_least_change():
    people = [mentee(f"E{n}", goals={"a": 1}) for n in range(3)], [mentor(f"M{n}", offers={"a": n}) for n in range(3)]
    pairs = [("E0", "M0"), ("E1", "M1"), ("E2", "M2")]
    assert Standing(parse(season(*people)), pairs).repaired().moves == ()
    # M1 declined: E1 gets the new mentor, though another would fit E0 better.
    left = [people[1][0], people[1][2], mentor("M9", offers={"a": 1})]
    effect = Standing(parse(season(people[0], left)), pairs).repaired()
    assert [(move.mentee, move.before, move.after) for move in effect.moves] == [("E1", None, "M9")]
    assert effect.matched == 1


def test_the_freed_place_goes_to_who_waits():
    people = [mentee("E1"), mentee("E2", priority=True)], [mentor("M1")]
    this = Standing(parse(season(*people)), [("E2", "M1")])
    effect = this.unmatched("E2")
    assert [(move.mentee, move.after) for move in effect.moves] == [("E2", None), ("E1", "M1")]
    assert (effect.matched, effect.priority) == (0, -1)


def test_nothing_that_it_says_depends_on_identity():
    """Given the pairs, the answers are the same whatever anybody asked to be matched on."""
    answers = 0
    for number in range(40):
        problem = random_problem(Random(number), 6, 6, least=2)
        problem["settings"] |= {"identity": True}
        pairs = [(pair.mentee, pair.mentor) for pair in solve(parse(problem)).pairs]
        bare = problem | {
            side: [person | {"identity": {}, "match_on": {}} for person in problem[side]]
            for side in ("mentees", "mentors")
        }
        this, other = Standing(parse(problem), pairs), Standing(parse(bare), pairs)
        for one in problem["mentees"]:
            assert this.alternatives(one["id"]) == other.alternatives(one["id"])
            answers += len(this.alternatives(one["id"]))
        assert this.repaired() == other.repaired()
    assert answers > 100


def test_a_pair_that_a_rule_has_come_to_forbid_stands_until_it_moves():
    people = [mentee("E1", unit="main"), mentee("E2")], [mentor("M1", unit="main"), mentor("M2")]
    this = Standing(parse(season(*people)), [("E1", "M1"), ("E2", "M2")])
    assert [(move.mentee, move.after) for move in this.repaired().moves] == [("E1", "M2"), ("E2", "M1")]
    assert replace(this.repaired(), moves=()).matched == 0
