"""Why these two, and why nobody for this one: as data, which the application puts into words."""

from collections.abc import Iterator

import numpy as np

from matching.engine.grid import Grid
from matching.engine.people import Mentee, Mentor
from matching.engine.problem import Pin
from matching.engine.rules import CODES
from matching.engine.scoring import shared_dimensions
from matching.engine.sides import STRONG
from matching.engine.tables import Mask, Whole
from matching.engine.trace import NoMentor, Reason

MEETING = (("slots", "slot"), ("modes", "mode"), ("languages", "language"))


def why_paired(grid: Grid, row: int, column: int, pin: Pin | None) -> tuple[Reason, ...]:
    """The reasons for this pair, shared goals first; the most wanted and best offered lead."""
    mentee, mentor = grid.mentees[row], grid.mentors[column]
    return (
        *_goals(mentee, mentor),
        *_meeting(mentee, mentor),
        *_favourites(mentee, mentor),
        *(Reason("identity", dimension) for dimension in shared_dimensions(mentee, mentor)),
        *_decided(grid, row, column, pin),
    )


def _goals(mentee: Mentee, mentor: Mentor) -> list[Reason]:
    shared = [
        Reason("goal", goal, weight, min(mentor.offers[goal], STRONG))
        for goal, weight in mentee.goals.items()
        if goal in mentor.offers
    ]
    return sorted(shared, key=lambda reason: (-reason.weight, -reason.strength, reason.key))


def _meeting(mentee: Mentee, mentor: Mentor) -> Iterator[Reason]:
    for name, code in MEETING:
        ours: tuple[str, ...] = getattr(mentee, name)
        theirs: tuple[str, ...] = getattr(mentor, name)
        # An empty list means any, so what the other named suits both.
        both = [key for key in ours if key in theirs] if ours and theirs else ours or theirs
        for key in both:
            yield Reason(code, key)
        if code == "slot" and ours and theirs and not both:
            yield Reason("no_common_slot")


def _favourites(mentee: Mentee, mentor: Mentor) -> Iterator[Reason]:
    if mentor.id in mentee.favourites:
        yield Reason("mentee_favourite", rank=1 + mentee.favourites.index(mentor.id))
    if mentee.id in mentor.favourites:
        yield Reason("mentor_favourite", rank=1 + mentor.favourites.index(mentee.id))


def _decided(grid: Grid, row: int, column: int, pin: Pin | None) -> Iterator[Reason]:
    if pin:
        yield Reason("pin")
        for code, mask in grid.blocks.items():
            if mask[row, column]:
                yield Reason("waived", code)
    if grid.kept[row, column]:
        yield Reason("keep")


def count_removed(grid: Grid, rows: Whole | slice) -> dict[str, int]:
    """How many pairs of these mentees each rule removes, each under its first rule, as coordinators may see it."""
    left = np.ones(grid.shape, dtype=bool)[rows]
    removed: dict[str, int] = {}
    for code, mask in grid.blocks.items():
        if mask is grid.nobody:
            continue
        count = int((left & mask[rows]).sum())
        if count:
            told = CODES[code].told
            removed[told] = removed.get(told, 0) + count
            left &= ~mask[rows]
    return removed


def why_unmatched(grid: Grid, row: int, assignment: Whole) -> NoMentor:
    """Why this mentee has no mentor under this assignment (pins included), which is best in coverage."""
    removed = count_removed(grid, np.array([row]))
    open_to = int(grid.allowed[row].sum())
    if not open_to:
        return NoMentor("rules" if grid.mentors else "no_mentors", 0, removed)
    mentees, mentors = tight_set(grid, row, assignment)
    places = int(grid.places[mentors].sum())
    return NoMentor("competition", open_to, removed, int(mentees.sum()), int(mentors.sum()), places)


def tight_set(grid: Grid, row: int, assignment: Whole) -> tuple[Mask, Mask]:
    """The smallest group around an unmatched mentee that explains it: mentees, and all mentors open to any of them.

    It grows from the mentee along "open to" and "taken by". Were a place in it free, moving people along that way
    would match one mentee more; coverage is proved best, so all are taken, by fewer people than the group has. In
    the coverage tier's prices these mentors carry the worth of a place and these mentees do not.
    """
    mentees = np.zeros(grid.shape[0], dtype=bool)
    mentors = np.zeros(grid.shape[1], dtype=bool)
    taken_by = np.where(assignment >= 0, assignment, 0)
    fresh = np.zeros(grid.shape[0], dtype=bool)
    fresh[row] = True
    while fresh.any():
        mentees |= fresh
        # A pinned mentee is open to the pin alone, whatever the rules would allow.
        free = fresh & (grid.pinned < 0)
        reached = grid.allowed[free].any(axis=0) & ~mentors
        mentors |= reached
        fresh = reached[taken_by] & (assignment >= 0) & ~mentees
    return mentees, mentors
