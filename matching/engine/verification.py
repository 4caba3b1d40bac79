"""How a trace is checked: rules, places and every proof against the problem, with numpy alone and no solver.

The pairs and the prices are taken from the trace; everything else in it is worked out again and must be the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields

import numpy as np

from matching.engine.assembly import Proof, Run, assemble, guard_works
from matching.engine.certificate import LARGEST_PRICE, Face, Prices, VerificationError
from matching.engine.grid import Grid
from matching.engine.problem import IdPair, Problem
from matching.engine.reading import shown
from matching.engine.rules import told
from matching.engine.tables import NOBODY, Whole
from matching.engine.tiers import COMMON, OPEN_TO_IDENTITY, TIERS, weights
from matching.engine.trace import ENGINE_VERSION, Stage, Trace

VERSIONS = {"engine", "numpy", "scipy"}


def verify(problem: Problem, trace: Trace) -> None:
    """Return if the trace is a best result for this problem, proved in every tier; else raise VerificationError."""
    if set(trace.versions) != VERSIONS or trace.versions["engine"] != ENGINE_VERSION:
        raise VerificationError(f"versions: not a trace of engine {ENGINE_VERSION}")
    if trace.input_hash != problem.input_hash:
        raise VerificationError("input_hash: the trace is of another problem")
    grid = Grid(problem)
    assignment = read_pairs(grid, ((pair.mentee, pair.mentor) for pair in trace.pairs), "pairs")
    common, face = check_stages(grid, Face.whole(grid), COMMON, trace.stages[: len(COMMON)], assignment)
    blind: Whole | None = None
    blind_proofs: tuple[Proof, ...] = ()
    if (trace.blind is not None) != guard_works(grid):
        raise VerificationError("blind: is there exactly where the quiet guard was at work")
    if trace.blind is not None:
        blind = read_pairs(grid, trace.blind.pairs, "blind pairs")
        blind_proofs, _ = check_stages(grid, face, OPEN_TO_IDENTITY, trace.blind.stages, blind, blind_run=True)
        face = face.guarded(grid, blind)
    rest = trace.stages[len(COMMON) :]
    proofs, _ = check_stages(grid, face, OPEN_TO_IDENTITY, rest, assignment)
    run = Run(assignment, common + proofs, blind, blind_proofs)
    compare(trace, assemble(grid, run, trace.versions))


def read_pairs(grid: Grid, pairs: Iterable[IdPair], where: str) -> Whole:
    """The assignment that these pairs make, without the pins; rules, pins and places are checked."""
    assignment = np.full(grid.shape[0], NOBODY, dtype=np.int64)
    for mentee, mentor in pairs:
        name = f"{where}: {shown(mentee)}, {shown(mentor)}"
        if mentee not in grid.row or mentor not in grid.column:
            raise VerificationError(f"{name}: not both are in the problem")
        row, column = grid.row[mentee], grid.column[mentor]
        if assignment[row] != NOBODY:
            raise VerificationError(f"{name}: the mentee has two mentors")
        if grid.pinned[row] == NOBODY and not grid.allowed[row, column]:
            broken = told(code for code, mask in grid.blocks.items() if mask[row, column])
            raise VerificationError(f"{name}: ruled out by {', '.join(broken)}")
        assignment[row] = column
    pinned = grid.pinned != NOBODY
    if (assignment[pinned] != grid.pinned[pinned]).any():
        raise VerificationError(f"{where}: a pinned pair is missing")
    load = np.bincount(assignment[assignment != NOBODY], minlength=grid.shape[1])
    if (load > grid.places).any():
        raise VerificationError(
            f"{where}: {shown(grid.mentors[int(np.argmax(load > grid.places))].id)} has too many mentees"
        )
    assignment[pinned] = NOBODY
    return assignment


def check_stages(
    grid: Grid,
    face: Face,
    tiers: Sequence[str],
    stages: Sequence[Stage],
    assignment: Whole,
    *,
    blind_run: bool = False,
) -> tuple[tuple[Proof, ...], Face]:
    """Check the proofs of these tiers in order; returns them and the face that is left."""
    run = "blind " if blind_run else ""
    if [stage.name for stage in stages] != list(tiers):
        raise VerificationError(
            f"{run}stages: must be {', '.join(TIERS)}, and {', '.join(OPEN_TO_IDENTITY)} if blind"
        )
    proofs = []
    for tier, stage in zip(tiers, stages, strict=True):
        where = f"{run}stage {tier}"
        weight = weights(grid, tier, blind=blind_run)
        prices = Prices(
            read_prices(stage.duals.mentees, grid.row, f"{where}: duals.mentees"),
            read_prices(stage.duals.mentors, grid.column, f"{where}: duals.mentors"),
        )
        face = face.prove(where, weight, assignment, prices)
        proofs.append(Proof(tier, weight, prices))
    return tuple(proofs), face


def read_prices(prices: Mapping[str, int], places: Mapping[str, int], where: str) -> Whole:
    """Prices by id as an array in the grid's order."""
    values = np.zeros(len(places), dtype=np.int64)
    for identifier, price in prices.items():
        if identifier not in places:
            raise VerificationError(f"{where}: {shown(identifier)} is not in the problem")
        if not 0 < abs(price) <= LARGEST_PRICE:
            raise VerificationError(
                f"{where}: {shown(identifier)}: a price of 0 is left out, and none is beyond 2^53"
            )
        values[places[identifier]] = price
    return values


def compare(trace: Trace, expected: Trace) -> None:
    """Raise VerificationError at the first thing the trace says that its pairs and prices do not give."""
    for field in fields(Trace):
        said, right = getattr(trace, field.name), getattr(expected, field.name)
        if said == right:
            continue
        if field.name in ("pairs", "unmatched") and len(said) == len(right):
            entry = next(mine for mine, theirs in zip(said, right, strict=True) if mine != theirs)
            raise VerificationError(f"{field.name}: {shown(entry.mentee)}: not what the problem gives")
        raise VerificationError(f"{field.name}: not what the problem and the pairs give")
