"""Which texts one may read, which version of them, which path holds, and whose progress a coordinator sees."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from mentorship.applications import concerns
from mentorship.learning import participation


class ResourceQuerySet(models.QuerySet[Any]):
    """Filters on texts."""

    def visible_to(self, user: Any) -> "ResourceQuerySet":
        """Coordinators see every version, everybody else what is in use."""
        return self.all() if user.has_role("coordinator") else self.in_use()

    def readable_by(self, user: Any, now: datetime) -> "ResourceQuerySet":
        """The versions in use; those who take no part now read only what is for supervisors."""
        rows = self.in_use()
        if user.has_role("coordinator") or participation.takes_part(user, now):
            return rows
        return rows.open_to_all()

    def open_to_all(self) -> "ResourceQuerySet":
        return self.filter(roles__contains=["supervisor"])

    def in_use(self) -> "ResourceQuerySet":
        """The newest version in use of each slug; a library's own versions are newer than any shipped one."""
        newest = self.model.objects.filter(active=True).order_by("slug", "-version").distinct("slug")
        return self.filter(pk__in=newest.values("pk"))


class PathQuerySet(models.QuerySet[Any]):
    """Filters on paths."""

    def visible_to(self, user: Any) -> "PathQuerySet":
        return self.all() if user.has_role("coordinator") else self.none()

    def for_seasons(self, seasons: Iterable[Any]) -> "PathQuerySet":
        """Every path that may hold in one of `seasons`; which one does, `reading.chosen` says."""
        seasons = list(seasons)
        return self.filter(
            Q(season__in=seasons) | Q(season=None, template_slug__in=["", *(row.template_slug for row in seasons)])
        )


class CompletionQuerySet(models.QuerySet[Any]):
    """Filters on what was read; all can be aggregated in SQL."""

    def visible_to(self, user: Any) -> "CompletionQuerySet":
        """One's own; coordinators also see others', not of those near them."""
        own = Q(person=user)
        if not user.has_role("coordinator"):
            return self.filter(own)
        return self.filter(own | Q(pk__in=self.model.objects.exclude(concerns.near(user, "person")).values("pk")))

    def of_season(self, season: Any) -> "CompletionQuerySet":
        return self.filter(season=season)

    def in_role(self, role: str) -> "CompletionQuerySet":
        """Those of people who ever took part in the completion's season in `role`."""
        return self.filter(participation.took_part("person", "season", role))
