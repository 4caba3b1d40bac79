"""How a season is solved: tier after tier, each on the face of all that was best before, each with its proof.

scipy is imported only here, in `best` and in `arcs`, and only when they are asked to solve.
"""

import numpy as np

from matching.engine import duals
from matching.engine.assembly import Run, assemble, guard_works
from matching.engine.best import best_assignment
from matching.engine.certificate import Face, Guard, Proof
from matching.engine.grid import Grid, open_season
from matching.engine.problem import Problem
from matching.engine.season import Season
from matching.engine.tables import NOBODY, Whole
from matching.engine.tiers import COMMON, OPEN_TO_IDENTITY, weights
from matching.engine.trace import ENGINE_VERSION, Trace
from matching.engine.wide import WideSolver


def solve(problem: Problem) -> Trace:
    """The best matching of this season, with the proof of every tier.

    Raises ProblemError for a pin that a rule blocks without being waived.
    """
    import scipy

    season = open_season(problem)
    versions = {"engine": ENGINE_VERSION, "numpy": np.__version__, "scipy": scipy.__version__}
    return assemble(season, best_run(season), versions)


def best_run(season: Season) -> Run:
    """The best assignment of a season and its proofs. Raises what `solve` does."""
    return (TableSolver(season) if isinstance(season, Grid) else WideSolver(season)).run()


class TableSolver:
    """Settles the tiers of a season that is one table."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid

    def run(self) -> Run:
        """Settle all tiers, those open to identity blind first where the quiet guard is at work."""
        grid = self.grid
        face = Face.whole(grid)
        common, assignment, face = self.settle(face, COMMON, np.full(grid.size[0], NOBODY, dtype=np.int64))
        blind: Whole | None = None
        blind_proofs: tuple[Proof, ...] = ()
        if guard_works(grid):
            blind_proofs, blind, _ = self.settle(face, OPEN_TO_IDENTITY, assignment, blind=True)
            face, assignment = face.guarded(grid, Guard.of(grid, blind)), blind
        proofs, assignment, _ = self.settle(face, OPEN_TO_IDENTITY, assignment)
        return Run(assignment, common + proofs, blind, blind_proofs)

    def settle(
        self, face: Face, tiers: tuple[str, ...], assignment: Whole, *, blind: bool = False
    ) -> tuple[tuple[Proof, ...], Whole, Face]:
        """Settle these tiers in order: their proofs, the last one's assignment, and the face that is left.

        `assignment` lies on the face; a tier in which no possible pair weighs anything leaves it as it is.
        """
        proofs = []
        for tier in tiers:
            weight = weights(self.grid, tier, blind=blind)
            if (weight * face.possible).any():
                assignment = best_assignment(face, weight)
            prices = duals.prices(face, weight, assignment)
            face = face.prove(tier, weight, assignment, prices)
            proofs.append(Proof(tier, blind, prices))
        return tuple(proofs), assignment, face
