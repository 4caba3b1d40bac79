"""What happens to the goals that members share; any of them may change any."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from mentorship.partnerships.models import PairGoal, Partnership
from mentorship.partnerships.services.membership import check_going_on, lock_pair, member_of
from mentorship.records.audit import record
from mentorship.seasons.models import Goal

MOST_GOALS = 8


class TooManyGoals(Exception):
    """More than anybody can work on."""


@transaction.atomic
def add_goals(*, partnership: Partnership, goals: Iterable[Goal], by: Any, now: datetime) -> list[PairGoal]:
    """Take over these goals of the season, without those they have. Raises NotTheirs, Closed, TooManyGoals."""
    pair = _open_to(partnership, by)
    have = set(pair.goals.values_list("goal_id", flat=True))
    new = [goal for goal in goals if goal.pk not in have]
    return [_add(pair, goal, "", by, now) for goal in new]


@transaction.atomic
def add_own_goal(*, partnership: Partnership, words: str, by: Any, now: datetime) -> PairGoal:
    """Add a goal in the members' own words. Raises NotTheirs, Closed, TooManyGoals."""
    return _add(_open_to(partnership, by), None, words, by, now)


@transaction.atomic
def set_progress(*, goal: PairGoal, progress: str, by: Any, now: datetime) -> PairGoal:
    """Say how far they are. Raises NotTheirs, Closed."""
    _open_to(goal.partnership, by)
    goal = PairGoal.objects.select_for_update(of=("self",)).get(pk=goal.pk)
    if goal.progress != progress:
        goal.progress, goal.changed_at = progress, now
        goal.save(update_fields=["progress", "changed_at"])
        record(by=by, verb="set-goal-progress", target=goal, now=now)
    return goal


@transaction.atomic
def remove_goal(*, goal: PairGoal, by: Any, now: datetime) -> None:
    """Drop a goal. Raises NotTheirs, Closed."""
    _open_to(goal.partnership, by)
    record(by=by, verb="remove-goal", target=goal, now=now)
    goal.delete()


def _open_to(partnership: Partnership, by: Any) -> Partnership:
    pair = lock_pair(partnership.pk)
    member_of(pair, by)
    check_going_on(pair)
    return pair


def _add(pair: Partnership, goal: Goal | None, words: str, by: Any, now: datetime) -> PairGoal:
    count = pair.goals.count()
    if count >= MOST_GOALS:
        raise TooManyGoals
    row = PairGoal.objects.create(
        partnership=pair, goal=goal, words=words, order=count, added_by=by, added_at=now, changed_at=now
    )
    record(by=by, verb="add-goal", target=row, now=now)
    return row
