"""Pairs to look at, whichever they are: who may be paired, how good each pair is.

A view is a number of pairs of one season: a `Block` is all pairs of some mentees with some mentors, a `Strip` one
that lies in one piece, `Listed` any list of pairs. Rules and scores are written once, over any of them. Each array
is worked out when it is first asked for, and has the view's shape: mentees × mentors, or a number per listed pair.
"""

from functools import cached_property

import numpy as np

from matching.engine import rules, scoring
from matching.engine.pairs import Pairs
from matching.engine.sides import Lists, Marks, Sides
from matching.engine.tables import NOBODY, Counts, Mask, Points, Values, Whole


class View(Pairs):
    """Some pairs of a season, each array worked out when it is first asked for."""

    @cached_property
    def blocks(self) -> dict[str, Mask]:
        """Per rule code, in the order of the rules: the pairs that it keeps apart."""
        return {rule.code: rule.blocks(self) for rule in rules.RULES}

    @cached_property
    def allowed(self) -> Mask:
        """The pairs that no rule keeps apart."""
        allowed = np.ones(self.shape, dtype=bool)
        for mask in self.blocks.values():
            if mask is not self.nobody:
                allowed &= ~mask
        return allowed

    @cached_property
    def kept(self) -> Mask:
        """The pairs to keep on a re-run."""
        return self.marked(self.sides.kept_pairs)

    @cached_property
    def fit(self) -> Points:
        """Goal fit, 0..100."""
        return scoring.goal_fit(self)

    @cached_property
    def identity(self) -> Points:
        """Points for identity shared where both asked, 0..200."""
        return scoring.identity(self)

    @cached_property
    def preference(self) -> Points:
        """Points for favourites, 0..200."""
        return scoring.preference(self)

    @cached_property
    def score(self) -> Points:
        """The whole score, 0..1000."""
        return self.blind_score + self.identity

    @cached_property
    def blind_score(self) -> Points:
        """The score of one who cannot see identity."""
        return scoring.FIT_WEIGHT * self.fit + self.preference

    @cached_property
    def ticket(self) -> Whole:
        """Lottery tickets, 0 to 2^20 − 1."""
        return scoring.lottery(self)


class Block(View):
    """All pairs of some mentees with some mentors: `rows` and `columns` say which, each once."""

    def __init__(self, sides: Sides, rows: Whole, columns: Whole) -> None:
        super().__init__(sides, (len(rows), len(columns)))
        self.rows, self.columns = rows, columns

    def of_mentees(self, values: Values) -> Values:
        return values[self.rows, None]

    def of_mentors(self, values: Values) -> Values:
        return values[None, self.columns]

    def dot(self, lists: Lists) -> Counts:
        product: Counts = lists.mentees[self.rows] @ lists.mentors[self.columns].T
        return product

    def numbers(self, marks: Marks) -> Points:
        cells = np.zeros(self.shape, dtype=np.int16)
        row, column = (np.full(length, NOBODY) for length in self.sides.size)
        row[self.rows], column[self.columns] = (np.arange(length) for length in self.shape)
        rows, columns = row[marks.places // self.sides.size[1]], column[marks.places % self.sides.size[1]]
        here = (rows != NOBODY) & (columns != NOBODY)
        cells[rows[here], columns[here]] = marks.numbers[here]
        return cells


class Strip(Block):
    """All pairs of the mentees from `start` to `stop` (not included): a block that lies in one piece."""

    def __init__(self, sides: Sides, start: int, stop: int) -> None:
        super().__init__(sides, np.arange(start, stop), np.arange(sides.size[1]))
        self.start, self.stop = start, stop

    def of_mentees(self, values: Values) -> Values:
        return values[self.start : self.stop, None]

    def of_mentors(self, values: Values) -> Values:
        return values[None, :]

    def dot(self, lists: Lists) -> Counts:
        product: Counts = lists.mentees[self.start : self.stop] @ lists.mentors.T
        return product

    def numbers(self, marks: Marks) -> Points:
        cells = np.zeros(self.shape, dtype=np.int16)
        first, last = self._span(marks)
        cells.ravel()[marks.places[first:last] - self.start * self.shape[1]] = marks.numbers[first:last]
        return cells

    def marked(self, marks: Marks) -> Mask:
        first, last = self._span(marks)
        return super().marked(marks) if last > first else self.nobody

    def _span(self, marks: Marks) -> tuple[int, int]:
        """Where the marks of this strip begin and end."""
        first, last = np.searchsorted(marks.places, (self.start * self.shape[1], self.stop * self.shape[1]))
        return int(first), int(last)


class Listed(View):
    """Any pairs: `rows` and `columns` are as long as there are pairs."""

    def __init__(self, sides: Sides, rows: Whole, columns: Whole) -> None:
        super().__init__(sides, rows.shape)
        self.rows, self.columns = rows, columns

    def of_mentees(self, values: Values) -> Values:
        return values[self.rows]

    def of_mentors(self, values: Values) -> Values:
        return values[self.columns]

    def dot(self, lists: Lists) -> Counts:
        product: Counts = np.einsum("ij,ij->i", lists.mentees[self.rows], lists.mentors[self.columns])
        return product

    def numbers(self, marks: Marks) -> Points:
        if not len(marks):
            return np.zeros(self.shape, dtype=np.int16)
        wanted = self.rows * self.sides.size[1] + self.columns
        found = np.minimum(np.searchsorted(marks.places, wanted), len(marks) - 1)
        return np.where(marks.places[found] == wanted, marks.numbers[found], 0).astype(np.int16)
