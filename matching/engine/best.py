"""The best assignment on a face, by scipy's two exact solvers: one for full tables, one for those with many gaps.

Both give every mentee a place or leave them out, at whole-number values below 2^53, where floats are exact. Whoever
must be matched or filled earns a bonus larger than any sum of weights, so that the best assignment meets every such
demand if any does. scipy is imported only when it is needed.
"""

import numpy as np

from matching.engine.certificate import Face
from matching.engine.tables import NOBODY, Whole

SPARSE = 0.2
"""Below this share of possible pairs the sparse solver is the faster one."""
SMALL = 10_000
"""Tables of no more pairs than this are solved as they are: building a sparse one takes longer."""


def best_assignment(face: Face, weight: Whole) -> Whole:
    """An assignment on the face with the largest sum of weights, which are all at least 0."""
    most_pairs = min(len(face.demands.must_match), int(face.demands.places.sum()))
    bonus = 1 + most_pairs * int(np.max(weight, where=face.possible, initial=0))
    value = weight + bonus * (face.demands.must_match[:, None].astype(np.int64) + face.demands.must_fill[None, :])
    if face.possible.size > SMALL and np.count_nonzero(face.possible) < SPARSE * face.possible.size:
        return sparse(face, value)
    return dense(face, value)


def dense(face: Face, value: Whole) -> Whole:
    """Assign mentees to places in one full table; a pair that is not possible is worth as much as being left out."""
    from scipy.optimize import linear_sum_assignment

    owner = np.repeat(np.arange(len(face.demands.places)), face.demands.places)
    table = np.where(face.possible, value, 0).astype(np.float64)
    rows, places = linear_sum_assignment(table[:, owner], maximize=True)
    columns = owner[places]
    made = face.possible[rows, columns]
    assignment = np.full(len(face.demands.must_match), NOBODY, dtype=np.int64)
    assignment[rows[made]] = columns[made]
    return assignment


def sparse(face: Face, value: Whole) -> Whole:
    """Assign mentees to places along the possible pairs alone.

    The solver wants everybody matched at costs other than 0, and adds up pairs said twice. So every mentee has a
    place of their own for being left out, costs are counted down from one more than the largest value, and every
    place of a mentor is a column by itself.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    mentees = len(face.demands.must_match)
    owner = np.repeat(np.arange(len(face.demands.places)), face.demands.places)
    rows, places = np.nonzero(face.possible[:, owner])
    worth = value[rows, owner[places]]
    out = np.arange(mentees)
    dearest = 1 + int(worth.max(initial=0))
    cost = np.concatenate((dearest - worth, np.full(mentees, dearest))).astype(np.float64)
    ends = np.concatenate((rows, out)), np.concatenate((places, len(owner) + out))
    graph = csr_array((cost, ends), shape=(mentees, len(owner) + mentees))
    matched, taken = min_weight_full_bipartite_matching(graph)
    assignment = np.full(mentees, NOBODY, dtype=np.int64)
    assignment[matched] = np.concatenate((owner, np.full(mentees, NOBODY)))[taken]
    return assignment
