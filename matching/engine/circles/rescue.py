"""Where the people of a circle that has become too small go with the least change, exactly.

They join other circles of their theme, each by the rules, or the circle merges with another of its theme at a time
that suits all of both. Best is, in this order: most people placed; fewest other circles touched; fewest people whose
circle or time changes; the most value.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from matching.engine.circles.board import Board
from matching.engine.circles.changes import total
from matching.engine.circles.problem import MOST, MOST_OF_UNIT, CircleProblem, Kind
from matching.engine.circles.rules import broken_rules
from matching.engine.circles.trace import Circle
from matching.engine.reading import ProblemError, shown

PLACE, TOUCH, PERSON = 10**9, 10**7, 10**5
"""A step of each comes before any number of the next: values of a circle stay below the last."""


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody of the small circle, and the circle they join; without one they are left unplaced."""

    peer: str
    to: str = ""


@dataclass(frozen=True, slots=True)
class Rescue:
    """The proposal. `kind` is set where the circle they join has to meet at another time or in another way for it.

    `circles` are all circles after it, the small one closed; `value` is the difference to the circles as they are.
    """

    moves: tuple[Move, ...]
    placed: int
    touched: tuple[str, ...]
    people_changed: int
    value: int
    circles: tuple[Circle, ...]
    kind: Kind | None = None


def rescue(problem: CircleProblem, circles: Sequence[Circle], small: str) -> Rescue:
    """The least change that takes care of the people of this circle; ProblemError for an id that means nothing.

    Only the people of the circle move, and no facilitator does; circles are taken as they are, whoever of them has
    withdrawn being left out already.
    """
    circle = next((each for each in circles if each.id == small), None)
    if circle is None:
        raise ProblemError(f"circle {shown(small)}: id: no circle has this id")
    board = Board(problem)
    unknown = [m for each in circles for m in each.members if m not in board.row]
    if unknown:
        raise ProblemError(f"peer {shown(unknown[0])}: id: nobody has this id")
    others = sorted((c for c in circles if c.id != small and c.kind.theme == circle.kind.theme), key=lambda c: c.id)
    options = [_joined(problem, board, circles, circle, others)]
    for other in others:
        options += _merged(problem, board, circles, circle, other)
    return max(options, key=_order)


def _order(option: Rescue) -> tuple[int, int, int, int]:
    return option.placed, -len(option.touched), -option.people_changed, option.value


def _joined(
    problem: CircleProblem, board: Board, circles: Sequence[Circle], small: Circle, others: Sequence[Circle]
) -> Rescue:
    """Each of them into one of the others as it meets now."""
    able = [
        (row, place)
        for row, peer in enumerate(small.members)
        for place, other in enumerate(others)
        if not _hinders(board, other, peer)
    ]
    targets = dict.fromkeys(small.members, "")
    if able:
        for row, place in _assigned(board, small, others, able):
            targets[small.members[row]] = others[place].id
    return _told(problem, board, circles, small, targets, None)


def _hinders(board: Board, other: Circle, peer: str) -> bool:
    members = tuple(sorted((*other.members, peer)))
    broken = set(broken_rules(board, other.kind, members, other.facilitators, other.id))
    allowed = set(broken_rules(board, other.kind, other.members, other.facilitators, other.id)) | {"too_small"}
    return bool(broken - allowed)


def _assigned(
    board: Board, small: Circle, others: Sequence[Circle], able: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """The best of these (member, circle) pairs that keep the rules together: a small exact programme."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    count, width = len(able), len(able) + len(others)
    gain = np.zeros(width)
    rows: list[np.ndarray] = []  # type: ignore[type-arg]
    limits: list[int] = []

    def add(columns: Sequence[int], limit: int, touched: int | None = None) -> None:
        row = np.zeros(width)
        row[list(columns)] = 1
        if touched is not None:
            row[touched] = -1
        rows.append(row)
        limits.append(limit)

    for column, (row, place) in enumerate(able):
        peer = board.peers[board.row[small.members[row]]]
        gain[column] = PLACE - PERSON + board.worth(peer, others[place].kind)
        add([column], 0, count + place)
    gain[count:] = -TOUCH
    for row in range(len(small.members)):
        add([c for c, pair in enumerate(able) if pair[0] == row], 1)
    for place, other in enumerate(others):
        joining = [(column, pair[0]) for column, pair in enumerate(able) if pair[1] == place]
        add([column for column, _ in joining], MOST - len(other.members))
        there = [board.peers[board.row[member]].unit for member in other.members]
        units = {row: board.peers[board.row[small.members[row]]].unit for _, row in joining}
        for unit in sorted({unit for unit in units.values() if unit}):
            add([c for c, row in joining if units[row] == unit], max(0, MOST_OF_UNIT - there.count(unit)))
        for index, (column, row) in enumerate(joining):
            for second, mate in joining[index + 1 :]:
                if board.conflicts[board.row[small.members[row]], board.row[small.members[mate]]]:
                    add([column, second], 1)
    result = milp(
        -gain,
        integrality=np.ones(width),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(np.array(rows), -np.inf, np.array(limits, dtype=float)),
        options={"mip_rel_gap": 0.0},
    )
    return [pair for pair, taken in zip(able, result.x[:count] > 0.5, strict=True) if taken]


def _merged(
    problem: CircleProblem, board: Board, circles: Sequence[Circle], small: Circle, other: Circle
) -> list[Rescue]:
    """All of both together, wherever some other time, way or language of their theme suits them all."""
    members = tuple(sorted({*small.members, *other.members}))
    found = []
    for slot, mode, language in board.combinations:
        kind = Kind(other.kind.theme, slot, mode, language)
        if kind != other.kind and not broken_rules(board, kind, members, other.facilitators, other.id):
            targets = dict.fromkeys(small.members, other.id)
            found.append(_told(problem, board, circles, small, targets, kind))
    return found


def _told(
    problem: CircleProblem,
    board: Board,
    circles: Sequence[Circle],
    small: Circle,
    targets: dict[str, str],
    kind: Kind | None,
) -> Rescue:
    after = []
    touched = sorted({target for target in targets.values() if target})
    moved = len(small.members)
    for circle in circles:
        if circle.id == small.id:
            continue
        joining = [peer for peer, target in targets.items() if target == circle.id]
        if joining and kind is not None:
            moved += len(circle.members)
        new_kind = kind if joining and kind is not None else circle.kind
        after.append(replace(circle, kind=new_kind, members=tuple(sorted((*circle.members, *joining)))))
    return Rescue(
        moves=tuple(Move(peer, target) for peer, target in sorted(targets.items())),
        placed=sum(bool(target) for target in targets.values()),
        touched=tuple(touched),
        people_changed=moved,
        value=total(board, after) - total(board, circles),
        circles=tuple(after),
        kind=kind,
    )
