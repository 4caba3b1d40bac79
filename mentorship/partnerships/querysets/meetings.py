"""Which meetings one may see, and the filters and sums from which hours are counted in the database."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Count, DateTimeField, ExpressionWrapper, F, Q, Sum
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from mentorship.partnerships.querysets.pairs import TOLD

ENDS_AT = ExpressionWrapper(F("starts_at") + F("minutes") * timedelta(minutes=1), output_field=DateTimeField())


@dataclass(frozen=True)
class Totals:
    """How many meetings were held, their length in minutes, and the same counted once for each who was there."""

    meetings: int
    meeting_minutes: int
    person_minutes: int

    @property
    def meeting_hours(self) -> float:
        return self.meeting_minutes / 60

    @property
    def person_hours(self) -> float:
        return self.person_minutes / 60


class MeetingQuerySet(models.QuerySet[Any]):
    """Filters on meetings."""

    def visible_to(self, user: Any) -> "MeetingQuerySet":
        """Those of one's own partnerships, and for coordinators those of all that don't concern them."""
        seen = Q(pk__in=self._all().of_member(user).values("pk"))
        if user.has_role("coordinator"):
            partnerships = self.model._meta.get_field("partnership").related_model.objects
            seen |= Q(partnership__in=partnerships.filter(state__in=TOLD).decidable_by(user).values("pk"))
        return self.filter(seen)

    def of_member(self, user: Any) -> "MeetingQuerySet":
        """Those of the partnerships in which `user` is or was a member."""
        return self.filter(partnership__state__in=TOLD, partnership__memberships__person=user)

    def of_season(self, season: Any) -> "MeetingQuerySet":
        return self.filter(partnership__season=season)

    def held(self) -> "MeetingQuerySet":
        """Those that took place: the ones that count."""
        return self.filter(state="held")

    def planned(self) -> "MeetingQuerySet":
        return self.filter(state="planned")

    def upcoming(self, now: datetime) -> "MeetingQuerySet":
        """Planned ones that haven't ended, the next first."""
        rows: MeetingQuerySet = self.planned().with_end().filter(ends_at__gt=now).order_by("starts_at", "pk")
        return rows

    def unsettled(self, now: datetime | Combinable) -> "MeetingQuerySet":
        """Planned ones that are over, and of which nobody said yet whether they took place; the latest first."""
        # The first condition is there for the index on when they start.
        rows: MeetingQuerySet = self.planned().filter(starts_at__lte=now).with_end().filter(ends_at__lte=now)
        return rows

    def with_end(self) -> Any:
        """With `ends_at`, the moment at which each is over."""
        return self.annotate(ends_at=ENDS_AT)

    def with_present(self) -> "MeetingQuerySet":
        """With `people`, how many were there."""
        rows: MeetingQuerySet = self.annotate(people=Count("attendances", filter=Q(attendances__present=True)))
        return rows

    def totals(self) -> Totals:
        """The hours of those among these that were held. Two sums, since one over a join counts lengths twice."""
        held = self._all().held().filter(pk__in=self.order_by().values("pk"))
        plain = held.aggregate(count=Count("pk"), minutes=Coalesce(Sum("minutes"), 0))
        present = held.filter(attendances__present=True).aggregate(minutes=Coalesce(Sum("minutes"), 0))
        return Totals(plain["count"], plain["minutes"], present["minutes"])

    def lengths(self) -> dict[Any, tuple[int, int]]:
        """By partnership, how many of these there are and how many minutes they have together; one query."""
        rows = self.order_by().values_list("partnership").annotate(Count("pk"), Sum("minutes"))
        return {pair: (meetings, minutes) for pair, meetings, minutes in rows}

    def _all(self) -> "MeetingQuerySet":
        rows: MeetingQuerySet = self.model.objects.all()
        return rows


class AttendanceQuerySet(models.QuerySet[Any]):
    """Filters on who was where."""

    def counted(self) -> "AttendanceQuerySet":
        """Those that count as hours of a person: `Sum("meeting__minutes")` of them are person-minutes."""
        return self.filter(present=True, meeting__state="held")


class HourCorrectionQuerySet(models.QuerySet[Any]):
    """Filters on corrections."""

    def visible_to(self, user: Any) -> "HourCorrectionQuerySet":
        """Those of the meetings that one sees."""
        meetings = self.model._meta.get_field("meeting").related_model.objects
        return self.filter(meeting__in=meetings.visible_to(user).values("pk"))
