"""The people and steps that the tests of circles share."""

from typing import Any

from matching.models import CircleProposal, CircleRun
from matching.services.circles import (
    approve_suggested_circles,
    execute_circle_run,
    name_facilitator,
    start_circle_run,
)
from tests.factories import NOW, ApplicationFactory, GoalFactory, SeasonFactory, UserFactory
from tests.matching.cast import silent


def circle_season(**fields: Any) -> Any:
    return SeasonFactory(has_pairs=False, has_circles=True, **fields)


def peers(season: Any, count: int, *, theme: Any = None, slots: Any = ("tue-am",), **fields: Any) -> list[Any]:
    """So many peers of the season who want one theme at the same time."""
    fields = {"season": season, "role": "peer", "state": "eligible", **fields}
    theme = theme or GoalFactory()
    return [ApplicationFactory(wants={theme: 3}, slots=list(slots), **fields) for _ in range(count)]


def facilitator(season: Any, by: Any, circles: int = 1) -> Any:
    person = UserFactory()
    name_facilitator(season=season, person=person, circles=circles, by=by, now=NOW)
    return person


def find_circles(season: Any, by: Any, now: Any = NOW) -> CircleRun:
    """Ask for a run and do it at once."""
    run = start_circle_run(season=season, by=by, now=now)
    execute_circle_run(run_id=run.pk, progress=silent, now=now)
    return CircleRun.objects.get(pk=run.pk)


def members_of(run: CircleRun) -> list[set[Any]]:
    """The applications in each circle of a run."""
    return [
        set(circle.seats.values_list("application", flat=True))
        for circle in CircleProposal.objects.filter(run=run).order_by("number")
    ]


def approve_circles_of(run: CircleRun, by: Any, now: Any = NOW) -> Any:
    keys = CircleProposal.objects.filter(run=run).values_list("pk", flat=True)
    return approve_suggested_circles(run=run, circles=keys, by=by, now=now)
