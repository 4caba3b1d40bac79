"""An invented season of any size: the same one for the same size, believable in what is popular and what is rare."""

import random
from typing import Any

from matching.engine import Mentee, Mentor, Problem, Settings
from mentorship.people.meeting import SLOTS
from mentorship.portal.benchmarks.matching.sizes import Size

GOALS = [f"goal-{number}" for number in range(24)]
UNITS = [f"unit-{number}" for number in range(73)]
IDENTITIES = {"gender": ("woman", "man", "nonbinary"), "ethnicity": ("asian", "black", "hispanic", "white")}


def invented_problem(size: Size, *, identity: bool) -> Problem:
    """Draw a season as Riverbend's: 24 goals of which few are popular, 73 work units, some favourites."""
    rng = random.Random(f"{size.mentors} {size.mentees} {identity}")  # noqa: S311 - believable, not secret
    helpers, seekers = (
        [f"{letter}{n:05}" for n in range(count)] for letter, count in (("H", size.mentors), ("S", size.mentees))
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
