"""Whose applications a coordinator leaves to another: those near them at work, and whom upper apps register."""

from collections.abc import Callable
from typing import Any

from django.db.models import Exists, OuterRef, Q

from mentorship.people.models import Profile, User

_rules: list[Callable[[Any], Q]] = []


def register(rule: Callable[[Any], Q]) -> None:
    """Add a rule: given a coordinator, a condition on the people on whom another one decides."""
    _rules.append(rule)


def rules() -> list[Callable[[Any], Q]]:
    return list(_rules)


def near(user: Any, person: str) -> Q:
    """A condition on rows whose look-up `person` leads to the supervisor, a report or a registered one of `user`.

    Not `user` themselves. Each is an EXISTS of its own, since excluding over several joins to one table ties the
    wrong rows together; an empty `person` is near nobody.
    """
    found = Q(Exists(Profile.objects.filter(user=OuterRef(person), supervisor=user)))
    found |= Q(Exists(Profile.objects.filter(user=user, supervisor=OuterRef(person))))
    for rule in rules():
        found |= Q(Exists(User.objects.filter(rule(user), pk=OuterRef(person))))
    return found
