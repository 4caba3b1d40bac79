"""The season as one table of mentees × mentors, where there is room for it.

Everything here follows from the problem alone, so the solver and the verifier build the same table independently.
"""

from collections.abc import Iterator
from functools import cached_property

import numpy as np

from matching.engine.problem import Problem
from matching.engine.season import Season
from matching.engine.tables import NOBODY, Mask, Whole
from matching.engine.views import Strip

TABLE = 600 * 600
"""As many pairs are held as one table; beyond, few pairs at a time are the faster way too."""


class Grid(Season, Strip):
    """A season that is one strip of its own. Making one does no work.

    Raises ProblemError for a pin that a rule blocks without being waived.
    """

    def __init__(self, problem: Problem) -> None:
        Season.__init__(self, problem)
        Strip.__init__(self, self, 0, self.size[0])

    @cached_property
    def open(self) -> Mask:
        """The pairs left to decide: allowed, and the mentee is not pinned."""
        left: Mask = self.allowed.copy()
        left[self.pinned != NOBODY] = False
        return left

    def strips(self) -> Iterator[Strip]:
        """This one."""
        yield self

    def open_to_any(self, rows: Whole) -> Mask:
        """Per mentor: whether the rules allow a pair with any of these mentees."""
        reached: Mask = np.logical_or.reduce(self.allowed[rows], axis=0)
        return reached


def open_season(problem: Problem) -> Season:
    """The season, as one table if there is room for it."""
    return Grid(problem) if len(problem.mentees) * len(problem.mentors) <= TABLE else Season(problem)


def blocked(problem: Problem, mentee_id: str, mentor_id: str) -> tuple[str, ...]:
    """The codes of every rule that keeps these two apart, private ones by their own name; empty if none does.

    Pins are not looked at. Raises KeyError for an id that nobody has. Show people `told(...)` of it, never itself.
    """
    grid = Grid(problem.between(mentee_id, mentor_id))
    return tuple(code for code, mask in grid.blocks.items() if mask[0, 0])
