"""How many mentees could have a mentor if one rule of the season didn't hold: coverage alone, solved and proved.

What decides between assignments that match equally many is left out (goals, favourites, cuts, pairs to keep), so the
number depends neither on that nor on anybody's identity, which coverage never reads. Private rules can't be left out,
and a pair that another rule keeps apart stays apart.
"""

from dataclasses import replace

from matching.engine.people import Mentee, Mentor
from matching.engine.problem import Problem
from matching.engine.solver import solve

SEASON_RULES = (
    "same_unit",
    "rank_gap",
    "min_shared_slots",
    "past_pairing",
    "no_shared_language",
    "no_shared_mode",
)
"""The rules that can be left out, in the order in which they are told."""


def in_force(problem: Problem) -> tuple[str, ...]:
    """Those of SEASON_RULES that this season has; languages and ways of meeting always count."""
    settings = problem.settings
    off = {
        "same_unit": settings.allow_same_unit,
        "rank_gap": settings.rank_gap is None,
        "min_shared_slots": settings.min_shared_slots == 0,
        "past_pairing": not problem.past,
    }
    return tuple(code for code in SEASON_RULES if not off.get(code))


def matched_without(problem: Problem, code: str) -> int:
    """How many mentees could have a mentor at once without this rule, everything else being as it is."""
    return solve(without(_coverage_alone(problem), code)).figures.pairs


def without(problem: Problem, code: str) -> Problem:
    """The problem without one of SEASON_RULES. Raises KeyError for any other."""
    settings = problem.settings
    leave_out = {
        "same_unit": lambda: replace(problem, settings=replace(settings, allow_same_unit=True)),
        "rank_gap": lambda: replace(problem, settings=replace(settings, rank_gap=None)),
        "min_shared_slots": lambda: replace(problem, settings=replace(settings, min_shared_slots=0)),
        "past_pairing": lambda: replace(problem, past=()),
        "no_shared_language": lambda: _anything(problem, "languages"),
        "no_shared_mode": lambda: _anything(problem, "modes"),
    }
    return leave_out[code]()


def _anything(problem: Problem, name: str) -> Problem:
    """Everybody's list emptied, which means: any."""
    return replace(
        problem,
        mentees=tuple(replace(person, **{name: ()}) for person in problem.mentees),  # type: ignore[arg-type]
        mentors=tuple(replace(person, **{name: ()}) for person in problem.mentors),  # type: ignore[arg-type]
    )


def _coverage_alone(problem: Problem) -> Problem:
    return replace(
        problem,
        settings=replace(problem.settings, cuts=(), identity=False),
        mentees=tuple(_plain(person) for person in problem.mentees),
        mentors=tuple(_plain_mentor(person) for person in problem.mentors),
        keep=(),
    )


def _plain(person: Mentee) -> Mentee:
    return replace(person, goals={}, favourites=(), priority=False)


def _plain_mentor(person: Mentor) -> Mentor:
    return replace(person, offers={}, favourites=())
