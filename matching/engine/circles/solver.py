"""How a season's circles are found: a proved search for small seasons, a good one and repairs for large ones.

Up to `Limits.proved_up_to` peers the search ends when its result is proved, or after so many nodes; beyond, when it
is within a small gap of its bound. The people of a cell are then divided into circles (`division`). Where that
cannot be done, which only conflicts can cause, a small season takes the cell apart into cells of one circle each
and searches again, so its result stays exact; a large one leaves out whom it must, and repairs (`repairs`).
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from matching.engine.circles.assembly import assemble
from matching.engine.circles.board import Board, Cell
from matching.engine.circles.greedy import greedy_circles, second_facilitators, thinned
from matching.engine.circles.outcome import Placed, people_of, read, to_made
from matching.engine.circles.problem import CircleProblem
from matching.engine.circles.programme import Programme, whole_programme
from matching.engine.circles.proof import linear_prices
from matching.engine.circles.repairs import repaired
from matching.engine.circles.search import LIMITS, Found, Limits, search
from matching.engine.circles.trace import CIRCLES_VERSION, CircleTrace, Prices, Search
from matching.engine.reading import ProblemError


def solve(problem: CircleProblem, limits: Limits = LIMITS) -> CircleTrace:
    """The best circles of this season, or circles within the limits, with what could not be exceeded.

    Raises ProblemError for pins that cannot all be kept.
    """
    import scipy

    board = Board(problem)
    programme = whole_programme(board)
    check_pins(programme)
    prices = linear_prices(programme)
    small = len(board.peers) <= limits.proved_up_to
    found, placed = _exact(programme, prices, limits) if small else _near(programme, prices, limits)
    seated = {row for each in placed for row in each.group.peers}
    if any(board.row[pin.peer] not in seated for pin in problem.pins):
        raise ProblemError("pins: no circles that keep them all were found within the limits")
    versions = {"engine": CIRCLES_VERSION, "numpy": np.__version__, "scipy": scipy.__version__}
    made = second_facilitators(board, [to_made(board, each) for each in placed])
    return assemble(board, made, Search(min(found.bound, prices.bound), found.nodes), prices, versions)


def check_pins(programme: Programme) -> None:
    """Raise ProblemError for a pinned peer who can be in no circle at all."""
    board = programme.board
    reachable = set(programme.x[1].tolist())
    for pin in board.problem.pins:
        if board.row[pin.peer] not in reachable:
            raise ProblemError(f"{pin}: {'circle' if pin.circle else 'theme'}: no such circle can have four people")


def _exact(programme: Programme, prices: Prices, limits: Limits) -> tuple[Found, list[Placed]]:
    # Values are whole: a bound less than one above the value proves it.
    less_than_one = 0.99 / max(1, prices.bound)
    while True:
        found = search(programme, limits.nodes, less_than_one)
        if found.values is None:
            return found, _start(programme, found)
        placed, failed = read(programme, found.values)
        if not failed:
            return found, placed
        programme = replace(programme, cells=_taken_apart(programme.cells, failed))


def _taken_apart(cells: Sequence[Cell], failed: Sequence[int]) -> tuple[Cell, ...]:
    apart: list[Cell] = []
    for place, cell in enumerate(cells):
        apart += [replace(cell, most=1)] * cell.most if place in failed else [cell]
    return tuple(apart)


def _start(programme: Programme, found: Found) -> list[Placed]:
    """Circles where the search found none."""
    if found.impossible:
        raise ProblemError("pins: cannot all be kept")
    return [Placed(cell, group) for cell, group in greedy_circles(programme)]


def _near(programme: Programme, prices: Prices, limits: Limits) -> tuple[Found, list[Placed]]:
    board = programme.board
    found = search(programme, limits.large_nodes, limits.near / 1000)
    if found.values is None:
        placed = _start(programme, found)
    else:
        placed, failed = read(programme, found.values)
        for cell in failed:
            peers, guides, circles = people_of(programme, found.values, cell)
            groups = thinned(board, peers, guides, circles, programme.cells[cell])
            placed += [Placed(programme.cells[cell], group) for group in groups]
    return found, repaired(board, placed, min(found.bound, prices.bound), limits)
