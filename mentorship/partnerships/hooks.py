"""What upper apps add to a pair: what they know that this package may not read itself, and cards on its page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True)
class PairCard:
    """One card that an upper app puts on a pair's own page: `template` is rendered with `context` as `card`."""

    template: str
    context: dict[str, Any]


_cards: list[Callable[[HttpRequest, Any], PairCard | None]] = []
_shared: list[Callable[[Any], bool]] = []


def register_shared_wish(asks: Callable[[Any], bool]) -> None:
    """Add who knows whether both members of a pair asked to be matched on something they share, and to show it."""
    _shared.append(asks)


def shared_wish(partnership: Any) -> bool:
    """True where the one sentence about it may be shown to both; asked anew each time, so a change counts at once."""
    return any(asks(partnership) for asks in _shared)


def register_card(source: Callable[[HttpRequest, Any], PairCard | None]) -> None:
    """Add what may put a card on the page of a pair, beside who the partner is; None where there is nothing."""
    _cards.append(source)


def cards(request: HttpRequest, partnership: Any) -> list[PairCard]:
    """Return the upper apps' cards for a pair's page, in the order of their registration."""
    return [card for source in _cards if (card := source(request, partnership))]
