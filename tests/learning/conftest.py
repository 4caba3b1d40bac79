"""What the tests of learning share: a season under way at NOW with a pair, and the mentor's path of two texts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from tests.factories import (
    NOW,
    MenteeFactory,
    MentorFactory,
    PartnershipFactory,
    PathFactory,
    ResourceFactory,
    SeasonFactory,
    SelfCheckQuestionFactory,
)

DATES = {
    "opens_on": date(2026, 12, 7),
    "closes_on": date(2026, 12, 31),
    "matches_on": date(2027, 1, 18),
    "starts_on": date(2027, 1, 25),
}


@dataclass
class House:
    """A season, its pair, and two texts on the path of mentors; the first has a self-check."""

    season: Any
    pair: Any
    mentor: Any
    mentee: Any
    first: Any
    second: Any
    question: Any


@pytest.fixture(autouse=True)
def _at_now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def running_season(**fields: Any) -> Any:
    """Under way at NOW: it started a week ago."""
    return SeasonFactory(**{**DATES, "announced_at": NOW - timedelta(days=14), **fields})


def pair_in(season: Any, **fields: Any) -> Any:
    """An announced pair; `mentor=` and `mentee=` give its people."""
    people = {role: fields.pop(role) for role in ("mentor", "mentee") if role in fields}
    told = fields.setdefault("announced_at", NOW - timedelta(days=14))
    mentee = MenteeFactory(season=season, **({"applicant": people["mentee"]} if "mentee" in people else {}))
    mentor = MentorFactory(season=season, **({"applicant": people["mentor"]} if "mentor" in people else {}))
    pair = PartnershipFactory(season=season, pair=(mentee, mentor), **fields)
    pair.memberships.update(joined_at=told)
    return pair


def who(pair: Any, role: str) -> Any:
    return pair.memberships.get(role=role).person


@pytest.fixture
def house(db: None) -> House:
    season = running_season()
    pair = pair_in(season)
    first = ResourceFactory(slug="first", title_en="Where to begin", title_es="Por dónde empezar", minutes=8)
    second = ResourceFactory(slug="second", title_en="What stays", title_es="Lo que queda", minutes=6)
    question = SelfCheckQuestionFactory(resource=first, key="helps")
    PathFactory(role="mentor", steps=["first", "second"])
    return House(season, pair, who(pair, "mentor"), who(pair, "mentee"), first, second, question)
