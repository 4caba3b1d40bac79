"""One season measured in a process of its own, so that its memory is its own: JSON on standard output.

`python -m mentorship.portal.benchmarks.matching.measuring 33x34 --identity --rounds 3 --folder FOLDER`; with a
folder, the season is left there as files that programs which know nothing of the engine can read.
"""

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import numpy as np
import scipy
import scipy.sparse.csgraph  # so that its import is not counted
from scipy.optimize import linear_sum_assignment

from matching.engine import Problem, Trace, VerificationError, verify
from matching.engine.assembly import Run, assemble
from matching.engine.certificate import Guard
from matching.engine.grid import Grid, open_season
from matching.engine.ground import Ground
from matching.engine.residual import Residual
from matching.engine.season import Season
from matching.engine.solver import TableSolver
from matching.engine.tables import NOBODY
from matching.engine.trace import ENGINE_VERSION
from matching.engine.wide import WideSolver
from mentorship.portal.benchmarks.matching.invented import invented_problem
from mentorship.portal.benchmarks.matching.sizes import ONE_TABLE, SMALL, Size

STATUS = Path("/proc/self/status")
ASKED = 9
"""So many mentees are asked about, spread over the season; one where a question is not a matter of milliseconds."""


@dataclass(frozen=True)
class Measured:
    """One season: medians in seconds, memory in megabytes; None is what is not asked at this size.

    `seconds` is from problem to verified trace, `solve_seconds` and `verify_seconds` its two parts, `cpu_seconds`
    what the processors were busy with it: less than `seconds` where others use them too. `pairs_priced` are pairs
    held against prices, each as often as it was. `bare_seconds` is one assignment of scipy's on the same scores,
    without tiers or proof; `why_not_seconds` all other mentors for one mentee with what each would cost, and
    `repair_seconds` one withdrawal mended, both after what is worked out once.
    """

    placed: int
    proved: bool
    seconds: float
    solve_seconds: float
    verify_seconds: float
    cpu_seconds: float
    peak_mb: float
    pairs_priced: int
    bare_seconds: float | None
    why_not_seconds: float | None
    repair_seconds: float | None

    @property
    def laps(self) -> tuple[float | None, ...]:
        """All that was measured in seconds: the whole, its parts, the questions, scipy's."""
        return (
            self.seconds,
            self.solve_seconds,
            self.verify_seconds,
            self.why_not_seconds,
            self.repair_seconds,
            self.bare_seconds,
        )


@dataclass(frozen=True)
class Solved:
    """What `solve` gives, and what it came from."""

    season: Season
    run: Run
    trace: Trace
    pairs_priced: int

    @classmethod
    def of(cls, problem: Problem) -> "Solved":
        """Do as `solve` does, and count the pairs held against prices."""
        season = open_season(problem)
        solver = TableSolver(season) if isinstance(season, Grid) else WideSolver(season)
        run = solver.run()
        versions = {"engine": ENGINE_VERSION, "numpy": np.__version__, "scipy": scipy.__version__}
        tiers = len(run.proofs) + len(run.blind_proofs)
        priced = solver.looked_at if isinstance(solver, WideSolver) else tiers * season.size[0] * season.size[1]
        return cls(season, run, assemble(season, run, versions), priced)


def measure(size: Size, *, identity: bool, rounds: int, folder: Path | None = None) -> Measured:
    """Solve and check an invented season so many times, then ask it what people ask."""
    warm_up(identity=identity)
    problem = invented_problem(size, identity=identity)
    solving, checking, busy, proved = [], [], [], True
    for _round in range(rounds):
        started, idle = time.perf_counter(), time.process_time()
        solved = Solved.of(problem)
        between = time.perf_counter()
        try:
            verify(problem, solved.trace)
        except VerificationError:
            proved = False
        solving.append(between - started)
        checking.append(time.perf_counter() - between)
        busy.append(time.process_time() - idle)
    peak = peak_mb()
    why_not, repair = _questions(solved, size) if size.pairs <= ONE_TABLE else (None, None)
    bare = _bare(problem, rounds) if size.pairs <= ONE_TABLE else None
    if folder is not None:
        leave_season(problem, size, folder)
    return Measured(
        placed=len(solved.trace.pairs),
        proved=proved,
        seconds=round(median(a + b for a, b in zip(solving, checking, strict=True)), 6),
        solve_seconds=round(median(solving), 6),
        verify_seconds=round(median(checking), 6),
        cpu_seconds=round(median(busy), 6),
        peak_mb=peak,
        pairs_priced=solved.pairs_priced,
        bare_seconds=bare,
        why_not_seconds=why_not,
        repair_seconds=repair,
    )


def warm_up(*, identity: bool) -> None:
    """What is imported and set up at the first call is no season's cost."""
    verify(problem := invented_problem(Size(3, 3), identity=identity), Solved.of(problem).trace)


def peak_mb() -> float:
    """The most memory that this program has held, its interpreter included.

    A process inherits the peak that the system tells of whoever started it, so Linux's own figure comes first.
    """
    if STATUS.is_file():
        line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM"))
        return round(int(line.split()[1]) / 1024, 1)
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit, 1)


def _bare(problem: Problem, rounds: int) -> float:
    score = Grid(problem).score
    return _median(lambda: linear_sum_assignment(score, maximize=True), [()] * rounds)


def _questions(solved: Solved, size: Size) -> tuple[float, float] | tuple[None, None]:
    """All alternatives of a mentee, and a withdrawal mended along one path; None if nobody has a mentor."""
    season, run = solved.season, solved.run
    guard = None if run.blind is None else Guard.of(season, run.blind)
    residual = Residual(Ground(season, guard), run.assignment, run.proofs)

    def why_not(row: int) -> None:
        chains = residual.chains(row)
        chains.best(residual.going(row), but=chains.end, most=season.size[1] + 1)

    def repair(row: int) -> None:
        chains = residual.chains(row)
        chains.reach(residual.outside)
        tuple(chains.steps(residual.outside))

    matched = np.nonzero(run.assignment != NOBODY)[0]
    if not len(matched):
        return None, None
    rows = matched[np.linspace(0, len(matched) - 1, min(ASKED, len(matched))).astype(int)].tolist()
    repair(rows[0])
    residual.free  # noqa: B018 - worked out once
    few = rows if size.pairs <= SMALL else rows[len(rows) // 2 :][:1]
    return _median(why_not, [(row,) for row in few]), _median(repair, [(row,) for row in rows])


def _median(work: Callable[..., object], calls: Sequence[tuple[int, ...]]) -> float:
    taken = []
    for arguments in calls:
        started = time.perf_counter()
        work(*arguments)
        taken.append(time.perf_counter() - started)
    return round(median(taken), 6)


def leave_season(problem: Problem, size: Size, folder: Path) -> None:
    """Write who there is and every pair's score, −1 where a rule keeps the two apart.

    A small one is all in `season.json`; of a large one the scores are in `scores.npy`.
    """
    grid = Grid(problem)
    scores = np.where(grid.allowed, grid.score, np.int16(-1))
    season = {
        "mentors": [[mentor.id, mentor.capacity] for mentor in grid.mentors],
        "mentees": [mentee.id for mentee in grid.mentees],
    }
    if size.pairs <= SMALL:
        season["scores"] = scores.tolist()
    else:
        np.save(folder / "scores.npy", scores)
    (folder / "season.json").write_text(json.dumps(season))


def main() -> None:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser()
    parser.add_argument("size", type=Size.read)
    parser.add_argument("--identity", action="store_true")
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    measured = measure(options.size, identity=options.identity, rounds=options.rounds, folder=options.folder)
    sys.stdout.write(json.dumps(asdict(measured)))


if __name__ == "__main__":
    main()
