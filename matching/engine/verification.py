"""How a trace is checked: rules, places and every proof against the problem, with numpy alone and no solver.

The pairs and the prices are taken from the trace; everything else in it is worked out again and must be the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import TypeAlias

import numpy as np

from matching.engine.assembly import Run, assemble, guard_works
from matching.engine.certificate import LARGEST_PRICE, Demands, Guard, Prices, Proof, VerificationError
from matching.engine.grid import open_season
from matching.engine.ground import Ground
from matching.engine.problem import IdPair, Problem
from matching.engine.reading import shown
from matching.engine.rules import told
from matching.engine.season import Season
from matching.engine.tables import NOBODY, Whole
from matching.engine.tiers import COMMON, OPEN_TO_IDENTITY, TIERS
from matching.engine.trace import ENGINE_VERSION, Stage, Trace
from matching.engine.views import Listed

VERSIONS = {"engine", "numpy", "scipy"}
Named: TypeAlias = tuple[tuple[str, Proof], ...]


def verify(problem: Problem, trace: Trace) -> None:
    """Return if the trace is a best result for this problem, proved in every tier; else raise VerificationError."""
    if set(trace.versions) != VERSIONS or trace.versions["engine"] != ENGINE_VERSION:
        raise VerificationError(f"versions: not a trace of engine {ENGINE_VERSION}")
    if trace.input_hash != problem.input_hash:
        raise VerificationError("input_hash: the trace is of another problem")
    season = open_season(problem)
    assignment = read_pairs(season, ((pair.mentee, pair.mentor) for pair in trace.pairs), "pairs")
    if (trace.blind is not None) != guard_works(season):
        raise VerificationError("blind: is there exactly where the quiet guard was at work")
    common = read_proofs(season, COMMON, trace.stages[: len(COMMON)])
    rest = read_proofs(season, OPEN_TO_IDENTITY, trace.stages[len(COMMON) :])
    guard: Guard | None = None
    blind: Whole | None = None
    blind_proofs: Named = ()
    if trace.blind is not None:
        blind = read_pairs(season, trace.blind.pairs, "blind pairs")
        blind_proofs = read_proofs(season, OPEN_TO_IDENTITY, trace.blind.stages, blind=True)
        check_run(season, common + blind_proofs, blind)
        guard = Guard.of(season, blind)
    check_run(season, common + rest, assignment, guard=guard)
    run = Run(assignment, proofs_of(common + rest), blind, proofs_of(blind_proofs))
    compare(trace, assemble(season, run, trace.versions))


def check_run(season: Season, proofs: Named, assignment: Whole, *, guard: Guard | None = None) -> None:
    """Check the proofs of a run's tiers, in order, for this assignment; the guard holds after the common tiers."""
    grounds: tuple[tuple[Ground, Named], ...] = ((Ground(season), proofs),)
    if guard is not None:
        guarded = Ground(season, guard)
        rows = np.nonzero(assignment != NOBODY)[0]
        if not guarded.among(Listed(season, rows, assignment[rows])).all():
            raise VerificationError("blind: a quiet mentee is worse off than there")
        # The guard leaves fewer pairs: what the common tiers' prices hold over all, they hold over these.
        grounds = (Ground(season), proofs[: len(COMMON)]), (guarded, proofs)
    for strip in season.strips():
        for ground, held in grounds:
            ground.check_prices(strip, held)
    demands = Demands.none(season)
    for number, (stage, proof) in enumerate(proofs):
        if guard is not None and number == len(COMMON):
            demands = guard.demands(demands)
        demands.check(assignment, stage)
        demands = demands.settled(stage, proof.value(season, assignment), proof.prices)


def proofs_of(proofs: Named) -> tuple[Proof, ...]:
    """Without the names of the stages."""
    return tuple(proof for _stage, proof in proofs)


def read_proofs(season: Season, tiers: Sequence[str], stages: Sequence[Stage], *, blind: bool = False) -> Named:
    """The proofs that these stages hold, each with its name."""
    run = "blind " if blind else ""
    if [stage.name for stage in stages] != list(tiers):
        raise VerificationError(
            f"{run}stages: must be {', '.join(TIERS)}, and {', '.join(OPEN_TO_IDENTITY)} if blind"
        )
    named = []
    for stage in stages:
        where = f"{run}stage {stage.name}"
        prices = Prices(
            read_prices(stage.duals.mentees, season.row, f"{where}: duals.mentees"),
            read_prices(stage.duals.mentors, season.column, f"{where}: duals.mentors"),
        )
        named.append((where, Proof(stage.name, blind, prices)))
    return tuple(named)


def read_pairs(season: Season, pairs: Iterable[IdPair], where: str) -> Whole:
    """The assignment that these pairs make, without the pins; rules, pins and places are checked."""
    assignment = np.full(season.size[0], NOBODY, dtype=np.int64)
    for mentee, mentor in pairs:
        name = f"{where}: {shown(mentee)}, {shown(mentor)}"
        if mentee not in season.row or mentor not in season.column:
            raise VerificationError(f"{name}: not both are in the problem")
        row, column = season.row[mentee], season.column[mentor]
        if assignment[row] != NOBODY:
            raise VerificationError(f"{name}: the mentee has two mentors")
        assignment[row] = column
    rows = np.nonzero((assignment != NOBODY) & (season.pinned == NOBODY))[0]
    made = Listed(season, rows, assignment[rows])
    for place in np.nonzero(~made.allowed)[0].tolist():
        broken = told(code for code, mask in made.blocks.items() if mask[place])
        row = rows[place]
        name = f"{shown(season.mentees[row].id)}, {shown(season.mentors[assignment[row]].id)}"
        raise VerificationError(f"{where}: {name}: ruled out by {', '.join(broken)}")
    pinned = season.pinned != NOBODY
    if (assignment[pinned] != season.pinned[pinned]).any():
        raise VerificationError(f"{where}: a pinned pair is missing")
    load = np.bincount(assignment[assignment != NOBODY], minlength=season.size[1])
    if (load > season.places).any():
        raise VerificationError(
            f"{where}: {shown(season.mentors[int(np.argmax(load > season.places))].id)} has too many mentees"
        )
    assignment[pinned] = NOBODY
    return assignment


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
