"""What else could be: the cheapest way to make room at a mentor, in all tiers.

Somebody who is to come to mentor X displaces one of X's mentees, who goes to Y and displaces another, and so on until
a place is free: the place that the newcomer left, another free one, or none, so that the last one is left without a
mentor. Each step costs what the pair lacks to its two prices; by the certificates that is never below zero in the
first tier in which it is not zero. So the cheapest chain is a shortest path, and Dijkstra's algorithm finds, from its
end backwards, the cheapest chains from all mentors, comparing costs tier by tier.

Being without a mentor is treated as one more mentor, *outside*: whoever has none is there, and so is an empty chair,
which may take a place as well, and leaves it idle.
"""

from bisect import insort
from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np

from matching.engine.certificate import Proof
from matching.engine.grid import Grid
from matching.engine.ground import Ground
from matching.engine.tables import NOBODY, Mask, Whole
from matching.engine.views import Block, Strip, View

FAR = 2**62
"""Farther than any chain in the first tier: no chain."""
ROOM = -1
"""Who is displaced where a place is free."""

Cost = tuple[int, ...]
"""A cost in every tier, compared one after the other."""
Step = tuple[int, int]
"""A mentee's row and the column that they go to, NOBODY for outside."""


class Costs:
    """Costs in every tier, of many: `tiers` has an array per tier."""

    def __init__(self, tiers: Sequence[Whole]) -> None:
        self.tiers = tuple(tiers)

    @classmethod
    def far(cls, movers: int, tiers: int) -> "Costs":
        """Of so many, whom no chain reaches yet."""
        return cls([np.full(movers, FAR if number == 0 else 0) for number in range(tiers)])

    def plus(self, cost: Cost) -> "Costs":
        """Each of them with this added."""
        return Costs([tier + more for tier, more in zip(self.tiers, cost, strict=True)])

    def below(self, other: "Costs") -> Mask:
        """Where these are less than the others."""
        less: Mask = np.zeros(self.tiers[0].shape, dtype=bool)
        for mine, theirs in zip(reversed(self.tiers), reversed(other.tiers), strict=True):
            less = (mine < theirs) | ((mine == theirs) & less)
        return less

    def take(self, other: "Costs", where: Mask) -> None:
        """Become the others where it is said."""
        for mine, theirs in zip(self.tiers, other.tiers, strict=True):
            mine[where] = theirs[where]

    def least(self, among: Whole) -> int:
        """The first of the least among these."""
        for tier in self.tiers:
            values = tier[among]
            among = among[values == values.min()]
            if len(among) == 1:
                break
        return int(among[0])

    def at(self, place: int) -> Cost:
        """One of them."""
        return tuple(int(tier[place]) for tier in self.tiers)


class Residual:
    """A solved season to ask what else could be: an assignment that is proved best in every tier."""

    def __init__(self, ground: Ground, assignment: Whole, proofs: tuple[Proof, ...]) -> None:
        self.ground, self.season = ground, ground.season
        self.assignment, self.proofs = assignment, proofs
        self.outside = self.season.size[1]
        load = np.bincount(assignment[assignment != NOBODY], minlength=self.outside)
        self.with_room = np.nonzero(load < self.season.open_places)[0].tolist()
        self.everybody = np.arange(self.season.size[0])
        # The empty chair comes after all mentees.
        self.at = np.append(np.where(assignment == NOBODY, self.outside, assignment), self.outside)

    def lacking(self, column: int) -> Costs:
        """Per mentee: what a pair with this mentor lacks to the prices of the two."""
        if isinstance(self.season, Grid):
            return Costs([tier[:, column] for tier in self._table])
        return Costs([tier[:, 0] for tier in self._lacking(Block(self.season, self.everybody, np.array([column])))])

    @cached_property
    def _table(self) -> list[Whole]:
        """What every pair lacks, per tier, where the season is one table; a column is read faster than it is made."""
        return [np.asfortranarray(tier) for tier in self._lacking(next(self.season.strips()))]

    def _lacking(self, view: View) -> list[Whole]:
        costs = [proof.total(view) - proof.weights(view) for proof in self.proofs]
        costs[0] = np.where(self.ground.among(view), costs[0], FAR)
        return costs

    def going(self, row: int) -> Costs:
        """What it costs that this mentee comes to each mentor, and last outside."""
        if isinstance(self.season, Grid):
            pairs = [tier[row] for tier in self._table]
        else:
            pairs = [tier[0] for tier in self._lacking(Strip(self.season, row, row + 1))]
        outside = [int(proof.prices.mentees[row]) for proof in self.proofs]
        if self.ground.guard is not None and self.ground.guard.held[row]:
            outside[0] = FAR
        return Costs([np.append(tier, more) for tier, more in zip(pairs, outside, strict=True)])

    def coming(self, column: int) -> Costs:
        """What it costs that each mentee, or the empty chair, comes to this mentor or outside."""
        if column == self.outside:
            costs = [np.append(proof.prices.mentees, 0) for proof in self.proofs]
            if self.ground.guard is not None:
                costs[0][:-1][self.ground.guard.held] = FAR
            costs[0][-1] = FAR
            return Costs(costs)
        idle = [int(proof.prices.mentors[column]) for proof in self.proofs]
        return Costs([np.append(tier, more) for tier, more in zip(self.lacking(column).tiers, idle, strict=True)])

    @cached_property
    def free(self) -> tuple[Costs, Whole]:
        """What it costs that each mentee, or the empty chair, comes to their best free place, and where that is."""
        movers = len(self.at)
        best = Costs.far(movers, len(self.proofs))
        where = np.full(movers, NOBODY)
        for column in self.with_room:
            coming = self.coming(column)
            nearer = coming.below(best)
            best.take(coming, nearer)
            where[nearer] = column
        return best, where

    def chains(self, mentee: int) -> "Chains":
        """The cheapest chains that end at the place of this mentee, who is taken out of the season."""
        return Chains(self, mentee)


class Chains:
    """The cheapest chains to the place of one mentee, found as far as they are asked for, the cheapest first.

    `room[x]` is what it costs to make room at mentor x, or outside; `displaced[x]` is whom it displaces.
    """

    def __init__(self, residual: Residual, mentee: int) -> None:
        self.residual, self.mentee = residual, mentee
        self.end = int(residual.at[mentee])
        movers = len(residual.at)
        self.room: dict[int, Cost] = {}
        self._order: list[int] = []
        self.displaced: dict[int, int] = {}
        self._costs = Costs.far(movers, len(residual.proofs))
        self._goes_to = np.full(movers, NOBODY)
        self._left: Mask = np.ones(movers, dtype=bool)
        # Pinned mentees are in no chain.
        self._left[:-1] = residual.season.pinned == NOBODY
        self._left[mentee] = False
        self._settle(self.end, (0,) * len(residual.proofs))

    def reach(self, column: int) -> Cost | None:
        """What it costs to make room at this mentor or outside; None if nothing does."""
        while column not in self.room and self._next():
            pass
        return self.room.get(column)

    def nearest(self) -> Iterator[tuple[int, Cost]]:
        """Every mentor at whom room can be made, and outside, with what it costs, the cheapest first."""
        told = 0
        while told < len(self._order) or self._next():
            column = self._order[told]
            yield column, self.room[column]
            told += 1

    def best(self, costs: Costs, *, but: int, most: int = 1) -> list[int]:
        """The mentors, or outside, to whom coming at these costs and making room is cheapest; `but` is left out."""
        found: list[tuple[Cost, int]] = []
        for column, room in self.nearest():
            if len(found) >= most and found[most - 1][0] <= room:
                break
            own = costs.at(column)
            if column != but and own[0] < FAR:
                insort(found, (tuple(a + b for a, b in zip(own, room, strict=True)), column))
        return [column for _cost, column in found[:most]]

    def _next(self) -> bool:
        """Settle one more mentor, the cheapest to make room at; False if there is none."""
        among = np.nonzero(self._left)[0]
        if not len(among):
            return False
        mover = self._costs.least(among)
        cost = self._costs.at(mover)
        if cost[0] >= FAR:
            return False
        column = int(self.residual.at[mover])
        self.displaced[column] = mover
        self._settle(column, cost)
        return True

    def steps(self, column: int) -> Iterator[Step]:
        """Who goes where when room is made at this mentor or outside, which is settled."""
        while column != self.end:
            mover = self.displaced[column]
            column = self.residual.outside if mover == ROOM else int(self._goes_to[mover])
            if 0 <= mover < self.residual.season.size[0]:
                yield mover, NOBODY if column == self.residual.outside else column

    def _settle(self, column: int, cost: Cost) -> None:
        self.room[column] = cost
        self._order.append(column)
        self._left &= self.residual.at != column
        self._nearer(self.residual.coming(column).plus(cost), column)
        if column == self.residual.outside:
            # Who comes to a free place displaces nobody, and the place at the end stays what it is outside.
            costs, where = self.residual.free
            for free in self.residual.with_room:
                if free not in self.room:
                    self.room[free], self.displaced[free] = cost, ROOM
                    self._order.append(free)
                    self._left &= self.residual.at != free
            self._nearer(costs.plus(cost), where)

    def _nearer(self, coming: Costs, where: Whole | int) -> None:
        nearer = coming.below(self._costs)
        self._costs.take(coming, nearer)
        self._goes_to[nearer] = where if isinstance(where, int) else where[nearer]
