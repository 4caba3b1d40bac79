"""Same season, same bytes: the order in which people, lists and keys come says nothing."""

import json
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine.circles import CircleProblem, solve
from tests.engine.circles.seasons import random_season

UNORDERED = ("managers", "slots", "modes", "languages", "avoid")


def shuffled(random, problem):
    """The same problem in another order, some of it said twice, with people who don't exist in its lists."""

    def mixed(entries):
        return random.sample(entries, len(entries))

    def person(record):
        record = {key: record[key] for key in mixed(list(record))}
        for name in UNORDERED:
            if name in record:
                record[name] = mixed(record[name] + record[name][:1])
        if isinstance(record.get("themes"), dict):
            record["themes"] = {theme: record["themes"][theme] for theme in mixed(list(record["themes"]))}
        return record | {"managers": [*record.get("managers", []), "nobody"]}

    return {
        "keep": [circle | {"members": mixed([*circle["members"], "nobody"])} for circle in mixed(problem["keep"])],
        "apart": [mixed(pair) for pair in mixed(problem["apart"] + problem["apart"][:1])] + [["P00", "nobody"]],
        "forbid": mixed(problem["forbid"] + problem["forbid"][:1]),
        "pins": mixed(problem["pins"]),
        "facilitators": [person(record) for record in mixed(problem["facilitators"])],
        "peers": [person(record) for record in mixed(problem["peers"])],
        "settings": problem["settings"],
    }


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.integers(0, 10**6))
def test_another_order_gives_the_same_bytes(seed):
    random = Random(seed)
    raw = random_season(random, 14, 8)
    first, second = CircleProblem.from_dict(raw), CircleProblem.from_dict(shuffled(random, raw))
    assert second.input_hash == first.input_hash
    assert solve(second).to_json() == solve(first).to_json()


def renamed(value, names):
    """The same problem with other ids."""
    if isinstance(value, list):
        return [renamed(entry, names) for entry in value]
    if isinstance(value, dict):
        return {key: renamed(entry, names) for key, entry in value.items()}
    return names.get(value, value) if isinstance(value, str) else value


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.integers(0, 10**6))
def test_the_order_of_ids_decides_nothing_about_the_value(seed):
    raw = random_season(Random(seed), 10, 8)
    # A unit may be called like its only member; renaming both alike changes nothing.
    ids = [person["id"] for person in raw["peers"]]
    names = {identifier: f"Z{99 - place}" for place, identifier in enumerate(ids)}
    before, after = solve(CircleProblem.from_dict(raw)), solve(CircleProblem.from_dict(renamed(raw, names)))
    assert (after.value, after.bound) == (before.value, before.bound)
    assert after.figures.placed + len(after.unplaced) == before.figures.placed + len(before.unplaced)


def test_a_problem_read_back_from_its_canonical_text_is_the_same():
    for number in range(60):
        problem = CircleProblem.from_dict(random_season(Random(number)))
        assert CircleProblem.from_json(problem.to_json()) == problem
        spaced = json.dumps(json.loads(problem.to_json()), indent=2)
        assert CircleProblem.from_json(spaced).input_hash == problem.input_hash


def test_another_seed_decides_among_equals_and_nothing_before_them():
    peers = [{"id": f"P{number}", "themes": {"leading": 1}} for number in range(9)]
    chosen = []
    for seed in ("2026", "2027", "2028", "2029", "2030"):
        trace = solve(CircleProblem.from_dict({"settings": {"seed": seed}, "peers": peers}))
        assert (trace.value, trace.figures.placed) == (9 * 1100, 9)
        chosen.append(trace.circles[0].members)
    assert len(set(chosen)) >= 3
