"""How an assignment and its proofs become a trace: one way for the solver to say it and the verifier to check it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matching.engine.certificate import Prices, total_weight
from matching.engine.figures import made, season_figures
from matching.engine.grid import Grid
from matching.engine.reasons import why_paired, why_unmatched
from matching.engine.tables import NOBODY, Whole
from matching.engine.trace import Blind, Duals, Pair, Stage, Trace, Unmatched


@dataclass(frozen=True)
class Proof:
    """A tier's name, its weights and the prices that prove it."""

    name: str
    weight: Whole
    prices: Prices


@dataclass(frozen=True)
class Run:
    """Assignments without the pins, the proofs of every tier, and the same of the blind run if there was one."""

    assignment: Whole
    proofs: tuple[Proof, ...]
    blind: Whole | None = None
    blind_proofs: tuple[Proof, ...] = ()


def guard_works(grid: Grid) -> bool:
    """Whether the quiet guard has anything to guard against: else the blind run is the run itself."""
    return grid.problem.settings.quiet_guard and bool((grid.identity * grid.open).any())


def assemble(grid: Grid, run: Run, versions: Mapping[str, str]) -> Trace:
    """The trace of this run."""
    assignment = with_pins(grid, run.assignment)
    blind = None if run.blind is None else with_pins(grid, run.blind)
    pins = {pin.mentee: pin for pin in grid.problem.pins}
    return Trace(
        pairs=tuple(
            Pair(
                grid.mentees[row].id,
                grid.mentors[column].id,
                int(grid.fit[row, column]),
                int(grid.score[row, column]),
                why_paired(grid, row, column, pins.get(grid.mentees[row].id)),
            )
            for row, column in made(assignment)
        ),
        unmatched=tuple(
            Unmatched(grid.mentees[row].id, why_unmatched(grid, row, assignment))
            for row in np.nonzero(assignment == NOBODY)[0].tolist()
        ),
        stages=tuple(_stage(grid, proof, assignment) for proof in run.proofs),
        figures=season_figures(grid, assignment, blind),
        input_hash=grid.problem.input_hash,
        seed=grid.problem.settings.seed,
        versions=dict(versions),
        blind=None
        if blind is None
        else Blind(
            tuple((grid.mentees[row].id, grid.mentors[column].id) for row, column in made(blind)),
            tuple(_stage(grid, proof, blind) for proof in run.blind_proofs),
        ),
    )


def with_pins(grid: Grid, assignment: Whole) -> Whole:
    """The assignment with the pinned pairs in it."""
    return np.where(grid.pinned != NOBODY, grid.pinned, assignment)


def _stage(grid: Grid, proof: Proof, assignment: Whole) -> Stage:
    pinned = total_weight(proof.weight, grid.pinned)
    return Stage(
        proof.name,
        value=total_weight(proof.weight, assignment),
        bound=pinned + proof.prices.bound(grid.open_places),
        duals=Duals(
            {person.id: p for person, p in zip(grid.mentees, proof.prices.mentees.tolist(), strict=True) if p},
            {person.id: p for person, p in zip(grid.mentors, proof.prices.mentors.tolist(), strict=True) if p},
        ),
    )
