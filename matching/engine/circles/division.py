"""How the people of one kind become circles: of even size, by the rules, and with who was together together.

Without conflicts and without anybody to keep together it is dealing cards: ordered by unit and dealt in turn, no
circle gets more of a unit than it may. Otherwise a small programme decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from matching.engine.circles.board import Board
from matching.engine.circles.problem import LEAST, MOST, MOST_OF_UNIT
from matching.engine.tables import Whole

NODES = 200
"""So many nodes for one kind; then the best division found so far is taken."""


@dataclass(frozen=True)
class Group:
    """A circle's peers and facilitators, by their places on the board."""

    peers: tuple[int, ...]
    facilitators: tuple[int, ...]


def divide(board: Board, peers: Sequence[int], guides: Sequence[tuple[int, int]], circles: int) -> list[Group] | None:
    """These peers in so many circles, the facilitators (place, circles they guide) with them; None if it can't be."""
    if circles == 1:
        return [Group(tuple(peers), tuple(place for place, _ in guides))]
    together = _together(board, peers)
    rows = np.array(peers, dtype=np.int64)
    names = [place for place, _ in guides]
    if not together and not board.conflicts[np.ix_(rows, rows)].any():
        groups = _deal(board, peers, circles)
        if not board.guide_conflicts[np.ix_(names, peers)].any():
            seats = [place for place, count in guides for _ in range(count)]
            return [Group(tuple(group), tuple(seats[n : n + 1])) for n, group in enumerate(groups)]
    even = (len(peers) // circles, -(-len(peers) // circles))
    for least, most in dict.fromkeys((even, (LEAST, MOST))):
        groups_found = _solve(board, peers, guides, circles, least, most, together)
        if groups_found is not None:
            return groups_found
    return None


def _together(board: Board, peers: Sequence[int]) -> list[tuple[int, int]]:
    """Pairs, by their places in `peers`, who were in one circle before."""
    before: dict[str, list[int]] = {}
    for place, row in enumerate(peers):
        circle = board.before.get(board.peers[row].id)
        if circle:
            before.setdefault(circle.id, []).append(place)
    return [pair for places in before.values() for pair in combinations(places, 2)]


def _deal(board: Board, peers: Sequence[int], circles: int) -> list[list[int]]:
    ordered = sorted(peers, key=lambda row: (int(board.units[row]), row))
    return [sorted(ordered[start::circles]) for start in range(circles)]


def _solve(
    board: Board,
    peers: Sequence[int],
    guides: Sequence[tuple[int, int]],
    circles: int,
    least: int,
    most: int,
    together: Sequence[tuple[int, int]],
) -> list[Group] | None:
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    count, guide_count = len(peers), len(guides)
    x = np.arange(count * circles).reshape(count, circles)
    z = x.size + np.arange(guide_count * circles).reshape(guide_count, circles)
    pairs = x.size + z.size + np.arange(len(together) * circles).reshape(len(together), circles)
    rows: list[tuple[Whole, int, int]] = [(person, 1, 1) for person in x]
    values: list[list[int]] = [[1] * circles for _ in x]

    def add(columns: Sequence[int] | Whole, coefficients: Sequence[int], low: int, high: int) -> None:
        rows.append((np.asarray(columns), low, high))
        values.append(list(coefficients))

    units = board.units[np.array(peers, dtype=np.int64)]
    clashes = [(int(a), int(b)) for a, b in np.argwhere(np.triu(board.conflicts[np.ix_(peers, peers)]))]
    names = [place for place, _ in guides]
    guided = np.argwhere(board.guide_conflicts[np.ix_(names, peers)]) if guides else np.zeros((0, 2), dtype=np.int64)
    for (_, times), seats in zip(guides, z, strict=True):
        add(seats, [1] * circles, times, times)
    for circle in range(circles):
        add(x[:, circle], [1] * count, least, most)
        if guide_count:
            add(z[:, circle], [1] * guide_count, 0, 1)
        for unit in np.unique(units[units >= 0]):
            inside = x[units == unit, circle]
            if len(inside) > MOST_OF_UNIT:
                add(inside, [1] * len(inside), 0, MOST_OF_UNIT)
        for one, other in clashes:
            add([x[one, circle], x[other, circle]], [1, 1], 0, 1)
        for one, other in guided.tolist():
            add([z[one, circle], x[other, circle]], [1, 1], 0, 1)
        for place, pair in enumerate(together):
            for one in pair:
                add([pairs[place, circle], x[one, circle]], [1, -1], -1, 0)
    width = x.size + z.size + pairs.size
    gain = np.zeros(width)
    gain[x.size + z.size :] = 1
    whole = np.ones(width)
    whole[x.size + z.size :] = 0
    table = csr_array(
        (
            np.concatenate([np.asarray(each, dtype=float) for each in values]),
            (np.repeat(np.arange(len(rows)), [len(each) for each in values]), np.concatenate([r[0] for r in rows])),
        ),
        shape=(len(rows), width),
    )
    first = np.ones(width)
    first[x[0, 1:]] = 0  # circles are alike: the first peer is in the first
    result = milp(
        -gain,
        integrality=whole,
        bounds=Bounds(0, first),
        constraints=LinearConstraint(table, [float(row[1]) for row in rows], [float(row[2]) for row in rows]),
        options={"node_limit": NODES, "mip_rel_gap": 0.0},
    )
    if result.x is None:
        return None
    seen = result.x[: x.size].reshape(x.shape) > 0.5
    seats_seen = result.x[x.size : x.size + z.size].reshape(z.shape) > 0.5
    return [
        Group(
            tuple(sorted(peers[place] for place in np.nonzero(seen[:, circle])[0].tolist())),
            tuple(sorted(names[place] for place in np.nonzero(seats_seen[:, circle])[0].tolist())),
        )
        for circle in range(circles)
    ]
