"""The engine beside the bare assignment solver that it stands on, on the same scores in the same run."""

import random
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from scipy.optimize import linear_sum_assignment

from matching.engine import Mentee, Mentor, Problem, Settings, solve, verify
from matching.engine.grid import Grid
from mentorship.people.meeting import SLOTS

SIZES = ((33, 34), (500, 500), (1000, 1000))
ROUNDS = 3
GOALS = [f"goal-{number}" for number in range(24)]
UNITS = [f"unit-{number}" for number in range(73)]
IDENTITIES = {"gender": ("woman", "man", "nonbinary"), "ethnicity": ("asian", "black", "hispanic", "white")}


@dataclass(frozen=True)
class MatchingFigures:
    """Median seconds of one size: `solve` with its proofs, `verify`, and `bare`, one assignment without either."""

    mentors: int
    mentees: int
    identity: bool
    matched: int
    solve: float
    verify: float
    bare: float

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def measure_matching(*, mentors: int, mentees: int, identity: bool, rounds: int) -> MatchingFigures:
    """Solve, check and bluntly assign an invented season `rounds` times."""
    problem = invented_problem(mentors=mentors, mentees=mentees, identity=identity)
    trace = solve(problem)
    score = Grid(problem).score
    return MatchingFigures(
        mentors=mentors,
        mentees=mentees,
        identity=identity,
        matched=len(trace.pairs),
        solve=_median(lambda: solve(problem), rounds),
        verify=_median(lambda: verify(problem, trace), rounds),
        bare=_median(lambda: linear_sum_assignment(score, maximize=True), rounds),
    )


def invented_problem(*, mentors: int, mentees: int, identity: bool) -> Problem:
    """Draw a season as Riverbend's: 24 goals of which few are popular, 73 work units, some favourites."""
    rng = random.Random(f"{mentors} {mentees} {identity}")  # noqa: S311 - believable, not secret
    helpers, seekers = (
        [f"{letter}{n:05}" for n in range(count)] for letter, count in (("H", mentors), ("S", mentees))
    )
    return Problem(
        settings=Settings(identity=identity, seed="benchmark"),
        mentors=tuple(
            Mentor(
                capacity=rng.choices([1, 2], [4, 1])[0],
                offers={goal: rng.choice([1, 2]) for goal in _popular(rng, rng.randint(4, 8))},
                **_person(rng, key, seekers, identity),
            )
            for key in helpers
        ),
        mentees=tuple(
            Mentee(
                goals={goal: rng.choice([1, 2, 3]) for goal in _popular(rng, rng.randint(3, 5))},
                priority=rng.random() < 0.1,
                **_person(rng, key, helpers, identity),
            )
            for key in seekers
        ),
    )


def _person(rng: random.Random, key: str, others: list[str], identity: bool) -> dict[str, Any]:
    asks = identity and rng.random() < 0.4
    return {
        "id": key,
        "unit": rng.choice(UNITS),
        "slots": tuple(rng.sample(SLOTS, rng.randint(3, 8))),
        "languages": ("en", "es") if rng.random() < 0.25 else ("en",),
        "favourites": tuple(rng.sample(others, min(len(others), rng.choice([0, 0, 0, 1, 2])))),
        "identity": {name: (rng.choice(values),) for name, values in IDENTITIES.items()} if asks else {},
        "match_on": {name: rng.choice([0, 1, 2]) for name in IDENTITIES} if asks else {},
    }


def _popular(rng: random.Random, count: int) -> list[str]:
    """Draw different goals, the first ones more often."""
    drawn = sorted(enumerate(GOALS, 1), key=lambda entry: rng.random() ** entry[0], reverse=True)
    return [goal for _place, goal in drawn[:count]]


def _median(work: Callable[[], object], rounds: int) -> float:
    taken = []
    for _round in range(rounds):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return round(median(taken), 6)
