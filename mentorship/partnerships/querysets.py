"""Which partnerships one may see."""

from typing import Any

from django.db import models

TOLD = ["announced", "running", "completed", "completed-early", "ended"]
HELD = ["approved", "asked", "confirmed", "announced", "running"]


class PartnershipQuerySet(models.QuerySet[Any]):
    """Filters on partnerships."""

    def visible_to(self, user: Any) -> "PartnershipQuerySet":
        """Its members once they were told, a mentor who is asked, and coordinators who aren't concerned."""
        member = models.Q(
            pk__in=self.model.objects.filter(state__in=TOLD, memberships__person=user).values("pk")
        ) | models.Q(
            pk__in=self.model.objects.filter(
                state__in=["asked", "confirmed"],
                memberships__person=user,
                memberships__role__in=["mentor", "facilitator"],
            ).values("pk")
        )
        if not user.has_role("coordinator"):
            return self.filter(member)
        concerned = (
            models.Q(memberships__person=user)
            | models.Q(memberships__person__profile__supervisor=user)
            | models.Q(memberships__person__reports__user=user)
        )
        others = models.Q(pk__in=self.model.objects.exclude(pk__in=self.model.objects.filter(concerned)).values("pk"))
        return self.filter(member | others)

    def held(self) -> "PartnershipQuerySet":
        """Those that take a place: approved up to running."""
        return self.filter(state__in=HELD)
