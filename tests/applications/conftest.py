"""What the tests of applications share: the clock at NOW, and a season that is open with goals to choose from."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from mentorship.applications.services import save_section, start_application
from tests.factories import NOW, GoalFactory, SeasonFactory


@pytest.fixture(autouse=True)
def _at_now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def goals(db: None) -> list[Any]:
    return [GoalFactory(order=number) for number in range(10)]


@pytest.fixture
def season(goals: list[Any]) -> Any:
    """Open at NOW, matching on identities, with ten goals."""
    season = SeasonFactory(identity_matching=True)
    season.goals.set(goals)
    return season


def filled(season: Any, applicant: Any, role: str = "mentee", goals: Any = None) -> Any:
    """Start an application and fill in everything that is required."""
    application = start_application(season=season, applicant=applicant, role=role, now=NOW)
    chosen = [str(goal.pk) for goal in (goals or season.goals.all()[:3])]
    for section, data in (
        ("work", {"facts_confirmed": True, "facts_note": ""}),
        ("goals", {"goals": chosen}),
        ("meeting", {"slots": ["mon-am"], "schedule_rotates": False, "modes": ["video"], "languages": ["en"]}),
    ):
        application = save_section(application=application, section=section, data=data, by=applicant, now=NOW)
    return application
