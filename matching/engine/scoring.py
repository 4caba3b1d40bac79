"""How good a pair is, in whole numbers: goal fit, identity, preference and the lottery, for the pairs looked at.

score = 6 · fit + identity + preference, from 0 to 1000.
"""

from typing import Any

import numpy as np

from matching.engine.pairs import Pairs
from matching.engine.people import DIMENSIONS, Mentee, Mentor
from matching.engine.sides import STRONG
from matching.engine.tables import Points, Whole

FIT_WEIGHT = 6
NO_GOALS = 50
"""Goal fit of a mentee who names no goals, with anybody."""
LOTTERY_BITS = 20


def goal_fit(pairs: Pairs) -> Points:
    """(100 · Σ wanted · min(offered, 2)) // (2 · Σ wanted): the share of what a mentee wants that a mentor offers.

    The floats are exact up to the division, and a quotient of whole numbers this small never rounds up to the next.
    """
    goals = pairs.sides.goals
    whole = STRONG * goals.mentees.sum(axis=1)
    if not whole.any():
        return np.full(pairs.shape, NO_GOALS, dtype=np.int16)
    reached = pairs.dot(goals)
    reached *= 100
    reached /= pairs.of_mentees(np.maximum(whole, 1))
    fit = np.floor(reached, out=reached).astype(np.int16)
    return fit if whole.all() else np.where(pairs.of_mentees(whole) > 0, fit, np.int16(NO_GOALS))


def shared_dimensions(mentee: Mentee, mentor: Mentor) -> tuple[str, ...]:
    """The dimensions on which both asked to be matched and share a value."""
    return tuple(
        dimension
        for dimension in DIMENSIONS
        if not set(mentee.identity.get(dimension, ())).isdisjoint(mentor.identity.get(dimension, ()))
    )


def identity(pairs: Pairs) -> Points:
    """Both wishes' points for every dimension on which both asked and share a value."""
    points = np.zeros(pairs.shape, dtype=np.int16)
    for shared in pairs.sides.identities:
        both = pairs.of_mentees(shared.mentees) + pairs.of_mentors(shared.mentors)
        points += np.where(pairs.dot(shared.lists) > 0, both, np.int16(0))
    return points


def preference(pairs: Pairs) -> Points:
    """100, 80, 60, 40, 20 for the first to fifth favourite of either."""
    return pairs.numbers(pairs.sides.favourite_pairs)


def lottery(pairs: Pairs) -> Whole:
    """A ticket of 20 bits per pair, from the published seed and the two ids alone.

    Each person's BLAKE2b digest of "seed, role, id" (64 bits) is xored with the other's and mixed by the
    finaliser of SplitMix64; the ticket is the top 20 bits.
    """
    mentees, mentors = pairs.sides.digests
    mixed: Any = pairs.of_mentees(mentees) ^ pairs.of_mentors(mentors)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    tickets: Whole = (mixed >> np.uint64(64 - LOTTERY_BITS)).astype(np.int64)
    return tickets
