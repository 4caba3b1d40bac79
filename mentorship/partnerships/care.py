"""For which coordinator something in a pair waits: its contact first, after a week the second coordinator too."""

from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from mentorship.people.models import Role, User

UNHANDLED_AFTER = timedelta(days=7)


def coordinators() -> Any:
    """Everybody who is a coordinator now, by name."""
    return User.objects.active().filter(is_staff=True, groups__name=Role.COORDINATOR).order_by("family_name", "pk")


def unconcerned(user: Any) -> Q:
    """A condition on rows of a membership: for a coordinator those of pairs that concern nobody near them."""
    if not user.has_role(Role.COORDINATOR):
        return Q(pk__in=[])
    pairs: Any = apps.get_model("partnerships", "Partnership")
    return Q(membership__partnership__in=pairs.objects.decidable_by(user).values("pk"))


def waits_for(user: Any, now: datetime, partnership: str) -> Q:
    """A condition on rows with `waits_since`: theirs to deal with, `partnership` being the look-up of their pair.

    What is with somebody else already is another condition; so is whether they may read it at all.
    """
    theirs = Q(**{f"{partnership}__liaison": user})
    has_contact = Exists(coordinators().filter(pk=OuterRef(f"{partnership}__liaison")))
    return theirs | Q(~has_contact) | overdue_for(user, now, f"{partnership}__season")


def overdue_for(user: Any, now: datetime, season: str) -> Q:
    """It has waited for a week: it goes to the season's second coordinator, or to all where there is none."""
    second = f"{season}__second_coordinator"
    has_second = Exists(coordinators().filter(pk=OuterRef(second)))
    return Q(waits_since__lte=now - UNHANDLED_AFTER) & (Q(**{second: user}) | Q(~has_second))
