"""The places of mentors: locked in one order, counted again under the lock, moved with the pair that takes them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import OperationalError
from django.db.models import F

from mentorship.applications.models import Application
from mentorship.common.locks import waited_too_long
from mentorship.partnerships.models import MentorPlaces


class Busy(Exception):
    """Somebody else is deciding on the same people; nothing was changed, and a second try will do."""


@contextmanager
def patient() -> Iterator[None]:
    """Turn the database's "waited too long for a lock" into Busy. Goes around the transaction, not into it."""
    try:
        yield
    except OperationalError as error:
        if waited_too_long(error):
            raise Busy from error
        raise


def lock(mentors: Iterable[Application]) -> dict[UUID, MentorPlaces]:
    """Lock the places of these mentors (applications with their season loaded) by id, making missing ones.

    Every caller locks in the order of the applications' ids, so that two of them never wait for each other. The
    capacity follows the application's, but never below what is taken.
    """
    ordered = sorted(mentors, key=lambda mentor: mentor.pk)
    known = MentorPlaces.objects.filter(application__in=ordered)
    have = set(known.values_list("application_id", flat=True))
    if missing := [mentor for mentor in ordered if mentor.pk not in have]:
        MentorPlaces.objects.bulk_create(
            [MentorPlaces(application=mentor, capacity=capacity_of(mentor)) for mentor in missing],
            ignore_conflicts=True,
        )
    places = {row.application_id: row for row in known.select_for_update(of=("self",)).order_by("application_id")}
    changed = []
    for mentor in ordered:
        row = places[mentor.pk]
        capacity = max(row.taken, capacity_of(mentor))
        if row.capacity != capacity:
            row.capacity = capacity
            changed.append(row)
    MentorPlaces.objects.bulk_update(changed, ["capacity"])
    return places


def take(places: Iterable[MentorPlaces], taken: Counter[UUID]) -> None:
    """Move the counters by `taken` (application id → places); the database checks the capacity."""
    rows = list(places)
    for count in sorted(set(taken.values())):
        moved = [row.pk for row in rows if taken[row.application_id] == count]
        MentorPlaces.objects.filter(pk__in=moved).update(taken=F("taken") + count)


def give_back(mentors: Iterable[UUID]) -> None:
    """Free one place of these mentors' applications for each time that they are named."""
    freed = Counter(mentors)
    rows = MentorPlaces.objects.select_for_update(of=("self",)).filter(application__in=freed)
    held = list(rows.order_by("application_id"))
    for count in sorted(set(freed.values())):
        moved = [row.pk for row in held if freed[row.application_id] == count]
        MentorPlaces.objects.filter(pk__in=moved).update(taken=F("taken") - count)


def capacity_of(mentor: Application) -> int:
    """The mentees that a mentor takes: what they said, at most what the season allows."""
    return min(mentor.capacity, mentor.season.max_mentees_per_mentor)
