"""Who may guide circles in a season, and who guides which."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from matching.models import CircleFacilitator, CircleGuide, CircleProposal
from matching.services.circles.approvals import circle_to_decide, reopen
from mentorship.applications import concerns
from mentorship.common.states import IllegalMove
from mentorship.partnerships.querysets import HELD
from mentorship.partnerships.services import NotTheirs
from mentorship.people.models import User
from mentorship.records.audit import record
from mentorship.seasons.models import Season

MOST_GUIDES = 2
State = CircleProposal.State


class TooManyGuides(Exception):
    """A circle has one facilitator, sometimes two."""


class AlreadyGuides(Exception):
    """Somebody guides as many circles as they can, or one that is settled."""


@transaction.atomic
def name_facilitator(*, season: Season, person: User, circles: int, by: Any, now: datetime) -> CircleFacilitator:
    """Name somebody who may guide up to `circles` circles of the season. Raises NotTheirs."""
    check_theirs(by, [person.pk])
    row, _made = CircleFacilitator.objects.update_or_create(
        season=season, person=person, defaults={"circles": circles, "by": by, "at": now}
    )
    record(by=by, verb="name-facilitator", target=row, now=now)
    return row


@transaction.atomic
def drop_facilitator(*, facilitator: CircleFacilitator, by: Any, now: datetime) -> None:
    """Take somebody off the list; circles that were suggested with them have nobody then.

    Raises NotTheirs, and AlreadyGuides while a circle is approved with them.
    """
    check_theirs(by, [facilitator.person_id])
    guides = CircleGuide.objects.filter(person=facilitator.person_id, circle__run__season=facilitator.season_id)
    if guides.filter(circle__partnership__state__in=HELD).exists():
        raise AlreadyGuides
    guides.filter(circle__partnership=None).delete()
    record(by=by, verb="drop-facilitator", target=facilitator, now=now)
    facilitator.delete()


@transaction.atomic
def assign_facilitators(
    *, circle: CircleProposal, people: Collection[UUID], by: Any, now: datetime
) -> CircleProposal:
    """Say who guides a circle that isn't approved, or whose facilitator declined: it is open again then.

    Raises TooManyGuides, AlreadyGuides, NotTheirs (also for a peer of the circle, and for who isn't on the list) and
    IllegalMove.
    """
    row = circle_to_decide(circle, by)
    if row.partnership is not None:
        if row.partnership.state in HELD:
            raise IllegalMove("suggested circle", row.state, State.PROPOSED)
        reopen(row, by, now)
    if len(people) > MOST_GUIDES:
        raise TooManyGuides
    check_theirs(by, people)
    named = {
        each.person_id: each.circles
        for each in CircleFacilitator.objects.select_for_update(of=("self",)).filter(
            season=row.run.season_id, person__in=people
        )
    }
    peers = set(row.seats.values_list("application__applicant", flat=True))
    if set(named) != set(people) or peers & set(people):
        raise NotTheirs
    guiding = CircleGuide.objects.filter(circle__run=row.run_id).exclude(circle=row)
    for person, most in named.items():
        if guiding.filter(person=person).count() >= most:
            raise AlreadyGuides
    row.guides.exclude(person__in=people).delete()
    have = set(row.guides.values_list("person", flat=True))
    CircleGuide.objects.bulk_create(
        CircleGuide(circle=row, person_id=person) for person in named if person not in have
    )
    record(by=by, verb="assign-facilitators", target=row, now=now)
    return row


def check_theirs(by: Any, people: Collection[UUID]) -> None:
    """Raise NotTheirs where one of these people is `by` or near them."""
    theirs = User.objects.filter(pk__in=people, is_active=True).exclude(pk=by.pk).exclude(concerns.near(by, "pk"))
    if theirs.count() != len(set(people)):
        raise NotTheirs
