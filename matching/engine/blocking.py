"""Pairs who would both rather have each other: what a set of matches that is best for all asks of single people.

Preference is goal fit and favourites, as coordinators may read them; identity is no part of it. Only pairs that no
rule keeps apart count, and nobody whom a coordinator pinned.
"""

from collections.abc import Iterable

import numpy as np

from matching.engine.grid import Grid
from matching.engine.problem import IdPair, Problem
from matching.engine.tables import NOBODY

NOBODY_S_WORTH = -1
"""Less than anybody's: to have somebody is better than to have nobody."""


def blocking_pairs(problem: Problem, pairs: Iterable[IdPair]) -> int:
    """How many pairs there are in which the mentee and the mentor would both prefer the other to whom they have.

    A mentor with a place left prefers anybody; one without, whoever is worth more than the least of their mentees.
    """
    grid = Grid(problem)
    worth = grid.blind_score
    assignment = np.full(grid.shape[0], NOBODY, dtype=np.int64)
    for mentee, mentor in pairs:
        assignment[grid.row[mentee]] = grid.column[mentor]
    rows = np.nonzero(assignment != NOBODY)[0]
    has = np.full(grid.shape[0], NOBODY_S_WORTH, dtype=np.int64)
    has[rows] = worth[rows, assignment[rows]]
    least = np.full(grid.shape[1], NOBODY_S_WORTH, dtype=np.int64)
    load = np.bincount(assignment[rows], minlength=grid.shape[1])
    full = load >= grid.places
    for column in np.nonzero(full)[0].tolist():
        own = has[(assignment == column) & (grid.pinned == NOBODY)]
        least[column] = own.min() if len(own) else np.iinfo(np.int64).max
    rather = grid.open & (worth > has[:, None]) & (worth > least[None, :])
    return int(rather.sum())
