"""The season as a table of mentees × mentors: who may be paired, how good each pair is, and what is left to decide.

Everything here follows from the problem alone, so the solver and the verifier build the same table independently.
"""

from functools import cached_property

import numpy as np

from matching.engine import scoring
from matching.engine.problem import Problem
from matching.engine.reading import ProblemError
from matching.engine.rules import CODES, RULES, told
from matching.engine.sides import Sides
from matching.engine.tables import NOBODY, Mask, Whole


class Grid(Sides):
    """A problem's arrays. Making one does no work; each array is computed when it is first asked for.

    Raises ProblemError for a pin that a rule blocks without being waived.
    """

    @cached_property
    def blocks(self) -> dict[str, Mask]:
        """Per rule code, in the order of the rules: the pairs that it keeps apart."""
        return {rule.code: rule.blocks(self) for rule in RULES}

    @cached_property
    def allowed(self) -> Mask:
        """The pairs that no rule keeps apart."""
        allowed = np.ones(self.shape, dtype=bool)
        for mask in self.blocks.values():
            if mask is not self.nobody:
                allowed &= ~mask
        return allowed

    @cached_property
    def pinned(self) -> Whole:
        """Per mentee: the column of the mentor they are pinned to, or NOBODY."""
        pinned = np.full(self.shape[0], NOBODY, dtype=np.int64)
        for pin in self.problem.pins:
            row, column = self.row[pin.mentee], self.column[pin.mentor]
            for code in pin.waived:
                if code not in CODES or not CODES[code].waivable:
                    raise ProblemError(f"{pin}: waived: names what is not a rule that can be waived")
            broken = [code for code, mask in self.blocks.items() if mask[row, column] and code not in pin.waived]
            if broken:
                raise ProblemError(f"{pin}: mentor: is ruled out by {', '.join(told(broken))}")
            pinned[row] = column
        return pinned

    @cached_property
    def open(self) -> Mask:
        """The pairs left to decide: allowed, and the mentee is not pinned."""
        undecided: Mask = self.pinned == NOBODY
        return self.allowed & undecided[:, None]

    @cached_property
    def open_places(self) -> Whole:
        """Per mentor: places left when the pins have taken theirs, at most as many as mentees are left."""
        taken = np.bincount(self.pinned[self.pinned != NOBODY], minlength=self.shape[1])
        left: Whole = np.minimum(self.places - taken, int((self.pinned == NOBODY).sum()))
        return left

    @cached_property
    def quiet(self) -> Mask:
        """Per mentee: asked for no match on identity."""
        return np.array([mentee.quiet for mentee in self.mentees], dtype=np.bool_)

    @cached_property
    def priority(self) -> Mask:
        """Per mentee: was left without a mentor last season."""
        return np.array([mentee.priority for mentee in self.mentees], dtype=bool)

    @cached_property
    def kept(self) -> Mask:
        """The pairs to keep on a re-run."""
        return self.pairs_mask(self.problem.keep)

    @cached_property
    def fit(self) -> Whole:
        """Goal fit, 0..100."""
        return scoring.goal_fit(self)

    @cached_property
    def identity(self) -> Whole:
        """Points for identity shared where both asked, 0..200."""
        return scoring.identity(self)

    @cached_property
    def preference(self) -> Whole:
        """Points for favourites, 0..200."""
        return scoring.preference(self)

    @cached_property
    def score(self) -> Whole:
        """The whole score, 0..1000."""
        return self.blind_score + self.identity

    @cached_property
    def blind_score(self) -> Whole:
        """The score of one who cannot see identity."""
        return scoring.FIT_WEIGHT * self.fit + self.preference

    @cached_property
    def ticket(self) -> Whole:
        """Lottery tickets, 0 to 2^20 − 1."""
        return scoring.lottery(self)


def blocked(problem: Problem, mentee_id: str, mentor_id: str) -> tuple[str, ...]:
    """The codes of every rule that keeps these two apart, private ones by their own name; empty if none does.

    Pins are not looked at. Raises KeyError for an id that nobody has. Show people `told(...)` of it, never itself.
    """
    grid = Grid(problem.between(mentee_id, mentor_id))
    return tuple(code for code, mask in grid.blocks.items() if mask[0, 0])
