"""How good a pair is, in whole numbers: goal fit, identity, preference and the lottery, each as mentees × mentors.

score = 6 · fit + identity + preference, from 0 to 1000.
"""

import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from matching.engine.people import DIMENSIONS, PREFER, STRONGLY, Mentee, Mentor, Person
from matching.engine.problem import canonical_json
from matching.engine.sides import Sides
from matching.engine.tables import Whole, table

FIT_WEIGHT = 6
NO_GOALS = 50
"""Goal fit of a mentee who names no goals, with anybody."""
STRONG = 2
"""An offer counts no more than this."""
MENTEE_WISH = {PREFER: 30, STRONGLY: 60}
MENTOR_WISH = {PREFER: 20, STRONGLY: 40}
FAVOURITE = (100, 80, 60, 40, 20)
LOTTERY_BITS = 20


def goal_fit(sides: Sides) -> Whole:
    """(100 · Σ wanted · min(offered, 2)) // (2 · Σ wanted): the share of what a mentee wants that a mentor offers."""
    keys = {goal: place for place, goal in enumerate(sorted({goal for m in sides.mentees for goal in m.goals}))}
    wanted = table([mentee.goals for mentee in sides.mentees], keys)
    offered = np.minimum(table([mentor.offers for mentor in sides.mentors], keys), STRONG)
    reached = (100 * (wanted @ offered.T)).astype(np.int64)
    whole = (STRONG * wanted.sum(axis=1)).astype(np.int64)[:, None]
    return np.where(whole > 0, reached // np.maximum(whole, 1), NO_GOALS)


def shared_dimensions(mentee: Mentee, mentor: Mentor) -> tuple[str, ...]:
    """The dimensions on which both asked to be matched and share a value."""
    return tuple(
        dimension
        for dimension in DIMENSIONS
        if not set(mentee.identity.get(dimension, ())).isdisjoint(mentor.identity.get(dimension, ()))
    )


def identity(sides: Sides) -> Whole:
    """Both wishes' points for every dimension on which both asked and share a value."""
    points = np.zeros(sides.shape, dtype=np.int64)
    for dimension in DIMENSIONS:

        def values(person: Person, dimension: str = dimension) -> Sequence[str]:
            return person.identity.get(dimension, ())

        if not any(values(person) for person in sides.mentees) or not any(values(m) for m in sides.mentors):
            continue
        count, _ = sides.shared(values)
        mentees = np.array([MENTEE_WISH.get(person.match_on.get(dimension, 0), 0) for person in sides.mentees])
        mentors = np.array([MENTOR_WISH.get(person.match_on.get(dimension, 0), 0) for person in sides.mentors])
        points += np.where(count > 0, mentees[:, None] + mentors, 0)
    return points


def preference(sides: Sides) -> Whole:
    """100, 80, 60, 40, 20 for the first to fifth favourite of either."""
    points = np.zeros(sides.shape, dtype=np.int64)
    for row, mentee in enumerate(sides.mentees):
        for favourite, bonus in zip(mentee.favourites, FAVOURITE, strict=False):
            points[row, sides.column[favourite]] += bonus
    for column, mentor in enumerate(sides.mentors):
        for favourite, bonus in zip(mentor.favourites, FAVOURITE, strict=False):
            points[sides.row[favourite], column] += bonus
    return points


def lottery(sides: Sides) -> Whole:
    """A ticket of 20 bits per pair, from the published seed and the two ids alone.

    Each person's BLAKE2b digest of "seed, role, id" (64 bits) is xored with the other's and mixed by the
    finaliser of SplitMix64; the ticket is the top 20 bits.
    """
    seed = sides.problem.settings.seed
    mixed = _digests(seed, sides.mentees)[:, None] ^ _digests(seed, sides.mentors)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return (mixed >> np.uint64(64 - LOTTERY_BITS)).astype(np.int64)


def _digests(seed: str, people: Sequence[Person]) -> npt.NDArray[np.uint64]:
    texts = (canonical_json([seed, person.role, person.id]).encode("ascii") for person in people)
    digests = (hashlib.blake2b(text, digest_size=8).digest() for text in texts)
    return np.array([int.from_bytes(digest, "big") for digest in digests], dtype=np.uint64)
