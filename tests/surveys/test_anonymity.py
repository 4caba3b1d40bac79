"""The disclosure audit against every possible set of answers, and what is published against it."""

import random
from collections import Counter
from itertools import combinations, product

import numpy as np
import pytest

from mentorship.common import small_groups
from mentorship.common.small_groups import shown_groups
from surveys import anonymity, release
from surveys.anonymity import Answer, is_told
from surveys.release import ATTRIBUTES, Respondent, Statement, figures


def told_by_trying(answers: list[Answer]) -> bool:
    """The same question, answered by going through all answers that fit the figures and all groups of 1 to 4."""
    count = len(answers)
    worlds = np.array(list(product((0, 1), repeat=count)), dtype=np.int8)
    real = np.array([answer.yes for answer in answers], dtype=np.int8)
    published = [np.ones(count, dtype=np.int8)]
    for place in range(len(answers[0].groups)):
        for group in {answer.groups[place] for answer in answers} - {None}:
            published.append(np.array([answer.groups[place] == group for answer in answers], dtype=np.int8))
    fitting = worlds
    for sums in published:
        fitting = fitting[fitting @ sums == real @ sums]
    for size in range(1, 5):
        for group in combinations(range(count), size):
            values = fitting[:, group].sum(axis=1)
            if (values == values[0]).all():
                return True
    return False


def some_answers(dice: random.Random) -> list[Answer]:
    pools = [dice.choice([("a",), ("a", "b"), ("a", None), ("a", "a", "b"), ("a", "b", None)]) for _ in range(3)]
    pools = pools[: dice.choice([1, 1, 2, 2, 3])]
    likely = dice.choice([0.3, 0.5, 0.8])
    return [
        Answer(tuple(dice.choice(pool) for pool in pools), dice.random() < likely)
        for _person in range(dice.randint(9, 12))
    ]


@pytest.mark.parametrize("seed", range(8))
def test_the_audit_says_what_trying_everything_says(seed):
    dice = random.Random(seed)
    verdicts = Counter()
    for _season in range(60):
        answers = some_answers(dice)
        verdict = is_told(answers)
        assert verdict == told_by_trying(answers), answers
        verdicts[verdict] += 1
    assert set(verdicts) == {True, False}


def group(size: int, yes: int, *groups: str | None) -> list[Answer]:
    return [Answer(groups, number < yes) for number in range(size)]


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        (group(6, 3, "mentor") + group(7, 4, "mentee"), False),
        # Everybody in a group says the same, so each of them is told.
        (group(6, 6, "mentor") + group(7, 4, "mentee"), True),
        (group(6, 0, None) + group(7, 4, "mentee"), True),
        (group(67, 67, None), True),
        (group(67, 66, None), False),
        # Two people are told by subtraction, though each published group has five people or more.
        (group(5, 2, "mentor", "branch") + group(2, 1, "mentor", None) + group(5, 2, None, None)
         + group(0, 0, "mentee", "branch"), True),
        # One mentor and one mentee said no, one at a branch and one elsewhere: which of them is certain.
        (group(4, 4, "mentor", "branch") + group(4, 3, "mentor", "office") + group(4, 3, "mentee", "branch"), True),
    ],
)  # fmt: skip
def test_well_known_attacks_are_seen(answers, told):
    assert is_told(answers) == told
    if len(answers) < 14:
        assert told_by_trying(answers) == told


def test_nobody_tells_nothing():
    assert not is_told([])


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ({"mentor": 33, "mentee": 34}, {"mentor", "mentee"}),
        ({"mentor": 4, "mentee": 34}, set()),
        ({"mentor": 7}, set()),
        ({"mentor": 5, "mentee": 2}, set()),
        ({"a": 10, "b": 9, "c": 4}, {"a"}),
        ({"a": 10, "b": 9, "c": 3, "d": 2}, {"a", "b"}),
        ({"a": 10, "b": 9, "": 5}, {"a", "b"}),
        ({"a": 10, "b": 9, "": 1}, {"a"}),
        ({"": 20}, set()),
        ({}, set()),
    ],
)
def test_a_group_has_five_people_and_so_has_what_is_hidden_beside_it(sizes, shown):
    assert shown_groups(sizes) == shown


def season(dice: random.Random, size: int) -> list[Respondent]:
    agreeing = dice.choice([0.5, 0.7, 0.89])
    return [
        Respondent(
            dice.choice(["mentor", "mentee"]),
            dice.choice(["branch", "circulation", "technical", ""]),
            dice.choice(["under-3", "3-to-9", "10-or-more"]),
            {"growth": dice.choice([4, 5]) if dice.random() < agreeing else dice.choice([1, 2, 3, "na"])},
        )
        for _person in range(size)
    ]


def published_of(people: list[Respondent]) -> dict:
    return figures(people, invited=len(people), statements=[Statement("growth")], choices={})["statements"]["growth"]


def as_attacked(people: list[Respondent], breakdowns: dict) -> list[Answer]:
    """What one who reads the release knows of each person with a valid answer."""
    return [
        Answer(
            tuple(
                value if (value := getattr(one, name)) in breakdowns[name] else None
                for name in ATTRIBUTES
                if name in breakdowns
            ),
            one.answers["growth"] in (4, 5),
        )
        for one in people
        if one.answers["growth"] != "na"
    ]


@pytest.mark.parametrize("seed", range(6))
def test_no_release_tells_what_a_small_group_answered(seed):
    dice = random.Random(seed)
    broken_down = 0
    for _season in range(40):
        people = season(dice, dice.randint(8, 13))
        found = published_of(people)
        if not found or not found["breakdowns"]:
            continue
        broken_down += 1
        assert not told_by_trying(as_attacked(people, found["breakdowns"]))
        for groups in found["breakdowns"].values():
            sizes = [value["n"] for value in groups.values()]
            assert min(sizes) >= 5
            assert found["n"] - sum(sizes) in {0, *range(5, 14)}
    assert broken_down > 3


def test_control_without_the_audit_releases_tell_of_small_groups(monkeypatch):
    monkeypatch.setattr(release, "is_told", lambda answers: False)
    dice = random.Random(1)
    told = 0
    for _season in range(60):
        people = season(dice, dice.randint(10, 13))
        found = published_of(people)
        if found and found["breakdowns"]:
            told += told_by_trying(as_attacked(people, found["breakdowns"]))
    assert told > 10


def test_control_without_the_rule_of_five_a_group_of_two_is_shown(monkeypatch):
    monkeypatch.setattr(small_groups, "SMALLEST", 1)
    assert shown_groups({"mentor": 2, "mentee": 34}) == {"mentor", "mentee"}


def test_a_season_of_67_has_its_breakdowns():
    dice = random.Random(67)
    people = [
        Respondent("mentor" if number < 33 else "mentee", "branch", "", {"growth": 5 if dice.random() < 0.8 else 2})
        for number in range(67)
    ]
    found = published_of(people)
    assert {name: sorted(groups) for name, groups in found["breakdowns"].items()} == {"role": ["mentee", "mentor"]}
    assert sum(value["n"] for value in found["breakdowns"]["role"].values()) == found["n"] == 67


@pytest.mark.parametrize(("size", "programmes"), [(67, 60), (1000, 0), (10_000, 0)])
def test_the_audit_solves_few_programmes_however_many_answer(monkeypatch, size, programmes):
    solved = []
    milp = anonymity.milp
    monkeypatch.setattr(anonymity, "milp", lambda *given, **named: solved.append(1) or milp(*given, **named))
    dice = random.Random(size)
    people = [
        Respondent(
            dice.choice(["mentor", "mentee", "peer"]),
            f"kind-{dice.randrange(9)}",
            dice.choice(["under-3", "3-to-9", "10-or-more"]),
            {f"statement-{number}": dice.choice([2, 4, 4, 5, 5, 5, 5]) for number in range(9)},
        )
        for _person in range(size)
    ]
    figures(people, invited=size, statements=[Statement(f"statement-{n}") for n in range(9)], choices={})
    assert len(solved) <= programmes


@pytest.mark.parametrize(
    ("points", "percent"), [([4] * 89 + [1] * 11, 89), ([5, 1], 50), ([5] * 7 + [1], 88), ([1], 0), ([], None)]
)
def test_agreement_is_a_whole_per_cent_of_valid_answers(points, percent):
    assert release.agreement(points) == percent
