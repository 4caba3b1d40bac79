"""The season in numbers, from the pairs alone; who may be shown which is the application's to decide."""

from collections.abc import Iterable, Sequence

import numpy as np

from matching.engine.people import Person
from matching.engine.reasons import count_removed
from matching.engine.scoring import shared_dimensions
from matching.engine.season import Season
from matching.engine.tables import NOBODY, Whole
from matching.engine.trace import BlindFigures, Figures, Share, Spread
from matching.engine.views import Listed

BANDS = 10


def season_figures(season: Season, assignment: Whole, blind: Whole | None) -> Figures:
    """Count this assignment (pins included); `blind` is the quiet guard's, where it was at work."""
    fit = made_fit(season, assignment)
    matched = assignment != NOBODY
    identity = season.problem.settings.identity
    pairs = made(assignment)
    removed = count_removed(season.strips())
    rows = np.nonzero(matched)[0]
    return Figures(
        mentees=season.size[0],
        mentors=season.size[1],
        places=sum(mentor.capacity for mentor in season.mentors),
        allowed=season.size[0] * season.size[1] - sum(removed.values()),
        removed=removed,
        pairs=len(pairs),
        pinned=int((season.pinned != NOBODY).sum()),
        priority=Share(int(season.priority.sum()), int(season.priority[matched].sum())),
        kept=Share(
            len(np.unique(season.kept_pairs.places // max(1, season.size[1]))),
            int(Listed(season, rows, assignment[rows]).kept.sum()),
        ),
        below={str(cut): int((fit < cut).sum()) for cut in season.problem.settings.cuts},
        fit=spread(fit),
        mentee_favourites=favourites(season.mentees, ((r, season.mentors[c].id) for r, c in pairs)),
        mentor_favourites=favourites(season.mentors, ((c, season.mentees[r].id) for r, c in pairs)),
        wishes=Share(wishes(season), wishes_met(season, assignment)) if identity else None,
        blind=None if blind is None else beside_blind(season, assignment, blind),
    )


def made(assignment: Whole) -> list[tuple[int, int]]:
    """The pairs of an assignment, as (row, column)."""
    return [(row, column) for row, column in enumerate(assignment.tolist()) if column != NOBODY]


def made_fit(season: Season, assignment: Whole) -> Whole:
    """Goal fit of each pair made."""
    rows = np.nonzero(assignment != NOBODY)[0]
    return Listed(season, rows, assignment[rows]).fit.astype(np.int64)


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


def wishes(season: Season) -> int:
    """Mentees' wishes to be matched on a dimension."""
    return sum(len(mentee.match_on) for mentee in season.mentees)


def wishes_met(season: Season, assignment: Whole) -> int:
    """Mentees' wishes that this assignment meets."""
    return sum(
        len(shared_dimensions(season.mentees[row], season.mentors[column])) for row, column in made(assignment)
    )


def beside_blind(season: Season, assignment: Whole, blind: Whole) -> BlindFigures:
    """This assignment beside the blind one; without a mentor is lower than with any."""
    lower = season.quiet & (fit_or_less(season, assignment) < fit_or_less(season, blind))
    return BlindFigures(
        fit=spread(made_fit(season, blind)),
        wishes_met=wishes_met(season, blind),
        quiet=int(season.quiet.sum()),
        quiet_lower=int(lower.sum()),
    )


def fit_or_less(season: Season, assignment: Whole) -> Whole:
    """Per mentee: the goal fit of their pair, or −1 without one."""
    fit = np.full(len(assignment), -1, dtype=np.int64)
    rows = np.nonzero(assignment != NOBODY)[0]
    fit[rows] = Listed(season, rows, assignment[rows]).fit
    return fit
