"""Which surveys, invitations, comments and results one may see. Responses are nobody's to see."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q

from mentorship.partnerships.models import Membership
from mentorship.partnerships.querysets import TOLD

READERS = ("coordinator", "analyst", "leadership")


class WaveQuerySet(models.QuerySet[Any]):
    """Filters on surveys."""

    def visible_to(self, user: Any) -> "WaveQuerySet":
        """Coordinators see every survey, everybody else those that they were invited to."""
        return self.all() if user.has_role("coordinator") else self.inviting(user)

    def inviting(self, user: Any) -> "WaveQuerySet":
        """Those that invited this person."""
        return self.filter(tickets__person=user)

    def to_answer(self, user: Any, now: datetime) -> "WaveQuerySet":
        """Those that this person can still answer."""
        return self.open(now).filter(tickets__person=user, tickets__answered=False)

    def open(self, now: datetime) -> "WaveQuerySet":
        return self.filter(state="open", closes_at__gt=now)

    def with_answered(self) -> Any:
        """With how many `were_invited` and `have_answered`: the response rate, which says nothing of anybody."""
        return self.annotate(
            were_invited=Count("tickets"), have_answered=Count("tickets", filter=Q(tickets__answered=True))
        )

    def overdue(self, now: datetime) -> "WaveQuerySet":
        """Open ones whose time is over."""
        return self.filter(state="open", closes_at__lte=now)

    def published_to(self, user: Any) -> "WaveQuerySet":
        """Those whose results this person may read: whom they are made for, and everybody who was invited."""
        published = self.filter(state="released")
        if user.has_role(*READERS):
            return published
        told = Membership.objects.filter(
            partnership__season=OuterRef("season"), partnership__state__in=TOLD, person=user
        )
        return published.filter(Exists(told))


class TicketQuerySet(models.QuerySet[Any]):
    """Filters on invitations."""

    def visible_to(self, user: Any) -> "TicketQuerySet":
        """One's own: who has answered is nobody else's to know."""
        return self.filter(person=user)


class CommentQuerySet(models.QuerySet[Any]):
    """Filters on comments."""

    def visible_to(self, user: Any) -> "CommentQuerySet":
        """Coordinators, once the results are published."""
        return self.filter(wave__state="released") if user.has_role("coordinator") else self.none()

    def published(self) -> "CommentQuerySet":
        return self.filter(state="released")


class ReleaseQuerySet(models.QuerySet[Any]):
    """Filters on published results."""

    def visible_to(self, user: Any) -> "ReleaseQuerySet":
        return self.filter(wave__in=self.model.wave.field.related_model.objects.published_to(user).values("pk"))
