"""What one rule costs: coverage without it, exactly; nothing private can be left out."""

from dataclasses import replace
from itertools import product

import pytest

from matching.engine import Mentee, Mentor, Pin, Problem, Settings, blocked, solve
from matching.engine.blocking import blocking_pairs
from matching.engine.without import SEASON_RULES, in_force, matched_without, without


def season(**fields):
    """Two mentees and two mentors; the second mentee can have nobody, for whatever rule `fields` give them."""
    settings = fields.pop("settings", Settings())
    first = {"unit": "a", "rank": 1, "slots": ("mon-am",), "languages": ("en",), "modes": ("video",)}
    return Problem(
        settings=settings,
        mentees=(Mentee(id="m1", **first), Mentee(id="m2", **(first | fields))),
        mentors=tuple(Mentor(id=key, **(first | {"unit": "b", "rank": 2})) for key in ("t1", "t2")),
    )


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("same_unit", season(unit="b")),
        ("rank_gap", season(rank=9, settings=Settings(rank_gap=(0, 3)))),
        ("min_shared_slots", season(slots=("tue-pm",), settings=Settings(min_shared_slots=1))),
        ("past_pairing", replace(season(), past=(("m2", "t1"), ("m2", "t2")))),
        ("no_shared_language", season(languages=("es",))),
        ("no_shared_mode", season(modes=("phone",))),
    ],
)
def test_leaving_out_the_one_rule_in_the_way_matches_one_more_and_no_other_does(code, problem):
    assert len(solve(problem).pairs) == 1
    assert {rule: matched_without(problem, rule) for rule in SEASON_RULES} == {
        rule: 2 if rule == code else 1 for rule in SEASON_RULES
    }


def test_it_equals_trying_every_assignment():
    """Small seasons, every rule, against all ways to give each mentee a mentor or nobody."""
    for seed in range(40):
        problem = scrambled(seed)
        for code in in_force(problem):
            freed = without(problem, code)
            choices = [
                [None, *(m.id for m in freed.mentors if not blocked(freed, mentee.id, m.id))]
                for mentee in freed.mentees
            ]
            most = max(
                sum(mentor is not None for mentor in chosen)
                for chosen in product(*choices)
                if all(chosen.count(mentor.id) <= mentor.capacity for mentor in freed.mentors)
            )
            assert matched_without(problem, code) == most


def scrambled(seed):
    """A season of four and three from the digits of a number: no randomness, so that a failure can be repeated."""

    def pick(values, place):
        return values[(seed * 7 + place * 5 + seed // 3) % len(values)]

    def person(place):
        return {
            "unit": pick(("a", "b", "c"), place),
            "rank": pick((1, 2, 5), place + 1),
            "slots": (pick(("mon-am", "tue-pm"), place + 2),),
            "languages": (pick(("en", "es"), place + 3),),
            "modes": (pick(("video", "phone"), place * 2),),
        }

    return Problem(
        settings=Settings(min_shared_slots=1, rank_gap=(0, 2)),
        mentees=tuple(Mentee(id=f"m{n}", avoid=("t0",) if n == seed % 4 else (), **person(n)) for n in range(4)),
        mentors=tuple(Mentor(id=f"t{n}", capacity=1 + (seed + n) % 2, **person(n + 4)) for n in range(3)),
        past=((f"m{seed % 4}", "t1"),),
    )


@pytest.mark.parametrize("private", ["avoidance", "same_person", "exclusion", "supervisor_chain", "identity"])
def test_what_is_private_or_no_setting_can_not_be_left_out(private):
    with pytest.raises(KeyError):
        without(season(), private)


def test_rules_that_the_season_does_not_have_are_not_tried():
    assert in_force(season()) == ("same_unit", "no_shared_language", "no_shared_mode")
    assert in_force(season(settings=Settings(allow_same_unit=True))) == ("no_shared_language", "no_shared_mode")


def test_identity_changes_no_cost():
    plain = season(unit="b")
    asked = replace(
        plain,
        settings=Settings(identity=True),
        mentees=tuple(replace(m, identity={"gender": ("x",)}, match_on={"gender": 2}) for m in plain.mentees),
        mentors=tuple(replace(m, identity={"gender": ("x",)}, match_on={"gender": 2}) for m in plain.mentors),
    )
    assert [matched_without(asked, code) for code in SEASON_RULES] == [
        matched_without(plain, code) for code in SEASON_RULES
    ]


def wanting():
    """Both mentees want the first mentor's goal most; the first fits better."""
    return Problem(
        settings=Settings(cuts=()),
        mentees=(Mentee(id="m1", goals={"a": 3, "b": 1}), Mentee(id="m2", goals={"a": 1, "b": 1})),
        mentors=(Mentor(id="t1", offers={"a": 2}), Mentor(id="t2", offers={"b": 1})),
    )


def test_a_pair_blocks_where_both_would_rather_have_each_other():
    right, wrong = [("m1", "t1"), ("m2", "t2")], [("m1", "t2"), ("m2", "t1")]
    assert (blocking_pairs(wanting(), right), blocking_pairs(wanting(), wrong)) == (0, 1)


def test_whoever_is_pinned_or_kept_apart_blocks_nothing():
    wrong = [("m1", "t2"), ("m2", "t1")]
    assert blocking_pairs(replace(wanting(), pins=(Pin("m1", "t2"),)), wrong) == 0
    assert blocking_pairs(replace(wanting(), pins=(Pin("m2", "t1"),)), wrong) == 0
    assert blocking_pairs(replace(wanting(), forbid=(("m1", "t1"),)), wrong) == 0


def test_a_free_place_and_a_mentee_without_one_block():
    assert blocking_pairs(wanting(), [("m1", "t1")]) == 1


def test_favourites_count_and_identity_does_not():
    wrong = [("m1", "t2"), ("m2", "t1")]
    first, second = wanting().mentees
    liked = replace(
        wanting(),
        mentees=(first, replace(second, favourites=("t1",))),
        mentors=(replace(wanting().mentors[0], favourites=("m2",)), wanting().mentors[1]),
    )
    assert (blocking_pairs(wanting(), wrong), blocking_pairs(liked, wrong)) == (1, 0)
    mine = {"identity": {"gender": ("x",)}, "match_on": {"gender": 2}}
    shared = replace(
        wanting(),
        settings=Settings(cuts=(), identity=True),
        mentees=(first, replace(second, **mine)),
        mentors=(replace(wanting().mentors[0], **mine), wanting().mentors[1]),
    )
    assert blocking_pairs(shared, wrong) == blocking_pairs(wanting(), wrong)
