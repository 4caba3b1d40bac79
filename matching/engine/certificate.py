"""How a tier's optimum is proved, with numpy alone: prices that no assignment can beat.

A face is the set of assignments that are best in every tier so far. It is described by the pairs still
possible, the places, and who must be matched (mentees) or full (mentors) in all of them.

A certificate for weights w on a face is a price π_i per mentee and ρ_j per mentor, whole numbers with

    π_i + ρ_j ≥ w_ij on every possible pair,   π_i ≥ 0 and ρ_j ≥ 0 except where the face demands i or j,
    Σ π_i + Σ places_j · ρ_j = Σ w_ij over the pairs that were made.

Any assignment x on the face has Σ w·x ≤ Σ (π_i + ρ_j)·x ≤ Σ π + Σ places · ρ: nobody can do better than the
right-hand side, and the pairs made reach it. Where it is reached, both steps are equalities, so the best
assignments are exactly those that use only pairs with π_i + ρ_j = w_ij and leave nobody with a price other
than 0 unmatched or a place short of full: that is the next face. No solver is needed to check any of it.
"""

from dataclasses import dataclass

import numpy as np

from matching.engine.grid import Grid
from matching.engine.season import Season
from matching.engine.tables import NOBODY, Mask, Whole
from matching.engine.tiers import weights
from matching.engine.views import Listed, View

LARGEST_PRICE = 2**53
"""Prices beyond it are refused: sums of two stay exact in 64 bits, and no honest one comes near."""


TOO_CHEAP = "a possible pair is worth more than the prices of the two"


class VerificationError(Exception):
    """Something in a trace does not hold; its text is one line that says what."""


@dataclass(frozen=True)
class Prices:
    """One price per mentee and per mentor, in the grid's order."""

    mentees: Whole
    mentors: Whole

    def bound(self, places: Whole) -> int:
        """What no assignment on the face can exceed."""
        mentors = zip(self.mentors.tolist(), places.tolist(), strict=True)
        return int(sum(self.mentees.tolist()) + sum(price * count for price, count in mentors))


@dataclass(frozen=True)
class Proof:
    """A tier, whether it was settled blind to identity, and the prices that prove it."""

    tier: str
    blind: bool
    prices: Prices

    def weights(self, view: View) -> Whole:
        """What each pair is worth in this tier."""
        return weights(view, self.tier, blind=self.blind)

    def total(self, view: View) -> Whole:
        """The prices of each pair's two people."""
        total: Whole = view.of_mentees(self.prices.mentees) + view.of_mentors(self.prices.mentors)
        return total

    def value(self, season: Season, assignment: Whole) -> int:
        """The sum of the weights of the pairs made."""
        rows = np.nonzero(assignment != NOBODY)[0]
        return int(self.weights(Listed(season, rows, assignment[rows])).sum())


@dataclass(frozen=True)
class Demands:
    """Of whom a face demands what: mentees who must be matched, mentors whose `places` must all be taken."""

    must_match: Mask
    must_fill: Mask
    places: Whole

    @classmethod
    def none(cls, season: Season) -> "Demands":
        """Nobody must be matched or full."""
        mentees, mentors = (np.zeros(length, dtype=bool) for length in season.size)
        return cls(mentees, mentors, season.open_places)

    def check(self, assignment: Whole, stage: str) -> None:
        """Raise VerificationError unless this assignment meets them."""
        load = np.bincount(assignment[assignment != NOBODY], minlength=len(self.places))
        if (load > self.places).any():
            raise VerificationError(f"{stage}: a mentor has more mentees than places")
        if (self.must_match & (assignment == NOBODY)).any():
            raise VerificationError(f"{stage}: a mentee who must have a mentor has none")
        if (self.must_fill & (load < self.places)).any():
            raise VerificationError(f"{stage}: a mentor whose places must be taken has one free")

    def settled(self, stage: str, value: int, prices: Prices) -> "Demands":
        """Check all of a certificate but its pairs, for a sum of weights; return what the best assignments meet.

        Raises VerificationError naming the stage and the condition that does not hold.
        """
        if (prices.mentees[~self.must_match] < 0).any() or (prices.mentors[~self.must_fill] < 0).any():
            raise VerificationError(f"{stage}: a price is below zero where it may not be")
        if prices.mentors[self.places == 0].any():
            raise VerificationError(f"{stage}: a mentor without a place to give has a price")
        if prices.bound(self.places) != value:
            raise VerificationError(f"{stage}: the pairs do not reach the bound that the prices set")
        return self.with_prices(prices)

    def with_prices(self, prices: Prices) -> "Demands":
        """Also of those who have a price: every best assignment matches and fills them."""
        return Demands(self.must_match | (prices.mentees != 0), self.must_fill | (prices.mentors != 0), self.places)


@dataclass(frozen=True)
class Face:
    """The assignments that are best so far. Only undecided mentees and places are in it: pins are set apart."""

    possible: Mask
    demands: Demands

    @classmethod
    def whole(cls, grid: Grid) -> "Face":
        """Every assignment that the rules and the pins allow."""
        return cls(grid.open & (grid.open_places > 0), Demands.none(grid))

    def guarded(self, grid: Grid, guard: "Guard") -> "Face":
        """Without what would make a quiet mentee worse off than in the blind assignment."""
        return Face(self.possible & (grid.fit >= guard.floor[:, None]), guard.demands(self.demands))

    def check(self, assignment: Whole, stage: str) -> None:
        """Raise VerificationError unless this assignment lies on the face."""
        rows = np.nonzero(assignment != NOBODY)[0]
        if not self.possible[rows, assignment[rows]].all():
            raise VerificationError(f"{stage}: a pair is ruled out, or could not be part of a best result so far")
        self.demands.check(assignment, stage)

    def prove(self, stage: str, weight: Whole, assignment: Whole, prices: Prices) -> "Face":
        """Check that these prices prove this assignment best on the face, and return the face of all that are.

        Raises VerificationError naming the stage and the condition that does not hold.
        """
        self.check(assignment, stage)
        total = prices.mentees[:, None] + prices.mentors[None, :]
        if (self.possible & (total < weight)).any():
            raise VerificationError(f"{stage}: {TOO_CHEAP}")
        demands = self.demands.settled(stage, total_weight(weight, assignment), prices)
        return Face(self.possible & (total == weight), demands)


@dataclass(frozen=True)
class Guard:
    """What the quiet guard holds: quiet mentees who had a mentor in the blind assignment, and the goal fit there."""

    floor: Whole
    held: Mask

    @classmethod
    def of(cls, season: Season, blind: Whole) -> "Guard":
        """The guard of this blind assignment: the fit below which a mentee's pairs go, 0 for whom it doesn't hold."""
        held = season.quiet & (blind != NOBODY)
        floor = np.zeros(len(blind), dtype=np.int64)
        rows = np.nonzero(held)[0]
        floor[rows] = Listed(season, rows, blind[rows]).fit
        return cls(floor, held)

    def demands(self, before: Demands) -> Demands:
        """Whoever had a mentor there must have one here."""
        return Demands(before.must_match | self.held, before.must_fill, before.places)


def total_weight(weight: Whole, assignment: Whole) -> int:
    """The sum of the weights of the pairs made."""
    rows = np.nonzero(assignment != NOBODY)[0]
    return int(weight[rows, assignment[rows]].sum())
