"""Circles without a search: a start where the search found none, a way out where a large kind cannot be divided.

Also second facilitators, who are worth nothing to the value and take what is left.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from matching.engine.circles.assembly import Made
from matching.engine.circles.board import Board, Cell
from matching.engine.circles.division import Group
from matching.engine.circles.problem import LEAST, MOST, MOST_OF_UNIT, Kind
from matching.engine.circles.programme import Programme
from matching.engine.tables import Mask, Whole

EASY = 6
"""Circles begin with so many at most, which leaves people for others."""


def gather(board: Board, cell: Cell, open_to: Mask, most: int, first: Sequence[int] = ()) -> list[int]:
    """The peers of a circle in this cell who are worth most, one after the other by the rules; `first` are in it."""
    chosen = list(first)
    order = np.argsort(-cell.worth, kind="stable")
    for row in cell.peers[order].tolist():
        if len(chosen) >= most:
            break
        if open_to[row] and row not in chosen and joins(board, chosen, row):
            chosen.append(row)
    return sorted(chosen)


def joins(board: Board, chosen: Sequence[int], row: int) -> bool:
    """Whether this peer may be with those, by unit and conflicts."""
    unit = board.units[row]
    of_unit = sum(board.units[other] == unit for other in chosen) if unit >= 0 else 0
    return of_unit < MOST_OF_UNIT and not board.conflicts[row, list(chosen)].any()


def guide_for(board: Board, cell: Cell, peers: Sequence[int], capacity: Whole) -> tuple[int, ...]:
    """The first facilitator who may guide these, if there is one."""
    for place in cell.facilitators.tolist():
        if capacity[place] > 0 and not board.guide_conflicts[place, list(peers)].any():
            return (place,)
    return ()


def may_guide(board: Board, place: int, kind: Kind, peers: Sequence[int]) -> bool:
    """Whether this facilitator may guide these peers in a circle of this kind."""
    clash = board.guide_conflicts[place, list(peers)].any()
    return not clash and not board.hindrances(board.facilitators[place], kind)


def greedy_circles(programme: Programme) -> list[tuple[Cell, Group]]:
    """Circle after circle, the fullest and dearest first, until no four people are left for one."""
    board, capacity = programme.board, programme.capacity.copy()
    open_to = programme.open_to.copy()
    made: list[tuple[Cell, Group]] = []

    def settle(cell: Cell, peers: list[int]) -> None:
        guides = guide_for(board, cell, peers, capacity)
        capacity[list(guides)] -= 1
        open_to[peers] = False
        made.append((cell, Group(tuple(peers), guides)))

    for cell in programme.cells:
        if cell.must:
            pinned = [board.row[pin.peer] for pin in board.problem.pins if pin.circle == cell.kept]
            peers = gather(board, cell, open_to, max(LEAST, len(pinned)), pinned)
            if len(peers) >= LEAST:
                settle(cell, peers)
    pooled = [cell for cell in programme.cells if not cell.must]
    while True:
        best: tuple[int, int, Cell, list[int]] | None = None
        for place, cell in enumerate(pooled):
            if open_to[cell.peers].sum() < LEAST:
                continue
            peers = gather(board, cell, open_to, EASY)
            worth = int(cell.worth[np.isin(cell.peers, peers)].sum())
            if len(peers) >= LEAST and (best is None or worth > best[0]):
                best = (worth, place, cell, peers)
        if best is None:
            return made
        settle(best[2], best[3])


def thinned(
    board: Board, peers: Sequence[int], guides: Sequence[tuple[int, int]], circles: int, cell: Cell
) -> list[Group]:
    """Circles of as many of these peers as dealing in turn can place, where no division takes them all."""
    groups: list[list[int]] = []
    for count in range(circles, 0, -1):
        dealt = [group for group in _dealt(board, peers, count) if len(group) >= LEAST]
        if sum(map(len, dealt)) > sum(map(len, groups)):
            groups = dealt
    capacity = np.zeros(len(board.facilitators), dtype=np.int64)
    for place, times in guides:
        capacity[place] = times
    found = []
    for group in groups:
        seats = guide_for(board, cell, group, capacity)
        capacity[list(seats)] -= 1
        found.append(Group(tuple(sorted(group)), seats))
    return found


def _dealt(board: Board, peers: Sequence[int], circles: int) -> list[list[int]]:
    """These peers in so many groups, each into the smallest the rules leave them: who is pinned, then the easiest."""
    groups: list[list[int]] = [[] for _ in range(circles)]
    clashes = {row: int(board.conflicts[row, list(peers)].sum()) for row in peers}
    for row in sorted(peers, key=lambda row: (board.peers[row].id not in board.pins, clashes[row], row)):
        able = [group for group in groups if len(group) < MOST and joins(board, group, row)]
        if able:
            min(able, key=len).append(row)
    return groups


def second_facilitators(board: Board, made: Sequence[Made]) -> list[Made]:
    """The circles with a second facilitator wherever one is left, if the season wants that.

    As many circles as possible get one: a circle may take another's if that one finds a further.
    """
    circles = sorted(made)
    if not board.problem.settings.second_facilitator:
        return circles
    left = {one.id: int(board.capacity[place]) for place, one in enumerate(board.facilitators)}
    for circle in circles:
        for identifier in circle.facilitators:
            left[identifier] -= 1
    able = [
        [
            one.id
            for place, one in enumerate(board.facilitators)
            if circle.facilitators
            and one.id not in circle.facilitators
            and may_guide(board, place, circle.kind, [board.row[member] for member in circle.members])
        ]
        for circle in circles
    ]
    taken: dict[str, list[int]] = {identifier: [] for identifier in left}

    def find(place: int, seen: set[str]) -> bool:
        for identifier in able[place]:
            if identifier in seen or not left[identifier]:
                continue
            seen.add(identifier)
            if len(taken[identifier]) < left[identifier]:
                taken[identifier].append(place)
                return True
            for other in taken[identifier]:
                if find(other, seen):
                    taken[identifier][taken[identifier].index(other)] = place
                    return True
        return False

    for place in range(len(circles)):
        find(place, set())
    second = {place: identifier for identifier, places in taken.items() for place in places}
    return [
        replace(circle, facilitators=tuple(sorted((*circle.facilitators, second[place]))))
        if place in second
        else circle
        for place, circle in enumerate(circles)
    ]
