"""What the engine takes in: defaults, what it ignores, and one clear line for what it refuses."""

import json

import pytest

from matching.engine import Mentee, Mentor, Problem, ProblemError, Settings, parse
from tests.engine.seasons import mentee, mentor, season


def test_only_an_id_is_required_of_a_person():
    problem = parse({"mentors": [{"id": "M1"}], "mentees": [{"id": "E1"}]})
    assert problem == Problem(settings=Settings(), mentors=(Mentor(id="M1"),), mentees=(Mentee(id="E1"),))
    assert problem.settings == Settings(
        cuts=(25, 50),
        identity=False,
        quiet_guard=True,
        seed="",
        min_shared_slots=0,
        allow_same_unit=False,
        rank_gap=None,
    )
    assert (problem.mentors[0].capacity, problem.mentees[0].priority) == (1, False)
    assert parse({}).mentees == ()


def test_null_is_the_same_as_missing():
    nulls = dict.fromkeys(
        ("unit", "managers", "rank", "capacity", "offers", "slots", "modes", "languages", "favourites")
    )
    assert parse({"mentors": [{"id": "M1", **nulls}], "settings": None}) == parse({"mentors": [{"id": "M1"}]})


def test_unknown_ids_and_repetitions_are_ignored():
    lists = {"managers": ["X", "M1", "M1"], "avoid": ["M2", "X"], "favourites": ["X", "M2", "M1", "M2"]}
    problem = parse(
        season(
            [mentee("E1", **lists)],
            [mentor("M1"), mentor("M2")],
            keep=[["E1", "M1"], ["E1", "M1"], ["E1", "X"]],
            past=[["X", "M1"]],
            forbid=[["E1", "M2"], ["E1", "M2"]],
        )
    )
    (one,) = problem.mentees
    assert (one.managers, one.avoid, one.favourites) == (("M1",), ("M2",), ("M2", "M1"))
    assert (problem.keep, problem.past, problem.forbid) == ((("E1", "M1"),), (), (("E1", "M2"),))


def test_zero_weights_are_goals_that_are_not_there():
    problem = parse(season([mentee("E1", goals={"a": 0, "b": 1})], [mentor("M1", offers={"a": 0})]))
    assert (problem.mentees[0].goals, problem.mentors[0].offers) == ({"b": 1}, {})


def test_the_canonical_text_keeps_only_what_counts():
    wish = {"identity": {"gender": ["woman"], "ethnicity": ["asian"]}, "match_on": {"gender": 1, "ethnicity": 0}}
    raw = season(
        [mentee("E1", unit="", **wish)], [mentor("Ünal")], pins=[["E1", "Ünal", ["past_pairing"]]], identity=True
    )
    text = parse(raw).to_json()
    assert text.isascii()
    assert json.loads(text)["mentees"] == [{"id": "E1", "identity": {"gender": ["woman"]}, "match_on": {"gender": 1}}]
    assert json.loads(text)["mentors"] == [{"id": "Ünal", "capacity": 1}]
    assert json.loads(text)["pins"] == [["E1", "Ünal", ["past_pairing"]]]
    assert parse(raw).input_hash == parse(json.loads(text)).input_hash


def test_people_made_in_python_are_masked_like_those_read():
    by_hand = Problem(
        settings=Settings(identity=True),
        mentees=(Mentee(id="E1", identity={"gender": ("woman",), "ethnicity": ("asian",)}, match_on={"gender": 1}),),
        mentors=(Mentor(id="M1", identity={"gender": ("woman",)}),),
    )
    assert by_hand.mentees[0].identity == {"gender": ("woman",)}
    assert by_hand.mentors[0].identity == {}
    off = Problem(settings=Settings(), mentees=by_hand.mentees, mentors=by_hand.mentors)
    assert (off.mentees[0].identity, off.mentees[0].match_on) == ({}, {})


PEOPLE = {"mentees": [{"id": "E1"}], "mentors": [{"id": "M1"}]}


def people(**fields):
    return {"mentees": [{"id": "E1", **fields}], "mentors": [{"id": "M1"}], "settings": {"identity": True}}


@pytest.mark.parametrize(
    ("problem", "line"),
    [
        ([], "problem: must be an object"),
        ({"mentor": []}, "problem: mentor: is not a field of the format"),
        ({"mentors": {}}, "mentors: must be a list"),
        ({"mentors": ["M1"]}, "mentors[0]: must be an object"),
        ({"mentors": [{"id": "M1"}, {}]}, "mentors[1]: id: must be a text that is not empty"),
        ({"mentees": [{"id": ""}]}, "mentees[0]: id: must be a text that is not empty"),
        ({"mentees": [{"id": 7}]}, "mentees[0]: id: must be a text that is not empty"),
        ({"mentees": [{"id": "E1"}, {"id": "E1"}]}, "mentee E1: id: appears twice"),
        ({"mentees": [{"id": "E\n1", "rank": "x"}]}, "mentee E\\n1: rank: must be a whole number"),
        ({"mentors": [{"id": "M1", "capacity": -1}]}, "mentor M1: capacity: must be from 0 to 1000000"),
        ({"mentors": [{"id": "M1", "capacity": 1.5}]}, "mentor M1: capacity: must be a whole number"),
        ({"mentors": [{"id": "M1", "capacity": True}]}, "mentor M1: capacity: must be a whole number"),
        ({"mentors": [{"id": "M1", "offers": {"a": -1}}]}, "mentor M1: offers.a: must be from 0 to 1000"),
        ({"mentors": [{"id": "M1", "goals": {"a": 1}}]}, "mentor M1: goals: is not a field of the format"),
        (people(goals={"a": -1}), "mentee E1: goals.a: must be from 0 to 1000"),
        (people(goals={"a": "3"}), "mentee E1: goals.a: must be a whole number"),
        (people(goals=["a"]), "mentee E1: goals: must be an object"),
        (people(capacity=2), "mentee E1: capacity: is not a field of the format"),
        (people(priority=1), "mentee E1: priority: must be true or false"),
        (people(slots="mon"), "mentee E1: slots: must be a list"),
        (people(slots=[1]), "mentee E1: slots: must be a text that is not empty"),
        (people(unit=5), "mentee E1: unit: must be a text"),
        (people(rank=10**30), "mentee E1: rank: must be from -1000000 to 1000000"),
        (people(match_on={"gender": 3}), "mentee E1: match_on.gender: must be from 0 to 2"),
        (people(match_on={"religion": 1}), "mentee E1: match_on: has a dimension other than ethnicity and gender"),
        (people(match_on={"gender": 1}, identity={"gender": "secret"}), "mentee E1: identity.gender: must be a list"),
        (PEOPLE | {"settings": {"seeds": "1"}}, "settings: seeds: is not a field of the format"),
        (PEOPLE | {"settings": {"seed": 2027}}, "settings: seed: must be a text"),
        (PEOPLE | {"settings": {"identity": "yes"}}, "settings: identity: must be true or false"),
        (PEOPLE | {"settings": {"cuts": [0]}}, "settings: cuts: must be from 1 to 100"),
        (PEOPLE | {"settings": {"cuts": 25}}, "settings: cuts: must be a list"),
        (PEOPLE | {"settings": {"rank_gap": [1]}}, "settings: rank_gap: must be null or [least, most]"),
        (PEOPLE | {"settings": {"rank_gap": [2, 1]}}, "settings: rank_gap: must be from 2 to 1000000"),
        (PEOPLE | {"settings": {"rank_gap": [None, 1]}}, "settings: rank_gap: must be a whole number"),
        (PEOPLE | {"settings": {"min_shared_slots": -1}}, "settings: min_shared_slots: must be from 0 to 1000000"),
        (PEOPLE | {"pins": [["E1"]]}, "pins[0]: must be [mentee, mentor] or [mentee, mentor, [rule codes]]"),
        (PEOPLE | {"pins": [["E9", "M1"]]}, "pin E9, M1: mentee: nobody has this id"),
        (PEOPLE | {"pins": [["E1", "M9"]]}, "pin E1, M9: mentor: nobody has this id"),
        (PEOPLE | {"keep": [["E1", "M1", "X"]]}, "keep[0]: must be [mentee, mentor]"),
        (PEOPLE | {"past": ["E1"]}, "past[0]: must be a list"),
        (
            {
                "mentees": [{"id": "E1"}],
                "mentors": [{"id": "M1"}, {"id": "M2"}],
                "pins": [["E1", "M1"], ["E1", "M2"]],
            },
            "pin E1, M2: mentee: is already pinned to M1",
        ),
        (
            {
                "mentees": [{"id": "E1"}, {"id": "E2"}],
                "mentors": [{"id": "M1"}],
                "pins": [["E1", "M1"], ["E2", "M1"]],
            },
            "pin E2, M1: mentor: has too few places for the pins",
        ),
    ],
)
def test_a_refusal_is_one_line_that_names_record_and_field(problem, line):
    with pytest.raises(ProblemError) as caught:
        parse(problem)
    assert str(caught.value) == line


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, b"\xff\xfe\xfa", "1" * 5000])
def test_text_that_is_not_json_is_called_that(text):
    with pytest.raises(ProblemError, match=r"^problem: is not JSON$"):
        Problem.from_json(text)
