"""Seasons too large for one table: solved on few pairs, proved over all.

The best assignment uses few of the pairs that there are. So a tier is solved along some that are likely to be good;
the prices that prove it there are then held against every pair of the season, a block of the table at a time
(*pricing*). A pair worth more than its two prices joins the few, and the tier is solved again, until there is none:
then the prices prove the assignment over all pairs, just as in a small season.
"""

from collections.abc import Iterator

import numpy as np

from matching.engine.arcs import Arcs, best_along, prices_along
from matching.engine.assembly import Run, guard_works
from matching.engine.certificate import Demands, Guard, Prices, Proof
from matching.engine.ground import Ground
from matching.engine.season import Season
from matching.engine.tables import NOBODY, Mask, Points, Whole
from matching.engine.tiers import COMMON, KEEP, LOTTERY, OPEN_TO_IDENTITY, weights
from matching.engine.views import Block, Listed, Strip

FIRST = 12
"""The best pairs of every mentee and mentor are looked at first."""
DRAWN, SPREAD = 24, 4
"""So many pairs of everybody are drawn from all over the season, of which so many are looked at first, too."""
FEW = 40
"""Up to so many pairs of each mentee, on average, are few enough to take them all."""
JOIN = 8
"""At most so many pairs of a mentee join at a time."""


class Pricing:
    """Looks for pairs that are worth more than their prices, in one tier on the face of those settled before.

    The first look is at all pairs. After that a pair is worth looking at again only where one of its two prices fell,
    or where more pairs of its mentee were found than could join.
    """

    def __init__(self, ground: Ground, settled: tuple[Proof, ...]) -> None:
        self.ground, self.settled = ground, settled
        self.looked_at = 0
        self._known: Prices | None = None
        self._waiting: Mask = np.zeros(ground.season.size[0], dtype=bool)

    def face(self) -> Whole | None:
        """The places (row · mentors + column) of all pairs on the face of what is settled; None if they are many."""
        mentees, mentors = self.ground.season.size
        places = [np.zeros(0, dtype=np.int64)]
        found = 0
        for strip in self.ground.season.strips():
            self.looked_at += strip.shape[0] * strip.shape[1]
            rows, columns = np.nonzero(self.ground.among(strip, self.settled))
            places.append((rows + strip.start) * mentors + columns)
            found += len(rows)
            if found > FEW * mentees:
                return None
        return np.concatenate(places)

    def missing(self, proof: Proof) -> Whole:
        """The places (row · mentors + column) of pairs that must join; none if the prices hold everywhere."""
        found = [self._over(block, proof) for block in self._to_look_at(proof.prices)]
        self._known = proof.prices
        self._waiting = np.zeros_like(self._waiting)
        if not found:
            return np.zeros(0, dtype=np.int64)
        rows, columns, excess = (np.concatenate(each) for each in zip(*found, strict=True))
        joining_rows, joining_columns, _ = _largest(rows, columns, excess, JOIN)
        self._waiting = np.bincount(rows, minlength=len(self._waiting)) > JOIN
        places: Whole = joining_rows * self.ground.season.size[1] + joining_columns
        return places

    def _to_look_at(self, prices: Prices) -> Iterator[Block]:
        if self._known is None:
            yield from self.ground.season.strips()
            return
        rows = (prices.mentees < self._known.mentees) | self._waiting
        columns = prices.mentors < self._known.mentors
        yield from self.ground.season.blocks_of(np.nonzero(rows)[0])
        if columns.any():
            yield from self.ground.season.blocks_of(np.nonzero(~rows)[0], np.nonzero(columns)[0])

    def _over(self, block: Block, proof: Proof) -> tuple[Whole, Whole, Whole]:
        """Rows, columns and excess of this block's pairs that are worth more than their prices."""
        self.looked_at += block.shape[0] * block.shape[1]
        mask = self.ground.among(block, self.settled)
        if proof.tier != LOTTERY:
            mask &= proof.total(block) < proof.weights(block)
        places = np.nonzero(mask)
        rows, columns = block.rows[places[0]], block.columns[places[1]]
        pairs = Listed(self.ground.season, rows, columns)
        excess = proof.weights(pairs) - proof.total(pairs)
        over = excess > 0
        # One more of a mentee than may join tells that some had to wait; more would only take room.
        return _largest(rows[over], columns[over], excess[over], JOIN + 1)


def _largest(rows: Whole, columns: Whole, worth: Whole, most: int) -> tuple[Whole, Whole, Whole]:
    """Of these pairs at most so many of each mentee, those worth most."""
    order = np.lexsort((columns, -worth, rows))
    rows, columns, worth = rows[order], columns[order], worth[order]
    few = np.arange(len(rows)) - np.searchsorted(rows, rows) < most
    return rows[few], columns[few], worth[few]


def _anywhere(ground: Ground) -> Whole:
    """The places of a few pairs of everybody that are spread over the season, those above most cuts.

    Coverage is decided by who can be matched at all and above the cuts, not by scores, and people whose best pairs
    are all the same few need others: a few anywhere nearly always let all be matched.
    """
    season = ground.season
    mentees, mentors = season.size
    places = [np.zeros(0, dtype=np.int64)]
    for forwards, people, others in ((True, mentees, mentors), (False, mentors, mentees)):
        if not mentees or not mentors:
            break
        own = np.repeat(np.arange(people), DRAWN)
        # Steps of the golden ratio, begun elsewhere by everybody, lie apart however many there are.
        there = ((own * 0.754877666 + np.tile(np.arange(DRAWN), people) * 0.618033989) % 1 * others).astype(np.int64)
        pairs = Listed(season, *((own, there) if forwards else (there, own)))
        possible = ground.among(pairs)
        worth = np.searchsorted(np.sort(season.problem.settings.cuts), pairs.fit, side="right")
        few_own, few_there, _ = _largest(own[possible], there[possible], worth[possible], SPREAD)
        places.append(few_own * mentors + few_there if forwards else few_there * mentors + few_own)
    return np.concatenate(places)


def first_arcs(ground: Ground) -> Arcs:
    """The pairs with the best scores of every mentee and every mentor, those to keep, and a few anywhere."""
    season = ground.season
    mentors = season.size[1]
    places = [season.kept_pairs.places, _anywhere(ground)]
    best_of_mentors = np.full((FIRST, mentors), -1, dtype=np.int16), np.zeros((FIRST, mentors), dtype=np.int64)
    for strip in ground.season.strips():
        key = np.where(ground.among(strip), strip.score * np.int16(16) + _stagger(strip), np.int16(-1))
        few = min(FIRST, mentors)
        columns = np.argpartition(key, mentors - few, axis=1)[:, mentors - few :]
        real = np.take_along_axis(key, columns, axis=1) >= 0
        places.append((strip.rows[:, None] * mentors + columns)[real])
        keys = np.concatenate((best_of_mentors[0], key))
        rows = np.concatenate((best_of_mentors[1], np.broadcast_to(strip.rows[:, None], key.shape)))
        top = np.argpartition(keys, len(keys) - FIRST, axis=0)[-FIRST:]
        best_of_mentors = np.take_along_axis(keys, top, axis=0), np.take_along_axis(rows, top, axis=0)
    keys, rows = best_of_mentors
    places.append((rows * mentors + np.arange(mentors))[keys >= 0])
    return Arcs.of(season, np.concatenate(places))


def _stagger(strip: Strip) -> Points:
    """0 to 15: equal scores are many, and what differs from mentee to mentee keeps all from naming the same few."""
    mixed = strip.rows[:, None] * 104_729 + strip.columns[None, :] * 7_919
    return (mixed >> 4 & 15).astype(np.int16)


class WideSolver:
    """Settles the tiers of a season of any size; `looked_at` counts the pairs held against prices."""

    def __init__(self, season: Season) -> None:
        self.season = season
        self.looked_at = 0

    def run(self) -> Run:
        """Settle all tiers, those open to identity blind first where the quiet guard is at work."""
        season = self.season
        season.remember()
        ground = Ground(season)
        self._arcs = first_arcs(ground)
        nobody = np.full(season.size[0], NOBODY, dtype=np.int64)
        common, assignment, demands = self._settle(ground, Demands.none(season), (), COMMON, nobody)
        blind: Whole | None = None
        blind_proofs: tuple[Proof, ...] = ()
        if guard_works(season):
            blind_proofs, blind, _ = self._settle(ground, demands, common, OPEN_TO_IDENTITY, assignment, blind=True)
            guard = Guard.of(season, blind)
            ground, demands, assignment = Ground(season, guard), guard.demands(demands), blind
        proofs, assignment, _ = self._settle(ground, demands, common, OPEN_TO_IDENTITY, assignment)
        return Run(assignment, common + proofs, blind, blind_proofs)

    def _settle(
        self,
        ground: Ground,
        demands: Demands,
        settled: tuple[Proof, ...],
        tiers: tuple[str, ...],
        assignment: Whole,
        *,
        blind: bool = False,
    ) -> tuple[tuple[Proof, ...], Whole, Demands]:
        """Settle these tiers in order, after those settled: proofs, assignment, and the demands that are left."""
        proofs: tuple[Proof, ...] = ()
        for tier in tiers:
            proof, assignment = self._settle_one(ground, demands, settled + proofs, tier, assignment, blind)
            demands = demands.with_prices(proof.prices)
            proofs += (proof,)
        return proofs, assignment, demands

    def _settle_one(
        self,
        ground: Ground,
        demands: Demands,
        settled: tuple[Proof, ...],
        tier: str,
        assignment: Whole,
        blind: bool,
    ) -> tuple[Proof, Whole]:
        if tier == KEEP and not len(self.season.kept_pairs):
            return Proof(tier, blind, Prices(np.zeros_like(assignment), np.zeros_like(demands.places))), assignment
        pricing = Pricing(ground, settled)
        prices: Prices | None = None
        # Mostly few pairs are best in everything before the lottery: all are taken, and nothing is left to look for.
        everything = pricing.face() if tier == LOTTERY else None
        if everything is not None:
            self._arcs = self._arcs.joined(everything)
        while True:
            face = self._arcs.only(ground.among(self._arcs.view, settled))
            weight = weights(face.view, tier, blind=blind)
            assignment = best_along(face, weight, demands)
            prices = prices_along(face, weight, assignment, demands, prices)
            proof = Proof(tier, blind, prices)
            missing = pricing.missing(proof) if everything is None else everything[:0]
            if not len(missing):
                self.looked_at += pricing.looked_at
                return proof, assignment
            self._arcs = self._arcs.joined(missing)
