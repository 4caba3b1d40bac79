"""Hooks by which upper apps let a person see others (partners, the directory); people never names those apps."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q

_rules: list[Callable[[Any], Q]] = []


def register(rule: Callable[[Any], Q]) -> None:
    """Add a rule: given the one who looks, a condition on the people whom they may see."""
    _rules.append(rule)


def rules() -> list[Callable[[Any], Q]]:
    return list(_rules)
