"""What the numbers of a solved programme mean: circles, by the places of their people on the board."""

from dataclasses import dataclass

import numpy as np

from matching.engine.circles.assembly import Made
from matching.engine.circles.board import Board, Cell
from matching.engine.circles.division import Group, divide
from matching.engine.circles.programme import Programme
from matching.engine.tables import Whole


@dataclass(frozen=True)
class Placed:
    """A circle and the cell it was found in."""

    cell: Cell
    group: Group


def to_made(board: Board, placed: Placed) -> Made:
    """A circle as the trace tells it."""
    return Made(
        placed.cell.kind,
        tuple(sorted(board.peers[row].id for row in placed.group.peers)),
        tuple(sorted(board.facilitators[place].id for place in placed.group.facilitators)),
    )


def people_of(programme: Programme, values: Whole, cell: int) -> tuple[list[int], list[tuple[int, int]], int]:
    """The peers, the facilitators with how many circles they guide, and the number of circles of a cell."""
    cells, peers = programme.x
    inside = (cells == cell) & (values[: programme.first_z] > 0)
    seats = values[programme.first_z : programme.first_y]
    guiding = np.nonzero((programme.z[0] == cell) & (seats > 0))[0]
    guides = [(int(programme.z[1][place]), int(seats[place])) for place in guiding.tolist()]
    return peers[inside].tolist(), guides, int(values[programme.first_y + cell])


def read(programme: Programme, values: Whole) -> tuple[list[Placed], list[int]]:
    """The circles that these values make, and the cells whose people cannot be divided."""
    placed: list[Placed] = []
    failed: list[int] = []
    for cell in np.nonzero(values[programme.first_y :])[0].tolist():
        groups = divide(programme.board, *people_of(programme, values, cell))
        if groups is None:
            failed.append(cell)
        else:
            placed += [Placed(programme.cells[cell], group) for group in groups]
    return placed, failed
