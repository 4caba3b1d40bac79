"""Who reads what members write and wish: the members alone, one person alone, or that person and coordinators."""

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from mentorship.partnerships.querysets.pairs import TOLD


class PairGoalQuerySet(models.QuerySet[Any]):
    """Filters on shared goals."""

    def visible_to(self, user: Any) -> "PairGoalQuerySet":
        """Those of one's own partnerships; no role sees others'."""
        return self.filter(partnership__state__in=TOLD, partnership__memberships__person=user)


class SharedNoteQuerySet(models.QuerySet[Any]):
    """Filters on notes that all members read."""

    def visible_to(self, user: Any) -> "SharedNoteQuerySet":
        """Those of one's own partnerships; no role sees others'."""
        return self.filter(partnership__state__in=TOLD, partnership__memberships__person=user)


class PrivateNoteQuerySet(models.QuerySet[Any]):
    """Filters on notes that one person reads."""

    def visible_to(self, user: Any) -> "PrivateNoteQuerySet":
        return self.filter(owner=user.pk)


class ChangeWishQuerySet(models.QuerySet[Any]):
    """Filters on wishes for a different match."""

    def visible_to(self, user: Any) -> "ChangeWishQuerySet":
        """One's own, and for coordinators those of pairs that don't concern them; never the partner's."""
        seen = Q(membership__person=user.pk)
        if user.has_role("coordinator"):
            memberships = self.model._meta.get_field("membership").related_model
            partnerships = memberships._meta.get_field("partnership").related_model.objects
            decidable = partnerships.decidable_by(user).filter(pk=OuterRef("membership__partnership"))
            seen |= Q(Exists(decidable))
        return self.filter(seen)

    def to_settle(self, user: Any) -> "ChangeWishQuerySet":
        """Those that wait for a coordinator, never their own; what was said in a check-in waits there."""
        rows = self.visible_to(user).open().exclude(membership__person=user)
        check_ins = self.model._meta.apps.get_model("partnerships", "CheckIn").objects
        told = check_ins.filter(membership=OuterRef("membership"), fit="different", waits_since__isnull=False)
        return rows.exclude(Exists(told))

    def open(self) -> "ChangeWishQuerySet":
        """Those that nobody settled yet."""
        return self.filter(settled_at=None)
