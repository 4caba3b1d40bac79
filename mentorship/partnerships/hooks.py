"""What upper apps know about a pair that this package may not read itself."""

from collections.abc import Callable
from typing import Any

_shared: list[Callable[[Any], bool]] = []


def register_shared_wish(asks: Callable[[Any], bool]) -> None:
    """Add who knows whether both members of a pair asked to be matched on something they share, and to show it."""
    _shared.append(asks)


def shared_wish(partnership: Any) -> bool:
    """True where the one sentence about it may be shown to both; asked anew each time, so a change counts at once."""
    return any(asks(partnership) for asks in _shared)
