"""A season as it is to be decided: its two sides, and what its pins and its people's standing leave open."""

from collections.abc import Iterator
from functools import cached_property

import numpy as np

from matching.engine.reading import ProblemError
from matching.engine.rules import CODES, told
from matching.engine.sides import Sides
from matching.engine.tables import NOBODY, Mask, Whole
from matching.engine.views import Block, Listed, Strip

AT_ONCE = 640_000
"""Pairs in a block: as many as the processor's own memory holds the arrays of."""


class Season(Sides):
    """The sides of a problem with its pins. Raises ProblemError for a pin that a rule blocks without being waived."""

    @cached_property
    def pinned(self) -> Whole:
        """Per mentee: the column of the mentor they are pinned to, or NOBODY."""
        pinned = np.full(self.size[0], NOBODY, dtype=np.int64)
        pins = self.problem.pins
        rows = np.array([self.row[pin.mentee] for pin in pins], dtype=np.int64)
        columns = np.array([self.column[pin.mentor] for pin in pins], dtype=np.int64)
        blocks = Listed(self, rows, columns).blocks
        for place, pin in enumerate(pins):
            for code in pin.waived:
                if code not in CODES or not CODES[code].waivable:
                    raise ProblemError(f"{pin}: waived: names what is not a rule that can be waived")
            broken = [code for code, mask in blocks.items() if mask[place] and code not in pin.waived]
            if broken:
                raise ProblemError(f"{pin}: mentor: is ruled out by {', '.join(told(broken))}")
        pinned[rows] = columns
        return pinned

    @cached_property
    def open_places(self) -> Whole:
        """Per mentor: places left when the pins have taken theirs, at most as many as mentees are left."""
        taken = np.bincount(self.pinned[self.pinned != NOBODY], minlength=self.size[1])
        left: Whole = np.minimum(self.places - taken, int((self.pinned == NOBODY).sum()))
        return left

    def strips(self) -> Iterator[Strip]:
        """The whole season, a strip at a time."""
        mentees, mentors = self.size
        height = max(1, AT_ONCE // max(1, mentors))
        for start in range(0, mentees, height):
            yield Strip(self, start, min(start + height, mentees))

    def blocks_of(self, rows: Whole, columns: Whole | None = None) -> Iterator[Block]:
        """All pairs of these mentees with these mentors (with all of them, if none are said), a block at a time."""
        columns = np.arange(self.size[1]) if columns is None else columns
        height = max(1, AT_ONCE // max(1, len(columns)))
        for start in range(0, len(rows), height):
            yield Block(self, rows[start : start + height], columns)

    def open_to_any(self, rows: Whole) -> Mask:
        """Per mentor: whether the rules allow a pair with any of these mentees."""
        reached = np.zeros(self.size[1], dtype=bool)
        for block in self.blocks_of(rows):
            reached |= block.allowed.any(axis=0)
        return reached
