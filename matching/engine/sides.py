"""The two sides of a season: mentees as rows, mentors as columns, and what they name or have in common as masks."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

import numpy as np

from matching.engine.people import Person
from matching.engine.problem import IdPair, Problem
from matching.engine.tables import Counts, Mask, Whole, table


class Sides:
    """The people of a problem, both sides sorted by id. Rules and scores are made of it; `Grid` adds them."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.mentees = problem.mentees
        self.mentors = problem.mentors
        self.shape = (len(self.mentees), len(self.mentors))
        self.row = {mentee.id: row for row, mentee in enumerate(self.mentees)}
        self.column = {mentor.id: column for column, mentor in enumerate(self.mentors)}

    @cached_property
    def places(self) -> Whole:
        """Per mentor: the mentees they can take, at most as many as there are."""
        return np.array([min(mentor.capacity, self.shape[0]) for mentor in self.mentors], dtype=np.int64)

    @cached_property
    def nobody(self) -> Mask:
        """The mask of a rule that the season does not have."""
        return np.zeros(self.shape, dtype=bool)

    def pairs_mask(self, pairs: Iterable[IdPair]) -> Mask:
        """The mask of these pairs of ids."""
        places = [(self.row[mentee], self.column[mentor]) for mentee, mentor in pairs]
        if not places:
            return self.nobody
        mask = np.zeros(self.shape, dtype=bool)
        rows, columns = zip(*places, strict=True)
        mask[list(rows), list(columns)] = True
        return mask

    def named_mask(self, name: str) -> Mask:
        """The pairs in which either names the other in this list."""
        pairs = [(mentee.id, other) for mentee in self.mentees for other in getattr(mentee, name)]
        pairs += [(other, mentor.id) for mentor in self.mentors for other in getattr(mentor, name)]
        return self.pairs_mask(pairs)

    def shared(self, values: Callable[[Person], Sequence[str]]) -> tuple[Counts, Mask]:
        """How many of these values each pair has in common, and the pairs in which both have any."""
        of_mentees = [values(person) for person in self.mentees]
        of_mentors = [values(person) for person in self.mentors]
        keys = {key: place for place, key in enumerate(sorted({k for v in (*of_mentees, *of_mentors) for k in v}))}
        left = table([dict.fromkeys(each, 1) for each in of_mentees], keys)
        right = table([dict.fromkeys(each, 1) for each in of_mentors], keys)
        some_left: Mask = left.sum(axis=1) > 0
        some_right: Mask = right.sum(axis=1) > 0
        return left @ right.T, some_left[:, None] & some_right

    def fewer_shared(self, name: str, least: int) -> Mask:
        """The pairs in which both fill this list and have fewer than `least` entries in common."""
        if least <= 0:
            return self.nobody
        count, both = self.shared(lambda person: getattr(person, name))
        fewer: Mask = (count < least) & both
        return fewer
