"""Which requests for help one may see: a coordinator whom one names, or who is near the pair, sees none of it."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Case, Count, F, IntegerField, Q, Value, When, Window
from django.db.models.functions import RowNumber

from mentorship.partnerships import care


class HelpCaseQuerySet(models.QuerySet[Any]):
    """Filters on requests for help."""

    def visible_to(self, user: Any) -> "HelpCaseQuerySet":
        """One's own, and for coordinators those that they may handle."""
        return self.filter(Q(membership__person=user) | self._handleable(user))

    def handleable_by(self, user: Any) -> "HelpCaseQuerySet":
        """Those that a coordinator may handle: not their own, not kept from them, nobody near them in the pair."""
        return self.filter(self._handleable(user))

    def going_on(self) -> "HelpCaseQuerySet":
        return self.exclude(state="closed")

    def waiting(self) -> "HelpCaseQuerySet":
        """Those whose person waits for a coordinator, annotated with `weight`: conduct before everything else."""
        weight = Case(When(topic="conduct", then=Value(0)), default=Value(1), output_field=IntegerField())
        open_seasons = self.filter(waits_since__isnull=False, membership__season__archived_at=None)
        rows: HelpCaseQuerySet = open_seasons.annotate(weight=weight)
        return rows

    def waiting_for(self, user: Any, now: datetime) -> "HelpCaseQuerySet":
        """Those that wait for this coordinator: what nobody has taken, what they took, what waits too long."""
        theirs = Q(state="open") | Q(handler=user) | care.overdue_for(user, now, "membership__season")
        return self.handleable_by(user).waiting().filter(theirs)

    def most_pressing(self, most: int) -> "HelpCaseQuerySet":
        """The `most` pressing, annotated with `alike`, how many there are in all."""
        order = [F("weight"), F("waits_since"), F("pk")]
        rows: HelpCaseQuerySet = self.annotate(
            place=Window(RowNumber(), order_by=order), alike=Window(Count("pk"))
        ).filter(place__lte=most)
        return rows

    def named(self) -> "HelpCaseQuerySet":
        return self.select_related(
            "membership__person__profile", "membership__partnership__season", "handler__profile", "kept_from__profile"
        )

    def _handleable(self, user: Any) -> Q:
        return care.unconcerned(user) & (Q(kept_from=None) | ~Q(kept_from=user))
