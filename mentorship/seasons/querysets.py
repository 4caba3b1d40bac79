"""Which seasons one may see, and which templates are the newest."""

from datetime import datetime
from typing import Any

from django.db import models


class SeasonQuerySet(models.QuerySet[Any]):
    """Filters on seasons."""

    def visible_to(self, user: Any) -> "SeasonQuerySet":
        """Coordinators see every season, everybody else the published ones."""
        if user.is_authenticated and user.has_role("coordinator"):
            return self.all()
        return self.published()

    def published(self) -> "SeasonQuerySet":
        return self.filter(published_at__isnull=False)

    def current(self, now: datetime) -> "SeasonQuerySet":
        """Published and not archived, the newest first."""
        return self.published().filter(published_at__lte=now, archived_at=None).order_by("-opens_on", "slug")


class SeasonTemplateQuerySet(models.QuerySet[Any]):
    """Filters on season templates."""

    def newest(self) -> "SeasonTemplateQuerySet":
        """The latest version of each template."""
        return self.order_by("slug", "-version").distinct("slug")
