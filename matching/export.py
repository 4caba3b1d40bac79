"""A run's inputs as a file that anybody can solve again, without saying why two people can't be paired."""

from typing import Any

from matching.engine import parse
from matching.engine.grid import Grid

# Left out, since what they lead to stands under "forbid": nobody can read an avoidance from the file by itself.
HIDDEN = ("avoid", "managers", "unit", "rank")


def exportable(problem: dict[str, Any]) -> dict[str, Any]:
    """The problem with every pair that a rule keeps apart under `forbid`, and without what the rules are read from.

    It has the same best matches. Raises ValueError for a problem that matches on identity.
    """
    if problem["settings"]["identity"]:
        raise ValueError("a problem that matches on identity is never exported")
    grid = Grid(parse(problem))
    forbid = [
        [mentee.id, mentor.id]
        for row, mentee in enumerate(grid.mentees)
        for column, mentor in enumerate(grid.mentors)
        if not grid.allowed[row, column]
    ]
    pins = [
        [mentee, mentor, ["exclusion"]] if [mentee, mentor] in forbid else [mentee, mentor]
        for mentee, mentor, *_waived in problem["pins"]
    ]
    return {
        "settings": problem["settings"] | {"rank_gap": None, "min_shared_slots": 0},
        "mentors": [_plain(person) for person in problem["mentors"]],
        "mentees": [_plain(person) for person in problem["mentees"]],
        "forbid": forbid,
        "pins": pins,
        "keep": problem["keep"],
        "past": [],
    }


def _plain(person: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in person.items() if key not in HIDDEN}
