"""Which people one may see: the base rule, widened by what upper apps register."""

from typing import Any

from django.db import models
from django.db.models import Q

from mentorship.people import visibility


class UserQuerySet(models.QuerySet[Any]):
    """Filters on people."""

    def active(self) -> "UserQuerySet":
        return self.filter(is_active=True)

    def visible_to(self, user: Any) -> "UserQuerySet":
        """Themselves, for coordinators and administrators everybody, and whomever an upper app lets them see."""
        if user.has_role("coordinator", "administrator"):
            return self.all()
        rule = Q(pk=user.pk)
        for extra in visibility.rules():
            rule |= extra(user)
        return self.filter(rule).distinct()

    def named(self) -> "UserQuerySet":
        """With the profile loaded, as every page that names people needs it."""
        return self.select_related("profile")
