"""The integer programme of a season's circles as arrays: the largest `gain · v` with `rows · v ≤ limits`.

Its variables are x (a peer in a cell), then z (a facilitator in a cell: how many of its circles), then y (circles
opened in a cell). Its rows, in this order:

- a peer is in one circle at most; a pinned one in one at least; a facilitator guides no more than they can;
- 4y ≤ Σx ≤ 8y in every cell, at most 2y of one unit, and no more facilitators than circles;
- two who may not meet: x + x ≤ y, and z + x ≤ y for a facilitator. In a cell of one circle that is the rule itself.
  In a cell of several it is necessary and nearly always enough; where the people of a cell turn out not to be
  divisible, it is taken apart into cells of one circle (`solver`);
- in small programmes x ≤ y, which follows from the rest for whole numbers and brings the linear bound down;
- cells that a kind was taken apart into are opened in their order, since they are all alike.

With y and whoever may not meet somebody whole, what is left is a flow from peers through units and cells:
its vertices are whole, so x and z need not be declared so. That is what makes the search short.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matching.engine.circles.board import GUIDED, Board, Cell
from matching.engine.circles.problem import LEAST, MOST, MOST_OF_UNIT
from matching.engine.tables import Mask, Whole

TIGHT_VARIABLES = 6_000
"""Programmes of no more peer variables than this get the rows x ≤ y."""


class Rows:
    """Rows of a programme as they are written: columns and coefficients, and the limit of each."""

    def __init__(self) -> None:
        self.places: list[Whole] = []
        self.columns: list[Whole] = []
        self.values: list[Whole] = []
        self.limits: list[int] = []

    def add(self, columns: Whole, values: Whole | int, limit: int = 0) -> None:
        """One more row."""
        self.places.append(np.full(len(columns), len(self.limits), dtype=np.int64))
        self.columns.append(columns)
        self.values.append(np.broadcast_to(np.asarray(values, dtype=np.int64), columns.shape))
        self.limits.append(limit)

    def with_y(self, columns: Whole, y: int, circles: int, sign: int = 1) -> None:
        """The row sign · (Σ columns − circles · y) ≤ 0."""
        self.add(np.append(columns, y), np.append(np.full(len(columns), sign), -sign * circles))


@dataclass(frozen=True)
class Programme:
    """The programme of some cells, some of the peers and what is left of the facilitators."""

    board: Board
    cells: Sequence[Cell]
    open_to: Mask
    capacity: Whole

    @cached_property
    def x(self) -> tuple[Whole, Whole]:
        """Per x: its cell and its peer."""
        return self._variables([cell.peers[self.open_to[cell.peers]] for cell in self.cells])

    @cached_property
    def z(self) -> tuple[Whole, Whole]:
        """Per z: its cell and its facilitator."""
        return self._variables([cell.facilitators[self.capacity[cell.facilitators] > 0] for cell in self.cells])

    @staticmethod
    def _variables(members: list[Whole]) -> tuple[Whole, Whole]:
        cells = np.repeat(np.arange(len(members)), [len(each) for each in members])
        return cells, np.concatenate(members) if members else cells

    @property
    def first_z(self) -> int:
        """The column of the first z."""
        return len(self.x[0])

    @property
    def first_y(self) -> int:
        """The column of the first y."""
        return self.first_z + len(self.z[0])

    @property
    def width(self) -> int:
        """How many variables there are."""
        return self.first_y + len(self.cells)

    @cached_property
    def gain(self) -> Whole:
        """What one of each variable is worth."""
        worth = [cell.worth[self.open_to[cell.peers]] for cell in self.cells]
        guided = np.full(len(self.z[0]), GUIDED, dtype=np.int64)
        return np.concatenate((*worth, guided, np.zeros(len(self.cells), dtype=np.int64)))

    @cached_property
    def most(self) -> Whole:
        """The most of each variable."""
        x, z = np.ones(self.first_z, dtype=np.int64), self.capacity[self.z[1]]
        return np.concatenate((x, z, np.array([cell.most for cell in self.cells], dtype=np.int64)))

    @cached_property
    def least(self) -> Whole:
        """The least of each variable: 1 for a cell that must be opened and for a peer pinned to it."""
        least = np.zeros(self.width, dtype=np.int64)
        pins = {(pin.circle, self.board.row[pin.peer]) for pin in self.board.problem.pins if pin.circle}
        for column, (cell, peer) in enumerate(zip(*(part.tolist() for part in self.x), strict=True)):
            if self.cells[cell].must and (self.cells[cell].kept, peer) in pins:
                least[column] = 1
        for place, cell in enumerate(self.cells):
            least[self.first_y + place] = cell.must
        return least

    @cached_property
    def _written(self) -> tuple[Rows, Mask]:
        rows, whole = Rows(), np.zeros(self.width, dtype=bool)
        whole[self.first_y :] = True
        self._write_people(rows)
        self._write_cells(rows)
        self._write_conflicts(rows, whole)
        if self.first_z <= TIGHT_VARIABLES:
            for column, cell in enumerate(self.x[0].tolist()):
                rows.with_y(np.array([column]), self.first_y + cell, 1)
        for place, (cell, after) in enumerate(zip(self.cells, self.cells[1:], strict=False)):
            if cell.kind == after.kind and cell.most == after.most == 1 and not (cell.must or after.must):
                rows.add(self.first_y + np.array([place, place + 1]), np.array([-1, 1]))
        return rows, whole

    def _write_people(self, rows: Rows) -> None:
        for peer, columns in grouped(self.x[1]):
            rows.add(columns, 1, 1)
            if self.board.peers[peer].id in self.board.pins:
                rows.add(columns, -1, -1)
        for facilitator, columns in grouped(self.z[1]):
            rows.add(self.first_z + columns, 1, int(self.capacity[facilitator]))

    def _write_cells(self, rows: Rows) -> None:
        units = self.board.units[self.x[1]]
        for cell, columns in grouped(self.x[0]):
            y = self.first_y + cell
            rows.with_y(columns, y, MOST)
            rows.with_y(columns, y, LEAST, sign=-1)
            for unit, inside in grouped(units[columns]):
                if unit >= 0 and len(inside) > MOST_OF_UNIT:
                    rows.with_y(columns[inside], y, MOST_OF_UNIT)
        for cell, columns in grouped(self.z[0]):
            rows.with_y(self.first_z + columns, self.first_y + cell, 1)

    def _write_conflicts(self, rows: Rows, whole: Mask) -> None:
        guides = dict(grouped(self.z[0]))
        for cell, columns in grouped(self.x[0]):
            peers = self.x[1][columns]
            clashes = np.triu(self.board.conflicts[np.ix_(peers, peers)])
            pairs = [(columns[one], columns[other]) for one, other in zip(*np.nonzero(clashes), strict=True)]
            if cell in guides:
                mine = guides[cell]
                clashes = self.board.guide_conflicts[np.ix_(self.z[1][mine], peers)]
                pairs += [
                    (self.first_z + mine[one], columns[other])
                    for one, other in zip(*np.nonzero(clashes), strict=True)
                ]
            for pair in pairs:
                whole[list(pair)] = True
                rows.with_y(np.array(pair), self.first_y + cell, 1)

    @cached_property
    def rows(self) -> tuple[Whole, Whole, Whole]:
        """The rows' coefficients: row, column, value."""
        written, empty = self._written[0], [np.zeros(0, dtype=np.int64)]
        return (
            np.concatenate(written.places or empty),
            np.concatenate(written.columns or empty),
            np.concatenate(written.values or empty),
        )

    @property
    def limits(self) -> Whole:
        """The rows' limits."""
        return np.array(self._written[0].limits, dtype=np.int64)

    @property
    def whole(self) -> Mask:
        """The variables that must be declared whole numbers."""
        return self._written[1]


def grouped(keys: Whole) -> list[tuple[int, Whole]]:
    """The places of every key, keys in rising order."""
    order = np.argsort(keys, kind="stable")
    values, starts = np.unique(keys[order], return_index=True)
    return list(zip(values.tolist(), np.split(order, starts[1:]), strict=True)) if len(values) else []


def whole_programme(board: Board) -> Programme:
    """The programme of the whole season; its linear bound holds for every division into circles."""
    return Programme(board, board.cells, np.ones(len(board.peers), dtype=bool), board.capacity)
