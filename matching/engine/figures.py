"""The season in numbers, from the pairs alone; who may be shown which is the application's to decide."""

from collections.abc import Iterable, Sequence

import numpy as np

from matching.engine.grid import Grid
from matching.engine.people import Person
from matching.engine.reasons import count_removed
from matching.engine.scoring import shared_dimensions
from matching.engine.tables import NOBODY, Whole
from matching.engine.trace import BlindFigures, Figures, Share, Spread

BANDS = 10


def season_figures(grid: Grid, assignment: Whole, blind: Whole | None) -> Figures:
    """Count this assignment (pins included); `blind` is the quiet guard's, where it was at work."""
    fit = made_fit(grid, assignment)
    matched = assignment != NOBODY
    identity = grid.problem.settings.identity
    pairs = made(assignment)
    return Figures(
        mentees=grid.shape[0],
        mentors=grid.shape[1],
        places=sum(mentor.capacity for mentor in grid.mentors),
        allowed=int(grid.allowed.sum()),
        removed=count_removed(grid, slice(None)),
        pairs=len(pairs),
        pinned=int((grid.pinned != NOBODY).sum()),
        priority=Share(int(grid.priority.sum()), int(grid.priority[matched].sum())),
        kept=Share(int(grid.kept.any(axis=1).sum()), sum(1 for row, column in pairs if grid.kept[row, column])),
        below={str(cut): int((fit < cut).sum()) for cut in grid.problem.settings.cuts},
        fit=spread(fit),
        mentee_favourites=favourites(grid.mentees, ((r, grid.mentors[c].id) for r, c in pairs)),
        mentor_favourites=favourites(grid.mentors, ((c, grid.mentees[r].id) for r, c in pairs)),
        wishes=Share(wishes(grid), wishes_met(grid, assignment)) if identity else None,
        blind=None if blind is None else beside_blind(grid, assignment, blind),
    )


def made(assignment: Whole) -> list[tuple[int, int]]:
    """The pairs of an assignment, as (row, column)."""
    return [(row, column) for row, column in enumerate(assignment.tolist()) if column != NOBODY]


def made_fit(grid: Grid, assignment: Whole) -> Whole:
    """Goal fit of each pair made."""
    rows = np.nonzero(assignment != NOBODY)[0]
    fit: Whole = grid.fit[rows, assignment[rows]]
    return fit


def spread(fit: Whole) -> Spread:
    """Sum, least, lower median and bands of ten; zeros where there is no pair."""
    ordered = np.sort(fit)
    bands = np.bincount(np.minimum(fit // BANDS, BANDS - 1), minlength=BANDS)
    if not len(fit):
        return Spread(0, 0, 0, tuple(bands.tolist()))
    median = ordered[(len(ordered) - 1) // 2]
    return Spread(int(fit.sum()), int(ordered[0]), int(median), tuple(bands.tolist()))


def favourites(people: Sequence[Person], partners: Iterable[tuple[int, str]]) -> Share:
    """Of those who named anybody, how many work with somebody they named. `partners` are (place, partner's id)."""
    met = {place for place, partner in partners if partner in people[place].favourites}
    return Share(sum(1 for person in people if person.favourites), len(met))


def wishes(grid: Grid) -> int:
    """Mentees' wishes to be matched on a dimension."""
    return sum(len(mentee.match_on) for mentee in grid.mentees)


def wishes_met(grid: Grid, assignment: Whole) -> int:
    """Mentees' wishes that this assignment meets."""
    return sum(len(shared_dimensions(grid.mentees[row], grid.mentors[column])) for row, column in made(assignment))


def beside_blind(grid: Grid, assignment: Whole, blind: Whole) -> BlindFigures:
    """This assignment beside the blind one; without a mentor is lower than with any."""
    lower = grid.quiet & (fit_or_less(grid, assignment) < fit_or_less(grid, blind))
    return BlindFigures(
        fit=spread(made_fit(grid, blind)),
        wishes_met=wishes_met(grid, blind),
        quiet=int(grid.quiet.sum()),
        quiet_lower=int(lower.sum()),
    )


def fit_or_less(grid: Grid, assignment: Whole) -> Whole:
    """Per mentee: the goal fit of their pair, or −1 without one."""
    fit = np.full(len(assignment), -1, dtype=np.int64)
    rows = np.nonzero(assignment != NOBODY)[0]
    fit[rows] = grid.fit[rows, assignment[rows]]
    return fit
