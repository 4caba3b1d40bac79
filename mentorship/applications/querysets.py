"""Which applications one may see."""

from typing import Any

from django.db import models
from django.db.models import Q

MATCHABLE = ["eligible"]
OPEN = ["draft", "submitted", "eligible", "ineligible", "waiting"]


class ApplicationQuerySet(models.QuerySet[Any]):
    """Filters on applications."""

    def visible_to(self, user: Any) -> "ApplicationQuerySet":
        """One's own; coordinators also see those that were sent, but for their supervisor's and reports'."""
        own = Q(applicant=user)
        if not user.has_role("coordinator"):
            return self.filter(own)
        concerned = Q(applicant__profile__supervisor=user) | Q(applicant__reports__user=user)
        others = Q(pk__in=self.model.objects.exclude(state="draft").exclude(concerned).values("pk"))
        return self.filter(own | others)

    def screenable_by(self, user: Any) -> "ApplicationQuerySet":
        """Those that a coordinator may decide on: never their own."""
        return self.visible_to(user).exclude(applicant=user).exclude(state="draft")

    def open(self) -> "ApplicationQuerySet":
        return self.exclude(state="withdrawn")

    def matchable(self) -> "ApplicationQuerySet":
        return self.filter(state__in=MATCHABLE)
