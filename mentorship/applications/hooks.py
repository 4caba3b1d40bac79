"""What upper apps know of an application once its season's matches were announced."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from mentorship.applications.models import Application


@dataclass(frozen=True)
class Outcome:
    """What stands on the page of an eligible application instead of "we are looking for your match"."""

    template: str
    context: dict[str, Any]


_sources: list[Callable[[HttpRequest, Application], Outcome | None]] = []


def register_outcome(source: Callable[[HttpRequest, Application], Outcome | None]) -> None:
    """Add who may know what became of an application; None where there is nothing to say."""
    _sources.append(source)


def outcome_of(request: HttpRequest, application: Application) -> Outcome | None:
    """Return the first outcome that somebody knows."""
    return next((found for source in _sources if (found := source(request, application))), None)
