"""The two sides of a season in numbers: what each person is and names, as arrays that any pair can be read from.

Mentees are rows and mentors columns, both sorted by id. Nothing here is as large as mentees × mentors: rules and
scores are worked out of it by a view (`views`), for as many pairs at a time as there is room for.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import numpy.typing as npt

from matching.engine.people import DIMENSIONS, PREFER, STRONGLY, Person
from matching.engine.problem import IdPair, Problem, canonical_json
from matching.engine.tables import Counts, Mask, Points, Whole, table

STRONG = 2
"""An offer counts no more than this."""
FAVOURITE = (100, 80, 60, 40, 20)
"""What the first to fifth favourite of somebody is worth."""

MENTEE_WISH = {PREFER: 30, STRONGLY: 60}
MENTOR_WISH = {PREFER: 20, STRONGLY: 40}
"""What sharing a value is worth to somebody who asked for it, by how much they asked."""


@dataclass(frozen=True)
class Marks:
    """Some pairs, each with a number: `places` is row · mentors + column, sorted, each once."""

    places: Whole
    numbers: Points

    def __len__(self) -> int:
        return len(self.places)

    def has(self, place: int) -> bool:
        """Whether this pair is among them."""
        found = int(np.searchsorted(self.places, place))
        return found < len(self.places) and bool(self.places[found] == place)


@dataclass(frozen=True)
class Lists:
    """A list that everybody fills: a column per entry on either side, and who filled it at all."""

    mentees: Counts
    mentors: Counts


@dataclass(frozen=True)
class Identity:
    """One dimension of identity: the values of those who asked, and what a shared one is worth to each person."""

    lists: Lists
    mentees: Points
    mentors: Points


class Sides:
    """The people of a problem. Each array is made when it is first asked for."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.mentees = problem.mentees
        self.mentors = problem.mentors
        self.size = (len(self.mentees), len(self.mentors))
        self.row = {mentee.id: row for row, mentee in enumerate(self.mentees)}
        self.column = {mentor.id: column for column, mentor in enumerate(self.mentors)}
        self._lists: dict[str, Lists] = {}

    @cached_property
    def places(self) -> Whole:
        """Per mentor: the mentees they can take, at most as many as there are."""
        return np.array([min(mentor.capacity, self.size[0]) for mentor in self.mentors], dtype=np.int64)

    @cached_property
    def most_pairs(self) -> int:
        """No more pairs than this can be made."""
        return self.problem.most_pairs

    @cached_property
    def quiet(self) -> Mask:
        """Per mentee: asked for no match on identity."""
        return np.array([mentee.quiet for mentee in self.mentees], dtype=np.bool_)

    @cached_property
    def priority(self) -> Mask:
        """Per mentee: was left without a mentor last season."""
        return np.array([mentee.priority for mentee in self.mentees], dtype=bool)

    @cached_property
    def units(self) -> tuple[Whole, Whole]:
        """Per person: their unit as a number; 0 is none."""
        numbers = {"": 0}
        return self.each(lambda person: numbers.setdefault(person.unit, len(numbers)))

    @cached_property
    def ranks(self) -> tuple[Whole, Whole]:
        """Per person: their rank, or 0."""
        return self.each(lambda person: person.rank or 0)

    @cached_property
    def ranked(self) -> tuple[Whole, Whole]:
        """Per person: whether they have a rank."""
        return self.each(lambda person: person.rank is not None)

    def each(self, number: Callable[[Person], int]) -> tuple[Whole, Whole]:
        """This number of everybody: mentees, mentors."""
        return (
            np.array([number(person) for person in self.mentees], dtype=np.int64),
            np.array([number(person) for person in self.mentors], dtype=np.int64),
        )

    def lists(self, name: str, values: Callable[[Person], Iterable[str]]) -> Lists:
        """What everybody has in the list that is called `name`; made once."""
        if name not in self._lists:
            of_mentees = [dict.fromkeys(values(person), 1) for person in self.mentees]
            of_mentors = [dict.fromkeys(values(person), 1) for person in self.mentors]
            keys = {
                key: n for n, key in enumerate(sorted({key for each in (*of_mentees, *of_mentors) for key in each}))
            }
            self._lists[name] = Lists(table(of_mentees, keys), table(of_mentors, keys))
        return self._lists[name]

    def compatible(self, name: str, least: int) -> Lists:
        """What everybody has in this list, such that whoever filled in nothing shares `least` with everybody."""
        key = f"{name} {least}"
        if key not in self._lists:
            known = self.lists(name, lambda person: getattr(person, name))
            empty: list[Mask] = [np.logical_not(side.any(axis=1)) for side in (known.mentees, known.mentors)]
            more = [np.full(side.shape, least) for side in empty]
            self._lists[key] = Lists(
                np.column_stack((known.mentees, empty[0], more[0])).astype(np.float32),
                np.column_stack((known.mentors, more[1], empty[1])).astype(np.float32),
            )
        return self._lists[key]

    @cached_property
    def goals(self) -> Lists:
        """How much each mentee wants each goal, and what each mentor offers of it."""
        keys = {goal: place for place, goal in enumerate(sorted({goal for m in self.mentees for goal in m.goals}))}
        wanted = table([mentee.goals for mentee in self.mentees], keys)
        offered = np.minimum(table([mentor.offers for mentor in self.mentors], keys), STRONG)
        # A goal fit's numerator must be exact: floats of 32 bits hold whole numbers up to 2^24.
        exact = np.float32 if 100 * STRONG * wanted.sum(axis=1).max(initial=0) < 2**24 else np.float64
        return Lists(wanted.astype(exact), offered.astype(exact))

    def marks(self, pairs: Iterable[IdPair]) -> Marks:
        """These pairs of ids, each counting 1."""
        return self.numbered((mentee, mentor, 1) for mentee, mentor in set(pairs))

    def named(self, name: str) -> Marks:
        """The pairs in which either names the other in this list."""
        pairs = {(mentee.id, other) for mentee in self.mentees for other in getattr(mentee, name)}
        return self.marks(pairs | {(other, mentor.id) for mentor in self.mentors for other in getattr(mentor, name)})

    def numbered(self, pairs: Iterable[tuple[str, str, int]]) -> Marks:
        """These pairs of ids with their numbers, added up where a pair comes twice."""
        found = [(self.row[mentee] * self.size[1] + self.column[mentor], number) for mentee, mentor, number in pairs]
        if not found:
            return Marks(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int16))
        places, index = np.unique(np.array([place for place, _ in found], dtype=np.int64), return_inverse=True)
        numbers = np.zeros(len(places), dtype=np.int16)
        np.add.at(numbers, index, np.array([number for _, number in found], dtype=np.int16))
        return Marks(places, numbers)

    @cached_property
    def kept_pairs(self) -> Marks:
        """The pairs to keep on a re-run."""
        return self.marks(self.problem.keep)

    @cached_property
    def forbidden_pairs(self) -> Marks:
        """The pairs that the coordinator forbade."""
        return self.marks(self.problem.forbid)

    @cached_property
    def past_pairs(self) -> Marks:
        """The pairs of an earlier season."""
        return self.marks(self.problem.past)

    @cached_property
    def chained_pairs(self) -> Marks:
        """The pairs of which one is in the chain above the other."""
        return self.named("managers")

    @cached_property
    def avoided_pairs(self) -> Marks:
        """The pairs of which one asked not to be paired with the other."""
        return self.named("avoid")

    @cached_property
    def same_person_pairs(self) -> Marks:
        """Those who applied in both roles, with themselves."""
        return self.marks((mentee.id, mentee.id) for mentee in self.mentees if mentee.id in self.column)

    @cached_property
    def identities(self) -> tuple[Identity, ...]:
        """The dimensions on which anybody on either side asked to be matched."""
        found = []
        for dimension in DIMENSIONS:
            lists = self.lists(f"identity {dimension}", partial(_values, dimension))
            if lists.mentees.any() and lists.mentors.any():
                mentees = [MENTEE_WISH.get(person.match_on.get(dimension, 0), 0) for person in self.mentees]
                mentors = [MENTOR_WISH.get(person.match_on.get(dimension, 0), 0) for person in self.mentors]
                found.append(Identity(lists, np.array(mentees, dtype=np.int16), np.array(mentors, dtype=np.int16)))
        return tuple(found)

    @cached_property
    def favourite_pairs(self) -> Marks:
        """The pairs in which either is a favourite of the other, with what that is worth."""
        return self.numbered(
            [
                (mentee.id, favourite, worth)
                for mentee in self.mentees
                for favourite, worth in zip(mentee.favourites, FAVOURITE, strict=False)
            ]
            + [
                (favourite, mentor.id, worth)
                for mentor in self.mentors
                for favourite, worth in zip(mentor.favourites, FAVOURITE, strict=False)
            ]
        )

    @cached_property
    def digests(self) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
        """Per person: 64 bits from the published seed, the role and the id, for the lottery."""
        seed = self.problem.settings.seed
        return _digests(seed, self.mentees), _digests(seed, self.mentors)


def _values(dimension: str, person: Person) -> Sequence[str]:
    return person.identity.get(dimension, ())


def _digests(seed: str, people: Sequence[Person]) -> npt.NDArray[np.uint64]:
    texts = (canonical_json([seed, person.role, person.id]).encode("ascii") for person in people)
    digests = (hashlib.blake2b(text, digest_size=8).digest() for text in texts)
    return np.array([int.from_bytes(digest, "big") for digest in digests], dtype=np.uint64)
