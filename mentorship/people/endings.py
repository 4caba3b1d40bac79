"""What ends when a person may no longer sign in; upper apps register theirs (feeds, links in mail) from `ready()`."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

_endings: list[Callable[[Any, datetime], None]] = []


def register(ending: Callable[[Any, datetime], None]) -> None:
    """Add what to do with a person's things; it runs in the transaction that deactivates them."""
    _endings.append(ending)


def end_all(person: Any, now: datetime) -> None:
    for ending in _endings:
        ending(person, now)
