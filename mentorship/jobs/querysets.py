"""Which jobs one may see in a list."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q


class JobQuerySet(models.QuerySet[Any]):
    """Filters on jobs."""

    def visible_to(self, user: Any) -> "JobQuerySet":
        """Their own; coordinators and administrators see everybody's (a job holds ids and counts only)."""
        if user.has_role("coordinator", "administrator"):
            return self.all()
        return self.filter(requested_by=user.pk)

    def waiting(self) -> "JobQuerySet":
        return self.filter(state="queued")

    def lost(self, now: datetime) -> "JobQuerySet":
        """Running by their own account, but nobody has reported on them within the lease."""
        return self.filter(state="running", lease_until__lt=now)

    def ended_before(self, moment: datetime) -> "JobQuerySet":
        return self.filter(Q(ended_at__lt=moment), state__in=["done", "failed", "cancelled"])
