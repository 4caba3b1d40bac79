"""How an assignment and its proofs become a trace: one way for the solver to say it and the verifier to check it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matching.engine.certificate import Proof
from matching.engine.figures import made, season_figures
from matching.engine.reasons import why_paired, why_unmatched
from matching.engine.season import Season
from matching.engine.tables import NOBODY, Whole
from matching.engine.trace import Blind, Duals, Pair, Stage, Trace, Unmatched
from matching.engine.views import Listed


@dataclass(frozen=True)
class Run:
    """Assignments without the pins, the proofs of every tier, and the same of the blind run if there was one."""

    assignment: Whole
    proofs: tuple[Proof, ...]
    blind: Whole | None = None
    blind_proofs: tuple[Proof, ...] = ()


def guard_works(season: Season) -> bool:
    """Whether the quiet guard has anything to guard against: else the blind run is the run itself."""
    if not season.problem.settings.quiet_guard or not season.identities:
        return False
    free = season.pinned == NOBODY
    return any(bool((strip.identity * strip.allowed * strip.of_mentees(free)).any()) for strip in season.strips())


def assemble(season: Season, run: Run, versions: Mapping[str, str]) -> Trace:
    """The trace of this run."""
    assignment = with_pins(season, run.assignment)
    blind = None if run.blind is None else with_pins(season, run.blind)
    pins = {pin.mentee: pin for pin in season.problem.pins}
    rows = np.nonzero(assignment != NOBODY)[0]
    pairs = Listed(season, rows, assignment[rows])
    return Trace(
        pairs=tuple(
            Pair(
                season.mentees[row].id,
                season.mentors[column].id,
                fit,
                score,
                why_paired(season, row, column, pins.get(season.mentees[row].id)),
            )
            for row, column, fit, score in zip(
                rows.tolist(), assignment[rows].tolist(), pairs.fit.tolist(), pairs.score.tolist(), strict=True
            )
        ),
        unmatched=tuple(
            Unmatched(season.mentees[row].id, why_unmatched(season, row, assignment))
            for row in np.nonzero(assignment == NOBODY)[0].tolist()
        ),
        stages=tuple(_stage(season, proof, assignment) for proof in run.proofs),
        figures=season_figures(season, assignment, blind),
        input_hash=season.problem.input_hash,
        seed=season.problem.settings.seed,
        versions=dict(versions),
        blind=None
        if blind is None
        else Blind(
            tuple((season.mentees[row].id, season.mentors[column].id) for row, column in made(blind)),
            tuple(_stage(season, proof, blind) for proof in run.blind_proofs),
        ),
    )


def with_pins(season: Season, assignment: Whole) -> Whole:
    """The assignment with the pinned pairs in it."""
    return np.where(season.pinned != NOBODY, season.pinned, assignment)


def _stage(season: Season, proof: Proof, assignment: Whole) -> Stage:
    prices = proof.prices
    return Stage(
        proof.tier,
        value=proof.value(season, assignment),
        bound=proof.value(season, season.pinned) + prices.bound(season.open_places),
        duals=Duals(
            {person.id: p for person, p in zip(season.mentees, prices.mentees.tolist(), strict=True) if p},
            {person.id: p for person, p in zip(season.mentors, prices.mentors.tolist(), strict=True) if p},
        ),
    )
