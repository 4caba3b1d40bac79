"""A season as it is to be decided: its two sides, and what its pins and its people's standing leave open."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from matching.engine.problem import Problem
from matching.engine.reading import ProblemError
from matching.engine.rules import CODES, told
from matching.engine.sides import Sides
from matching.engine.tables import NOBODY, Mask, Whole
from matching.engine.views import Block, Listed, Strip

AT_ONCE = 640_000
"""Pairs in a block: as many as the processor's own memory holds the arrays of."""
REMEMBERED = 40_000_000
"""Up to so many pairs, what a solver reads again and again is kept, in 6 bytes a pair at most."""


class Season(Sides):
    """The sides of a problem with its pins. Raises ProblemError for a pin that a rule blocks without being waived."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self._memory: dict[str, npt.NDArray[Any]] = {}

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
            strip = Strip(self, start, min(start + height, mentees))
            self._recall(strip, slice(strip.start, strip.stop), slice(None))
            yield strip

    def blocks_of(self, rows: Whole, columns: Whole | None = None) -> Iterator[Block]:
        """All pairs of these mentees with these mentors (with all of them, if none are said), a block at a time."""
        every = columns is None
        columns = np.arange(self.size[1]) if columns is None else columns
        height = max(1, AT_ONCE // max(1, len(columns)))
        for start in range(0, len(rows), height):
            block = Block(self, rows[start : start + height], columns)
            self._recall(block, block.rows if every else block.rows[:, None], slice(None) if every else columns)
            yield block

    def remember(self) -> None:
        """Keep who may be paired, the fits and the scores of all pairs, if there is room for them."""
        if self._memory or self.size[0] * self.size[1] > REMEMBERED:
            return
        memory = {
            name: np.empty(self.size, dtype=bool if name == "allowed" else np.int16) for name in ("allowed", "fit")
        }
        memory["blind_score"] = np.empty(self.size, dtype=np.int16)
        memory["score"] = np.empty(self.size, dtype=np.int16) if self.identities else memory["blind_score"]
        for strip in self.strips():
            for name, table in memory.items():
                table[strip.start : strip.stop] = getattr(strip, name)
        self._memory = memory

    def _recall(self, block: Block, rows: slice | Whole, columns: slice | Whole) -> None:
        """Give a block what is remembered of its pairs, as if it had worked it out."""
        for name, table in self._memory.items():
            block.__dict__[name] = table[rows, columns]

    def open_to_any(self, rows: Whole) -> Mask:
        """Per mentor: whether the rules allow a pair with any of these mentees."""
        reached = np.zeros(self.size[1], dtype=bool)
        for block in self.blocks_of(rows):
            reached |= block.allowed.any(axis=0)
        return reached
