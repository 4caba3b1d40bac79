"""How a large season gets better: six circles and whoever has none are searched again, exactly, round after round.

Circles are looked at in the order of what their people miss; with each go the five whose people would most often
do for its theme, and the other way round. A round that finds no more value changes nothing.
"""

from collections.abc import Sequence

import numpy as np

from matching.engine.circles.assembly import Made
from matching.engine.circles.board import Board, Cell
from matching.engine.circles.outcome import Placed, read, to_made
from matching.engine.circles.problem import LEAST
from matching.engine.circles.programme import Programme
from matching.engine.circles.rules import circle_worth
from matching.engine.circles.search import Limits, search
from matching.engine.tables import Mask

AT_ONCE = 6
"""So many circles are searched again at a time."""
WAITING = 24
"""With them, so many of those without a circle."""


def repaired(board: Board, placed: list[Placed], bound: int, limits: Limits) -> list[Placed]:
    """These circles after the rounds that the limits allow, or once they are near enough to the bound."""
    tried: set[tuple[Made, ...]] = set()
    for _ in range(limits.repairs):
        value = sum(_value(board, each) for each in placed)
        if (bound - value) * 1000 <= limits.near * bound:
            break
        chosen = _next(board, placed, tried)
        if chosen is None:
            break
        again = _again(board, placed, chosen, limits)
        if again is not None:
            placed = again
    return placed


def _value(board: Board, placed: Placed) -> int:
    made = to_made(board, placed)
    return circle_worth(board, made.kind, made.members, made.facilitators).value


def _next(board: Board, placed: Sequence[Placed], tried: set[tuple[Made, ...]]) -> list[int] | None:
    """The next circles to look at, by their places; None when all have been."""
    names = [to_made(board, each) for each in placed]
    missing = [sum(100 - board.peers[row].share(each.cell.kind.theme) for row in each.group.peers) for each in placed]
    for centre in sorted(range(len(placed)), key=lambda place: (-missing[place], names[place])):
        near = sorted(
            (place for place in range(len(placed)) if place != centre),
            key=lambda place: (-_in_common(board, placed[centre], placed[place]), names[place]),
        )
        chosen = sorted([centre, *near[: AT_ONCE - 1]])
        key = tuple(sorted(names[place] for place in chosen))
        if key not in tried:
            tried.add(key)
            return chosen
    return None


def _in_common(board: Board, one: Placed, other: Placed) -> int:
    there = sum(other.cell.kind.theme in board.peers[row].themes for row in one.group.peers)
    back = sum(one.cell.kind.theme in board.peers[row].themes for row in other.group.peers)
    return there + back


def _again(board: Board, placed: Sequence[Placed], chosen: Sequence[int], limits: Limits) -> list[Placed] | None:
    """All circles with the chosen ones searched again, if that is worth more."""
    rest = [each for place, each in enumerate(placed) if place not in chosen]
    before = [placed[place] for place in chosen]
    open_to = np.zeros(len(board.peers), dtype=bool)
    seated = open_to.copy()
    capacity = board.capacity.copy()
    for each in rest:
        seated[list(each.group.peers)] = True
        capacity[list(each.group.facilitators)] -= 1
    for each in before:
        open_to[list(each.group.peers)] = True
    waiting = np.nonzero(~seated & ~open_to)[0][:WAITING]
    open_to[waiting] = True
    cells = [cell for cell in board.cells if _takes_part(cell, before, open_to)]
    programme = Programme(board, cells, open_to, capacity)
    found = search(programme, limits.repair_nodes, 0.0)
    if found.values is None:
        return None
    after, failed = read(programme, found.values)
    better = sum(_value(board, each) for each in after) > sum(_value(board, each) for each in before)
    return rest + after if better and not failed else None


def _takes_part(cell: Cell, before: Sequence[Placed], open_to: Mask) -> bool:
    if cell.must:
        return any(each.cell.must and each.cell.kept == cell.kept for each in before)
    return int(open_to[cell.peers].sum()) >= LEAST
