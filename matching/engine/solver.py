"""How a season is solved: tier after tier, each on the face of all that was best before, each with its proof.

scipy is imported only here and in `best`, and only when they are asked to solve.
"""

import numpy as np

from matching.engine import duals
from matching.engine.assembly import Proof, Run, assemble, guard_works
from matching.engine.best import best_assignment
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
