"""How a season is solved: tier after tier, each on the face of all that was best before, each with its proof.

The one place that needs scipy, and it imports it only when it is asked to solve.
"""

import numpy as np

from matching.engine import duals
from matching.engine.assembly import Proof, Run, assemble, guard_works
from matching.engine.certificate import Face
from matching.engine.grid import Grid
from matching.engine.problem import Problem
from matching.engine.tables import NOBODY, Whole
from matching.engine.tiers import COMMON, OPEN_TO_IDENTITY, weights
from matching.engine.trace import ENGINE_VERSION, Trace


def solve(problem: Problem) -> Trace:
    """The best matching of this season, with the proof of every tier.

    Raises ProblemError for a pin that a rule blocks without being waived.
    """
    import scipy

    grid = Grid(problem)
    face = Face.whole(grid)
    common, assignment, face = settle(grid, face, COMMON, np.full(grid.shape[0], NOBODY, dtype=np.int64))
    blind: Whole | None = None
    blind_proofs: tuple[Proof, ...] = ()
    if guard_works(grid):
        blind_proofs, blind, _ = settle(grid, face, OPEN_TO_IDENTITY, assignment, blind=True)
        face, assignment = face.guarded(grid, blind), blind
    proofs, assignment, _ = settle(grid, face, OPEN_TO_IDENTITY, assignment)
    run = Run(assignment, common + proofs, blind, blind_proofs)
    versions = {"engine": ENGINE_VERSION, "numpy": np.__version__, "scipy": scipy.__version__}
    return assemble(grid, run, versions)


def settle(
    grid: Grid, face: Face, tiers: tuple[str, ...], assignment: Whole, *, blind: bool = False
) -> tuple[tuple[Proof, ...], Whole, Face]:
    """Settle these tiers in order: their proofs, the last one's assignment, and the face that is left.

    `assignment` lies on the face; a tier in which no possible pair weighs anything leaves it as it is.
    """
    proofs = []
    for tier in tiers:
        weight = weights(grid, tier, blind=blind)
        if (weight * face.possible).any():
            assignment = best_assignment(face, weight)
        prices = duals.prices(face, weight, assignment)
        face = face.prove(tier, weight, assignment, prices)
        proofs.append(Proof(tier, weight, prices))
    return tuple(proofs), assignment, face


def best_assignment(face: Face, weight: Whole) -> Whole:
    """An assignment on the face with the largest sum of weights (all at least 0), exactly.

    One dense assignment of mentees to places. A pair that is not possible is worth 0 there, as much as being
    left out. Whoever must be matched or filled earns a bonus larger than any sum of weights, so that the best
    assignment meets every such demand if any does. All numbers stay below 2^53, where floats are exact.
    """
    from scipy.optimize import linear_sum_assignment

    mentees, mentors = face.possible.shape
    most_pairs = min(mentees, int(face.places.sum()))
    bonus = 1 + most_pairs * int(np.max(weight, where=face.possible, initial=0))
    demands = face.must_match[:, None].astype(np.int64) + face.must_fill[None, :]
    value = np.where(face.possible, weight + bonus * demands, 0).astype(np.float64)
    owner = np.repeat(np.arange(mentors), face.places)
    rows, places = linear_sum_assignment(value[:, owner], maximize=True)
    columns = owner[places]
    made = face.possible[rows, columns]
    assignment = np.full(mentees, NOBODY, dtype=np.int64)
    assignment[rows[made]] = columns[made]
    return assignment
