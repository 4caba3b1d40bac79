"""State tables: a pure table of (from, to, actor, guard) per model, walked cell by cell in the tests."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Move:
    """One allowed change of state. `guard` names the condition that the service checks, in plain words."""

    source: str
    target: str
    actor: str
    guard: str = ""


class IllegalMove(Exception):
    """The row is in a state from which this change is not allowed; nothing was changed."""

    def __init__(self, table: str, source: str, target: str) -> None:
        super().__init__(f"{table}: {source} can't become {target}")
        self.source = source
        self.target = target


class StateTable:
    """All moves of one model; a move that isn't listed doesn't exist."""

    def __init__(self, name: str, moves: Iterable[Move]) -> None:
        self.name = name
        self.moves = tuple(moves)
        self._by_ends = {(move.source, move.target): move for move in self.moves}
        if len(self._by_ends) != len(self.moves):
            raise ValueError(f"{name}: a move is listed twice")

    @property
    def states(self) -> list[str]:
        """Every state that some move names, in order of appearance."""
        return list(dict.fromkeys(end for move in self.moves for end in (move.source, move.target)))

    def allows(self, source: str, target: str) -> bool:
        return (source, target) in self._by_ends

    def check(self, source: str, target: str) -> Move:
        """Return the move from `source` to `target`. Raises IllegalMove."""
        try:
            return self._by_ends[source, target]
        except KeyError:
            raise IllegalMove(self.name, source, target) from None
