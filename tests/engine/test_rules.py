"""Each rule by itself, and pins, which alone may set one aside."""

import pytest

from matching.engine import RULES, Pin, ProblemError, blocked, parse, solve, told, verify
from tests.engine.seasons import mentee, mentor, season


def codes(one, other, **rest):
    """The rules that keep E1 and M1 apart, with these fields."""
    problem = season([mentee("E1", **one)], [mentor("M1", **other)], **rest)
    return blocked(parse(problem), "E1", "M1")


def test_two_people_about_whom_nothing_is_known_may_be_paired():
    assert codes({}, {}) == ()


def test_nobody_is_paired_with_themselves():
    problem = parse(season([mentee("P1")], [mentor("P1"), mentor("P2")]))
    assert blocked(problem, "P1", "P1") == ("same_person",)
    assert [pair.mentor for pair in solve(problem).pairs] == ["P2"]


def test_nobody_is_paired_within_their_own_supervisor_chain_in_either_direction():
    assert codes({"managers": ["boss", "M1"]}, {}) == ("supervisor_chain",)
    assert codes({}, {"managers": ["E1"]}) == ("supervisor_chain",)
    assert codes({"managers": ["boss"]}, {"managers": ["boss"]}) == ()


def test_one_unit_keeps_apart_unless_the_season_allows_it():
    assert codes({"unit": "main"}, {"unit": "main"}) == ("same_unit",)
    assert codes({"unit": "main"}, {"unit": "main"}, allow_same_unit=True) == ()
    assert codes({"unit": "main"}, {"unit": "north"}) == ()
    assert codes({"unit": ""}, {"unit": None}) == ()


def test_an_avoidance_of_either_keeps_apart():
    assert codes({"avoid": ["M1"]}, {}) == ("avoidance",)
    assert codes({}, {"avoid": ["E1"]}) == ("avoidance",)


def test_pairs_of_the_past_and_of_the_coordinators_list_are_kept_apart():
    assert codes({}, {}, past=[["E1", "M1"]]) == ("past_pairing",)
    assert codes({}, {}, forbid=[["E1", "M1"]]) == ("exclusion",)
    assert codes({}, {}, past=[["M1", "E1"]], forbid=[["E2", "M1"]]) == ()


@pytest.mark.parametrize(("name", "code"), [("languages", "no_shared_language"), ("modes", "no_shared_mode")])
def test_languages_and_modes_must_meet_where_both_name_some(name, code):
    assert codes({name: ["a"]}, {name: ["b"]}) == (code,)
    assert codes({name: ["a", "b"]}, {name: ["b", "c"]}) == ()
    assert codes({name: []}, {name: ["b"]}) == ()
    assert codes({name: ["a"]}, {}) == ()


def test_common_times_are_a_rule_only_from_the_number_the_season_sets():
    assert codes({"slots": ["a"]}, {"slots": ["b"]}) == ()
    assert codes({"slots": ["a"]}, {"slots": ["b"]}, min_shared_slots=1) == ("min_shared_slots",)
    assert codes({"slots": ["a", "b"]}, {"slots": ["b", "c"]}, min_shared_slots=1) == ()
    assert codes({"slots": ["a", "b"]}, {"slots": ["b", "c"]}, min_shared_slots=2) == ("min_shared_slots",)
    assert codes({"slots": []}, {"slots": ["b", "c"]}, min_shared_slots=2) == ()


def test_ranks_are_bounded_at_both_ends_where_both_are_known():
    bounds = {"rank_gap": [1, 3]}
    blocked_gaps = [gap for gap in range(-1, 6) if codes({"rank": 2}, {"rank": 2 + gap}, **bounds)]
    assert blocked_gaps == [-1, 0, 4, 5]
    assert codes({"rank": 2}, {"rank": 2}, **bounds) == ("rank_gap",)
    assert codes({}, {"rank": 9}, **bounds) == ()
    assert codes({"rank": 2}, {"rank": 9}) == ()


def test_a_mentor_without_a_place_takes_nobody():
    assert codes({}, {"capacity": 0}) == ("no_places",)


def test_blocked_tells_every_rule_and_knows_only_people_of_the_season():
    both = {"unit": "main", "languages": ["en"]}
    assert codes(both | {"avoid": ["M1"]}, both | {"languages": ["es"]}) == (
        "same_unit", "no_shared_language", "avoidance",
    )  # fmt: skip
    problem = parse(season([mentee("E1")], [mentor("M1")]))
    with pytest.raises(KeyError):
        blocked(problem, "E1", "M2")
    with pytest.raises(KeyError):
        blocked(problem, "M1", "M1")


def test_every_rule_can_be_read_and_what_is_private_is_told_as_other():
    assert [rule.code for rule in RULES if rule.private] == ["same_person", "avoidance"]
    assert all(rule.sentence.endswith(".") for rule in RULES)
    assert told(["avoidance", "same_person", "same_unit"]) == ("same_unit", "other")


def test_forbidding_a_pair_moves_it_and_nothing_else_need_be_said():
    problem = season([mentee("E1", goals={"resume": 1})], [mentor("M1", offers={"resume": 2}), mentor("M2")])
    assert [pair.mentor for pair in solve(parse(problem)).pairs] == ["M1"]
    assert [pair.mentor for pair in solve(parse(problem | {"forbid": [["E1", "M1"]]})).pairs] == ["M2"]


def test_a_pin_holds_against_a_better_fit_and_takes_a_place():
    people = (
        [mentee("E1", goals={"resume": 1}), mentee("E2", goals={"resume": 1})],
        [mentor("M1", offers={"resume": 2}), mentor("M2")],
    )
    problem = parse(season(*people, pins=[["E1", "M2"]]))
    trace = solve(problem)
    verify(problem, trace)
    assert [(pair.mentee, pair.mentor) for pair in trace.pairs] == [("E1", "M2"), ("E2", "M1")]
    assert [reason.code for reason in trace.pairs[0].reasons] == ["pin"]
    assert trace.figures.pinned == 1


def test_a_pin_holds_even_where_it_costs_somebody_else_their_only_mentor():
    people = (
        [mentee("E1"), mentee("E2", languages=["es"])],
        [mentor("M1", languages=["es"]), mentor("M2", languages=["en"])],
    )
    problem = parse(season(*people, pins=[["E1", "M1"]]))
    trace = solve(problem)
    verify(problem, trace)
    assert [(pair.mentee, pair.mentor) for pair in trace.pairs] == [("E1", "M1")]
    (left,) = trace.unmatched
    assert (left.reason.code, left.reason.mentees, left.reason.mentors, left.reason.places) == (
        "competition",
        2,
        1,
        1,
    )


def pinned(*waived, mentee_fields=None, mentor_fields=None, **rest):
    pin = ["E1", "M1", list(waived)] if waived else ["E1", "M1"]
    return parse(
        season([mentee("E1", **(mentee_fields or {}))], [mentor("M1", **(mentor_fields or {}))], pins=[pin], **rest)
    )


def test_a_pin_across_a_rule_needs_that_rule_waived():
    unit = {"mentee_fields": {"unit": "main"}, "mentor_fields": {"unit": "main"}, "past": [["E1", "M1"]]}
    with pytest.raises(ProblemError) as caught:
        solve(pinned(**unit))
    assert str(caught.value) == "pin E1, M1: mentor: is ruled out by past_pairing, same_unit"
    with pytest.raises(ProblemError, match=r"is ruled out by past_pairing$"):
        solve(pinned("same_unit", **unit))
    problem = pinned("same_unit", "past_pairing", **unit)
    trace = solve(problem)
    verify(problem, trace)
    reasons = [(reason.code, reason.key) for reason in trace.pairs[0].reasons]
    assert reasons == [("pin", ""), ("waived", "past_pairing"), ("waived", "same_unit")]


def test_waiving_a_rule_that_does_not_bite_changes_nothing():
    problem = pinned("same_unit", "rank_gap")
    assert [reason.code for reason in solve(problem).pairs[0].reasons] == ["pin"]


@pytest.mark.parametrize("code", ["avoidance", "same_person", "no_places", "other", "kindness"])
def test_what_is_not_a_coordinators_to_waive_cannot_be(code):
    with pytest.raises(ProblemError) as caught:
        solve(pinned(code))
    assert str(caught.value) == "pin E1, M1: waived: names what is not a rule that can be waived"


def test_a_pin_across_an_avoidance_is_refused_without_saying_why():
    with pytest.raises(ProblemError) as caught:
        solve(pinned(mentee_fields={"avoid": ["M1"]}))
    assert str(caught.value) == "pin E1, M1: mentor: is ruled out by other"


def test_a_pin_said_twice_is_one_pin_with_all_that_was_waived():
    people = ([mentee("E1")], [mentor("M1")])
    problem = parse(season(*people, pins=[["E1", "M1", ["same_unit"]], ["E1", "M1"], ["E1", "M1", ["rank_gap"]]]))
    assert problem.pins == (Pin("E1", "M1", ("rank_gap", "same_unit")),)


def test_kept_pairs_that_the_rules_forbid_are_ignored():
    people = ([mentee("E1")], [mentor("M1"), mentor("M2")])
    trace = solve(parse(season(*people, keep=[["E1", "M1"]], forbid=[["E1", "M1"]])))
    assert [pair.mentor for pair in trace.pairs] == ["M2"]
    assert trace.stages[1].value == 0


def test_a_kept_pair_stays_against_a_better_fit_but_not_against_coverage():
    better = (
        [mentee("E1", goals={"resume": 2, "leading": 1})],
        [mentor("M1", offers={"resume": 2, "leading": 2}), mentor("M2", offers={"resume": 2})],
    )
    (pair,) = solve(parse(season(*better, keep=[["E1", "M2"]]))).pairs
    assert (pair.mentor, [reason.code for reason in pair.reasons]) == ("M2", ["goal", "keep"])
    both = ([mentee("E1"), mentee("E2", languages=["es"])], [mentor("M1"), mentor("M2", languages=["en"])])
    trace = solve(parse(season(*both, keep=[["E1", "M1"]])))
    assert [(pair.mentee, pair.mentor) for pair in trace.pairs] == [("E1", "M2"), ("E2", "M1")]
