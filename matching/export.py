"""A run's inputs as a file that anybody can solve again, without what coordinators may not read.

Whoever knows people's goals can tell the keys in such a file apart, so nothing is in it that isn't theirs to read:

- Why two people can't be paired: every rule's pairs stand under `forbid`, and what rules are read from is left out.
- Whom people named and didn't get. Only the favourites that the result meets are left, which the workbench shows
  too. The result stays the best one: leaving a favourite out lowers only sets of matches that the result beats or
  equals, and those left count as much as before or more, which lifts the result at least as much as any other set.
  So whatever is best in the file was best in the run, the result is among it, and the lottery chooses it again.
- Names of goals are numbered: what they are doesn't matter for it.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

from matching.engine import Mentee, Mentor, Pin, Problem, Trace, parse, solve
from matching.engine.grid import Grid

Person = TypeVar("Person", Mentee, Mentor)
IdPair = tuple[str, str]


def exportable(problem: Problem, pairs: Iterable[IdPair]) -> Problem:
    """The problem as everybody may have it; `pairs`, (mentee, mentor), are its result.

    Raises ValueError for a problem that matches on identity.
    """
    if problem.settings.identity:
        raise ValueError("a problem that matches on identity is never exported")
    pairs = set(pairs)
    grid = Grid(problem)
    rows, columns = np.nonzero(~grid.allowed)
    forbid = tuple(
        (grid.mentees[row].id, grid.mentors[column].id)
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
    )
    apart = set(forbid)
    names = sorted({goal for mentee in problem.mentees for goal in mentee.goals})
    numbers = {name: f"goal-{place:03}" for place, name in enumerate(names, start=1)}
    return Problem(
        settings=replace(problem.settings, rank_gap=None, min_shared_slots=0),
        mentees=tuple(
            replace(
                _plain(person, [mentor for mentor in person.favourites if (person.id, mentor) in pairs]),
                goals={numbers[goal]: weight for goal, weight in person.goals.items()},
            )
            for person in problem.mentees
        ),
        mentors=tuple(
            replace(
                _plain(person, [mentee for mentee in person.favourites if (mentee, person.id) in pairs]),
                offers={numbers[goal]: strength for goal, strength in person.offers.items() if goal in numbers},
            )
            for person in problem.mentors
        ),
        pins=tuple(
            Pin(pin.mentee, pin.mentor, ("exclusion",) if (pin.mentee, pin.mentor) in apart else ())
            for pin in problem.pins
        ),
        forbid=forbid,
        keep=problem.keep,
    )


def written(problem: dict[str, Any], trace: dict[str, Any]) -> str:
    """The file of a run, from its stored inputs and result; its SHA-256 is the hash that a re-run names.

    Raises ValueError where the season matches on identity.
    """
    pairs = ((pair["mentee"], pair["mentor"]) for pair in trace.get("pairs", ()))
    return exportable(parse(problem), pairs).to_json()


def file_hash(problem: Problem, trace: Trace) -> str:
    """The hash of the run's file, solved again; empty in the rare case that other matches come of it.

    That can be where two sets of matches are equal down to their lottery tickets.
    """
    pairs = {(pair.mentee, pair.mentor) for pair in trace.pairs}
    shared = exportable(problem, pairs)
    again = {(pair.mentee, pair.mentor) for pair in solve(shared).pairs}
    return shared.input_hash if again == pairs else ""


def _plain(person: Person, favourites: list[str]) -> Person:
    return replace(
        person,
        unit="",
        rank=None,
        managers=(),
        slots=(),
        modes=(),
        languages=(),
        avoid=(),
        favourites=tuple(favourites),
    )
