"""What is counted of seasons, in SQL: as many queries for one season as for many, small or large."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import (
    Aggregate,
    Count,
    Exists,
    F,
    FloatField,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce, TruncMonth

from mentorship.applications.models import Application
from mentorship.common.small_groups import shown_groups
from mentorship.partnerships.models import Attendance, Kind, Meeting, Membership, Partnership
from mentorship.partnerships.querysets import HELD, TOLD
from mentorship.seasons.models import Season
from mentorship.seasons.phases import zone

COMPLETED = ["completed", "completed-early"]
ROLES = tuple(role.value for role in Membership.Role)


class Median(Aggregate):
    """The middle value, between the two middle ones of an even number."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


@dataclass(frozen=True)
class Counts:
    """The plain figures of one season; people are counted once, whatever their part, except in `roles`."""

    applied: int = 0
    eligible: int = 0
    matched: int = 0
    announced: int = 0
    met: int = 0
    completed: int = 0
    work_units: int = 0
    with_unit: int = 0
    roles: Mapping[str, int] = field(default_factory=dict)
    meetings: int = 0
    meeting_minutes: int = 0
    person_minutes: int = 0
    pairs: int = 0
    meetings_per_pair: float | None = None


@dataclass(frozen=True)
class Month:
    """One month's meetings: `first` is its first day, `people` who were at one of them at least."""

    first: date
    people: int
    meetings: int
    meeting_minutes: int
    person_minutes: int


def counts_of(seasons: Iterable[Season]) -> dict[Any, Counts]:
    """Return what is counted of each season by its key, in five queries."""
    keys = [season.pk for season in seasons]
    found: dict[Any, dict[str, Any]] = {key: {} for key in keys}
    for rows in (_applications(keys), _members(keys), _attendances(keys), _meetings(keys), _pairs(keys)):
        for row in rows:
            found[row.pop("of")] |= row
    return {key: _counts(row) for key, row in found.items()}


def months_of(season: Season) -> list[Month]:
    """Return every month from the first meeting or the start of the season to the last, in order; two queries."""
    month = TruncMonth("starts_at", tzinfo=zone(season))
    lengths = {
        row["month"].date(): row
        for row in Meeting.objects.of_season(season)
        .held()
        .order_by()
        .annotate(month=month)
        .values("month")
        .annotate(meetings=Count("pk"), minutes=Sum("minutes"))
    }
    present = {
        row["month"].date(): row
        for row in Attendance.objects.counted()
        .filter(meeting__partnership__season=season)
        .order_by()
        .annotate(month=TruncMonth("meeting__starts_at", tzinfo=zone(season)))
        .values("month")
        .annotate(people=Count("membership__person", distinct=True), minutes=Sum("meeting__minutes"))
    }
    if not lengths:
        return []
    first = min(season.starts_on.replace(day=1), *lengths)
    found = []
    while first <= max(lengths):
        held, there = lengths.get(first, {}), present.get(first, {})
        found.append(
            Month(
                first,
                people=there.get("people", 0),
                meetings=held.get("meetings", 0),
                meeting_minutes=held.get("minutes", 0),
                person_minutes=there.get("minutes", 0),
            )
        )
        first = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return found


def shown_months(months: Iterable[Month]) -> set[date]:
    """The months that may be shown: at least five people met, and so many in whatever is hidden beside them.

    A month without meetings tells of nobody and is shown too.
    """
    months = list(months)
    named = {month.first.isoformat(): month.people for month in months}
    shown = shown_groups(named) | {key for key, people in named.items() if not people}
    if len([people for people in named.values() if people]) == 1:
        # The only month with meetings is the total itself.
        shown = set(named)
    return {month.first for month in months if month.first.isoformat() in shown}


def shown_roles(roles: Mapping[str, int]) -> dict[str, int]:
    """The roles whose number of people may be shown, in the order of the roles; the only role there is, is shown."""
    taken = {role: people for role, people in roles.items() if people}
    shown = shown_groups(taken) if len(taken) > 1 else set(taken)
    return {role: people for role, people in taken.items() if role in shown}


def _counts(row: dict[str, Any]) -> Counts:
    roles = {role: row.pop(f"as_{role}", 0) for role in ROLES}
    return Counts(**row, roles=roles)


def _applications(keys: list[Any]) -> Any:
    """People who sent an application; those found eligible, or matched before they withdrew."""
    matched = Membership.objects.filter(application=OuterRef("pk"), partnership__state__in=HELD + TOLD)
    return (
        Application.objects.filter(season__in=keys, submitted_at__isnull=False)
        .order_by()
        .annotate(was_matched=Exists(matched))
        .values(of=F("season_id"))
        .annotate(
            applied=Count("applicant", distinct=True),
            eligible=Count("applicant", distinct=True, filter=Q(state="eligible") | Q(was_matched=True)),
        )
    )


def _members(keys: list[Any]) -> Any:
    """People by how far they came, by role, and the units of those who were told."""
    told = Q(partnership__state__in=TOLD)
    return (
        Membership.objects.filter(season__in=keys)
        .order_by()
        .values(of=F("season_id"))
        .annotate(
            matched=Count("person", distinct=True, filter=Q(partnership__state__in=HELD + TOLD)),
            announced=Count("person", distinct=True, filter=told),
            completed=Count("person", distinct=True, filter=Q(partnership__state__in=COMPLETED)),
            work_units=Count("person__profile__unit", distinct=True, filter=told),
            with_unit=Count("person", distinct=True, filter=told & Q(person__profile__unit__isnull=False)),
            **{f"as_{role}": Count("person", distinct=True, filter=told & Q(role=role)) for role in ROLES},
        )
    )


def _attendances(keys: list[Any]) -> Any:
    return (
        Attendance.objects.counted()
        .filter(meeting__partnership__season__in=keys)
        .order_by()
        .values(of=F("meeting__partnership__season_id"))
        .annotate(met=Count("membership__person", distinct=True), person_minutes=Sum("meeting__minutes"))
    )


def _meetings(keys: list[Any]) -> Any:
    return (
        Meeting.objects.held()
        .filter(partnership__season__in=keys)
        .order_by()
        .values(of=F("partnership__season_id"))
        .annotate(meetings=Count("pk"), meeting_minutes=Sum("minutes"))
    )


def _pairs(keys: list[Any]) -> Any:
    """Announced pairs, and the median of how often they met; those that never met count too."""
    held = (
        Meeting.objects.held()
        .filter(partnership=OuterRef("pk"))
        .order_by()
        .values("partnership")
        .annotate(found=Count("pk"))
        .values("found")
    )
    return (
        Partnership.objects.filter(season__in=keys, kind=Kind.PAIR, state__in=TOLD)
        .order_by()
        .annotate(held=Coalesce(Subquery(held, output_field=IntegerField()), Value(0)))
        .values(of=F("season_id"))
        .annotate(pairs=Count("pk"), meetings_per_pair=Median("held"))
    )
