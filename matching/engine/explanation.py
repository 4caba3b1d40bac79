"""Why a mentee has this mentor and no other: what each of the others would have cost the season, exactly.

The costs are in the tiers in which the season was decided, identity among them, so an explanation is as private as
the trace that it explains: `standing` is what coordinators are told.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matching.engine.certificate import Guard
from matching.engine.grid import open_season
from matching.engine.ground import Ground
from matching.engine.problem import Problem, canonical_json
from matching.engine.reading import ProblemError, shown
from matching.engine.records import to_plain
from matching.engine.residual import Chains, Residual
from matching.engine.rules import told
from matching.engine.season import Season
from matching.engine.tables import NOBODY, Whole
from matching.engine.tiers import COMMON, OPEN_TO_IDENTITY, TIERS
from matching.engine.trace import Trace
from matching.engine.verification import proofs_of, read_pairs, read_proofs
from matching.engine.views import Listed


@dataclass(frozen=True, slots=True)
class Loss:
    """What a mentor for a mentee would cost the season: less in each tier, the first that is not 0 being the reason.

    `coverage` is in the weights of that tier, of which `matched`, `priority` and `below` are the parts in people.
    `moves` lists who would go from whom to whom, [mentee, mentor or "", mentor or ""], the mentee themselves first.
    """

    mentor: str
    fit: int
    tiers: Mapping[str, int]
    matched: int
    priority: int
    below: Mapping[str, int]
    moves: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A mentee, their mentor ("" if none), the others by what they would cost, and those that rules exclude."""

    mentee: str
    mentor: str
    others: tuple[Loss, ...]
    excluded: Mapping[str, tuple[str, ...]]

    def to_json(self) -> str:
        """The canonical text."""
        return canonical_json(to_plain(self))


def explain(problem: Problem, trace: Trace, mentee: str) -> Explanation:
    """What every other mentor for this mentee would cost, by a trace that holds.

    The quiet guard's floors are taken as they are. Raises ProblemError for somebody who isn't a mentee or is pinned.
    """
    season = open_season(problem)
    if mentee not in season.row:
        raise ProblemError(f"mentee {shown(mentee)}: nobody has this id")
    row = season.row[mentee]
    if season.pinned[row] != NOBODY:
        raise ProblemError(f"mentee {shown(mentee)}: is pinned to {shown(season.mentors[season.pinned[row]].id)}")
    assignment = read_pairs(season, ((pair.mentee, pair.mentor) for pair in trace.pairs), "pairs")
    common = proofs_of(read_proofs(season, COMMON, trace.stages[: len(COMMON)]))
    rest = proofs_of(read_proofs(season, OPEN_TO_IDENTITY, trace.stages[len(COMMON) :]))
    guard = None
    if trace.blind is not None:
        guard = Guard.of(season, read_pairs(season, trace.blind.pairs, "blind pairs"))
    chains = Residual(Ground(season, guard), assignment, common + rest).chains(row)
    going = chains.residual.going(row)
    everyone = len(season.mentors) + 1
    own = Listed(season, np.full(len(season.mentors), row), np.arange(len(season.mentors)))
    losses = [
        _loss(season, assignment, chains, column, int(own.fit[column]), going.at(column))
        for column in chains.best(going, but=chains.end, most=everyone)
        if column != chains.residual.outside
    ]
    excluded = {
        mentor.id: told(code for code, mask in own.blocks.items() if mask[column])
        for column, mentor in enumerate(season.mentors)
        if not own.allowed[column]
    }
    current = assignment[row]
    return Explanation(mentee, "" if current == NOBODY else season.mentors[current].id, tuple(losses), excluded)


def _loss(season: Season, assignment: Whole, chains: Chains, column: int, fit: int, coming: tuple[int, ...]) -> Loss:
    steps = [(chains.mentee, column), *chains.steps(column)]
    rows = np.array([row for row, _column in steps])
    after = np.array([to for _row, to in steps])
    before = assignment[rows]
    cuts = season.problem.settings.cuts
    change = (after != NOBODY).astype(int) - (before != NOBODY)
    fits = [Listed(season, rows[where != NOBODY], where[where != NOBODY]).fit for where in (before, after)]

    def name(place: int) -> str:
        return "" if place == NOBODY else season.mentors[place].id

    return Loss(
        mentor=season.mentors[column].id,
        fit=fit,
        tiers=dict(zip(TIERS, (a + b for a, b in zip(coming, chains.room[column], strict=True)), strict=True)),
        matched=-int(change.sum()),
        priority=-int((change * season.priority[rows]).sum()),
        below={str(cut): int((fits[1] < cut).sum() - (fits[0] < cut).sum()) for cut in cuts},
        moves=tuple(
            (season.mentees[row].id, name(was), name(will))
            for row, was, will in zip(rows.tolist(), before.tolist(), after.tolist(), strict=True)
        ),
    )
