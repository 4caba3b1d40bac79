"""Some of a season's pairs, as arcs of a graph: the best assignment along them, and the prices that prove it there.

Large seasons are solved on few pairs that are likely to be good (`wide`); this is what is done on those few. Arcs are
sorted by mentee, each pair once. Prices come from shortest paths in the residual graph, as in `duals`, along arcs.
"""

from dataclasses import dataclass

import numpy as np

from matching.engine.certificate import Demands, Prices
from matching.engine.season import Season
from matching.engine.tables import NOBODY, Mask, Whole
from matching.engine.views import Listed


@dataclass(frozen=True)
class Arcs:
    """Pairs by `rows` and `columns`, sorted."""

    season: Season
    rows: Whole
    columns: Whole

    @classmethod
    def of(cls, season: Season, places: Whole) -> "Arcs":
        """The arcs at these places (row · mentors + column), in any order and however often."""
        places = np.unique(places)
        return cls(season, places // season.size[1], places % season.size[1])

    @property
    def places(self) -> Whole:
        """Per arc: row · mentors + column."""
        return self.rows * self.season.size[1] + self.columns

    def joined(self, more: Whole) -> "Arcs":
        """These arcs and those at these places."""
        return Arcs.of(self.season, np.concatenate((self.places, more)))

    @property
    def view(self) -> Listed:
        """These pairs, to read rules and scores of."""
        return Listed(self.season, self.rows, self.columns)

    def only(self, which: Mask) -> "Arcs":
        """Some of these arcs."""
        return Arcs(self.season, self.rows[which], self.columns[which])


def best_along(arcs: Arcs, weight: Whole, demands: Demands) -> Whole:
    """The assignment along these arcs with the largest sum of weights, all at least 0, that meets the demands.

    One that does must exist. scipy's sparse solver wants everybody matched at costs other than 0: every mentee has a
    place of their own for being left out, and costs are counted down from one more than the largest value.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    season, places = arcs.season, demands.places
    most_pairs = min(season.size[0], int(places.sum()))
    bonus = 1 + most_pairs * int(weight.max(initial=0))
    value = weight + bonus * (demands.must_match[arcs.rows].astype(np.int64) + demands.must_fill[arcs.columns])
    first_place = np.concatenate(([0], np.cumsum(places)))
    owner = np.repeat(np.arange(len(places)), places)
    times = places[arcs.columns]
    each = np.repeat(np.arange(len(value)), times)
    nth = np.arange(len(each)) - np.repeat(np.cumsum(times) - times, times)
    rows, columns = arcs.rows[each], first_place[arcs.columns[each]] + nth
    out = np.arange(season.size[0])
    dearest = 1 + int(value.max(initial=0))
    cost = np.concatenate((dearest - value[each], np.full(len(out), dearest))).astype(np.float64)
    ends = np.concatenate((rows, out)), np.concatenate((columns, len(owner) + out))
    graph = csr_array((cost, ends), shape=(len(out), len(owner) + len(out)))
    matched, taken = min_weight_full_bipartite_matching(graph)
    assignment = np.full(len(out), NOBODY, dtype=np.int64)
    assignment[matched] = np.concatenate((owner, np.full(len(out), NOBODY)))[taken]
    return assignment


def prices_along(arcs: Arcs, weight: Whole, assignment: Whole, demands: Demands, start: Prices | None) -> Prices:
    """Prices that prove this assignment best along these arcs, found the faster the closer `start` is to them."""
    mentees, mentors = arcs.season.size
    begins = np.searchsorted(arcs.rows, np.arange(mentees + 1))
    matched = np.nonzero(assignment != NOBODY)[0]
    partner = assignment[matched]
    at = np.searchsorted(arcs.places, matched * mentors + partner)
    paid = weight[at]
    idle = assignment == NOBODY
    may_leave = ~demands.must_match
    has_room = np.bincount(partner, minlength=mentors) < demands.places
    if start is None:
        y, z = np.zeros(mentees, dtype=np.int64), np.zeros(mentors, dtype=np.int64)
        y[matched] = paid
    else:
        y, z = start.mentees.copy(), -start.mentors
    source = 0
    fell: Mask = np.ones(mentees, dtype=bool)
    for _ in range(2 * (mentees + mentors) + 4):
        before_y, before_z, before_source = y.copy(), z.copy(), source
        rows = np.nonzero(fell)[0]
        if len(rows):
            lengths = begins[rows + 1] - begins[rows]
            index = np.repeat(begins[rows] - (np.cumsum(lengths) - lengths), lengths) + np.arange(int(lengths.sum()))
            np.minimum.at(z, arcs.columns[index], y[arcs.rows[index]] - weight[index])
        y[matched] = np.minimum(y[matched], z[partner] + paid)
        source = min(
            source,
            int(z.min(where=has_room, initial=source)),
            int(y.min(where=may_leave, initial=source)),
        )
        z = np.where(demands.must_fill, z, np.minimum(z, source))
        y = np.where(idle, np.minimum(y, source), y)
        fell = y < before_y
        if not fell.any() and source == before_source and (z == before_z).all():
            return Prices(y - source, source - z)
    raise RuntimeError("the assignment is not best along these arcs: its residual graph has a negative cycle")
