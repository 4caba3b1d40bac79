"""The best assignment on a face that is one table, by scipy's exact solver.

It gives every mentee a place or leaves them out, at whole-number values below 2^53, where floats are exact. Whoever
must be matched or filled earns a bonus larger than any sum of weights, so that the best assignment meets every such
demand if any does. scipy is imported only when it is needed.
"""

import numpy as np

from matching.engine.certificate import Face
from matching.engine.tables import NOBODY, Whole


def best_assignment(face: Face, weight: Whole) -> Whole:
    """An assignment on the face with the largest sum of weights, which are all at least 0.

    A pair that is not possible is worth as much as being left out.
    """
    from scipy.optimize import linear_sum_assignment

    demands = face.demands
    most_pairs = min(len(demands.must_match), int(demands.places.sum()))
    bonus = 1 + most_pairs * int(np.max(weight, where=face.possible, initial=0))
    value = weight + bonus * (demands.must_match[:, None].astype(np.int64) + demands.must_fill[None, :])
    owner = np.repeat(np.arange(len(demands.places)), demands.places)
    table = np.where(face.possible, value, 0).astype(np.float64)
    rows, places = linear_sum_assignment(table[:, owner], maximize=True)
    columns = owner[places]
    made = face.possible[rows, columns]
    assignment = np.full(len(demands.must_match), NOBODY, dtype=np.int64)
    assignment[rows[made]] = columns[made]
    return assignment
