"""Why these two, and why nobody for this one: as data, which the application puts into words."""

from collections.abc import Iterable, Iterator

import numpy as np

from matching.engine.people import Mentee, Mentor
from matching.engine.problem import Pin
from matching.engine.rules import CODES
from matching.engine.scoring import shared_dimensions
from matching.engine.season import Season
from matching.engine.sides import STRONG
from matching.engine.tables import Mask, Whole
from matching.engine.trace import NoMentor, Reason
from matching.engine.views import Listed, View

MEETING = (("slots", "slot"), ("modes", "mode"), ("languages", "language"))


def why_paired(season: Season, row: int, column: int, pin: Pin | None) -> tuple[Reason, ...]:
    """The reasons for this pair, shared goals first; the most wanted and best offered lead."""
    mentee, mentor = season.mentees[row], season.mentors[column]
    return (
        *_goals(mentee, mentor),
        *_meeting(mentee, mentor),
        *_favourites(mentee, mentor),
        *(Reason("identity", dimension) for dimension in shared_dimensions(mentee, mentor)),
        *_decided(season, row, column, pin),
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


def _decided(season: Season, row: int, column: int, pin: Pin | None) -> Iterator[Reason]:
    if pin:
        yield Reason("pin")
        for code, mask in Listed(season, np.array([row]), np.array([column])).blocks.items():
            if mask[0]:
                yield Reason("waived", code)
    if season.kept_pairs.has(row * season.size[1] + column):
        yield Reason("keep")


def count_removed(views: Iterable[View]) -> dict[str, int]:
    """How many of these pairs each rule removes, each under its first rule, as coordinators may see it."""
    counts = dict.fromkeys(CODES, 0)
    for view in views:
        left = np.ones(view.shape, dtype=bool)
        for code, mask in view.blocks.items():
            if mask is not view.nobody:
                counts[code] += int((left & mask).sum())
                left &= ~mask
    removed: dict[str, int] = {}
    for code, count in counts.items():
        if count:
            removed[CODES[code].told] = removed.get(CODES[code].told, 0) + count
    return removed


def why_unmatched(season: Season, row: int, assignment: Whole) -> NoMentor:
    """Why this mentee has no mentor under this assignment (pins included), which is best in coverage."""
    own = list(season.blocks_of(np.array([row])))
    removed = count_removed(own)
    open_to = sum(int(block.allowed.sum()) for block in own)
    if not open_to:
        return NoMentor("rules" if season.mentors else "no_mentors", 0, removed)
    mentees, mentors = tight_set(season, row, assignment)
    places = int(season.places[mentors].sum())
    return NoMentor("competition", open_to, removed, int(mentees.sum()), int(mentors.sum()), places)


def tight_set(season: Season, row: int, assignment: Whole) -> tuple[Mask, Mask]:
    """The smallest group around an unmatched mentee that explains it: mentees, and all mentors open to any of them.

    It grows from the mentee along "open to" and "taken by". Were a place in it free, moving people along that way
    would match one mentee more; coverage is proved best, so all are taken, by fewer people than the group has. In
    the coverage tier's prices these mentors carry the worth of a place and these mentees do not.
    """
    mentees, mentors = (np.zeros(length, dtype=bool) for length in season.size)
    taken_by = np.where(assignment >= 0, assignment, 0)
    fresh = np.zeros(season.size[0], dtype=bool)
    fresh[row] = True
    while fresh.any():
        mentees |= fresh
        # A pinned mentee is open to the pin alone, whatever the rules would allow.
        free = np.nonzero(fresh & (season.pinned < 0))[0]
        reached = season.open_to_any(free) & ~mentors
        mentors |= reached
        fresh = reached[taken_by] & (assignment >= 0) & ~mentees
    return mentees, mentors
