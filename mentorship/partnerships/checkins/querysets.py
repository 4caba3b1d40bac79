"""Which check-ins one may see, and which wait for a coordinator."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Case, Count, F, IntegerField, Q, Value, When, Window
from django.db.models.functions import RowNumber

from mentorship.partnerships import care

GOING_ON = ["announced", "running"]
LOW = 2
# Why an answer waits for a coordinator, the most pressing first.
CALL, DIFFERENT, LOW_MARK = range(3)


class CheckInQuerySet(models.QuerySet[Any]):
    """Filters on check-ins."""

    def visible_to(self, user: Any) -> "CheckInQuerySet":
        """One's own, and for coordinators those of pairs that concern neither them nor somebody near them."""
        return self.filter(Q(membership__person=user) | care.unconcerned(user))

    def handled_by_others_than(self, user: Any) -> "CheckInQuerySet":
        """Those that a coordinator may read and deal with: never their own."""
        return self.filter(care.unconcerned(user)).exclude(membership__person=user)

    def open_in(self, season: Any, month: Any) -> "CheckInQuerySet":
        """Those of pairs that go on, for one month of one season."""
        return self.filter(
            membership__season=season,
            membership__active=True,
            membership__partnership__state__in=GOING_ON,
            month=month,
        )

    def beside(self, check_in: Any) -> "CheckInQuerySet":
        """Every check-in of the same person for the same month of the same season, in a fixed order."""
        membership = check_in.membership
        rows = self.open_in(membership.season_id, check_in.month).filter(membership__person=membership.person_id)
        return rows.order_by("membership__joined_at", "pk")

    def waiting(self) -> "CheckInQuerySet":
        """Those with something in them for a coordinator, annotated with `reason` (CALL … LOW_MARK)."""
        reason = Case(
            When(wants_call=True, then=Value(CALL)),
            When(fit="different", then=Value(DIFFERENT)),
            default=Value(LOW_MARK),
            output_field=IntegerField(),
        )
        open_seasons = self.filter(waits_since__isnull=False, membership__season__archived_at=None)
        rows: CheckInQuerySet = open_seasons.annotate(reason=reason)
        return rows

    def waiting_for(self, user: Any, now: datetime) -> "CheckInQuerySet":
        """Those that wait for this coordinator: of their own pairs, or too long."""
        theirs = care.waits_for(user, now, "membership__partnership")
        return self.handled_by_others_than(user).waiting().filter(theirs)

    def first_of_each_reason(self, most: int) -> "CheckInQuerySet":
        """The `most` that wait longest for each reason, annotated with `alike`, how many there are in all."""
        rows: CheckInQuerySet = self.annotate(
            place=Window(RowNumber(), partition_by=F("reason"), order_by=[F("waits_since"), F("pk")]),
            alike=Window(Count("pk"), partition_by=F("reason")),
        ).filter(place__lte=most)
        return rows

    def named(self) -> "CheckInQuerySet":
        """With the names of the member, of their partners and of the season."""
        return self.select_related(
            "membership__person__profile", "membership__partnership__season__second_coordinator"
        ).prefetch_related("membership__partnership__memberships__person__profile")
