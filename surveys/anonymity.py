"""The disclosure audit: can anybody tell from published figures what fewer than five people answered?

The one who tries knows everybody's attributes, who gave a valid answer, and every published figure as an exact count
of yes: of all respondents, and of each published group. What they don't know is which of the answers that fit these
figures are the real ones. A group is told where the number of yes in it is the same in all of them.

People who are alike in all published groups can be swapped, so the unknowns are the numbers of yes in each class of
such people: whole numbers between 0 and the class's size, with the published sums. The differences between fitting
answers span a space V, found exactly by integer programmes (HiGHS through scipy): as long as some direction that the
figures leave open is not in V, the programme looks for fitting answers that differ in it, and stops when there are
none. A group is told if and only if its sum doesn't change along V. Small groups with that property are found by
pairing sums, so that no subset is tried one by one.

The verdict "not told" always rests on answers that were checked to fit. Where the arithmetic is in doubt the verdict
is "told".
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp

from mentorship.common import small_groups

SMALLEST = small_groups.SMALLEST
TOLERANCE = 1e-7

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Signature = tuple[Hashable | None, ...]


@dataclass(frozen=True)
class Answer:
    """One valid answer: the published group that the person is in, for each attribute; None: in none of them."""

    groups: Signature
    yes: bool


def is_told(answers: Iterable[Answer]) -> bool:
    """Whether the total and the published groups tell for certain how many in some group of 1 to 4 said yes."""
    answers = list(answers)
    return bool(answers) and _Audit(answers).told()


class _Audit:
    """The fitting answers as far as they are known: `points`, the real ones first.

    `basis` is orthonormal and spans the published sums, the differences between points, and the directions in which
    no fitting answers differ.
    """

    def __init__(self, answers: Sequence[Answer]) -> None:
        sizes = Counter(answer.groups for answer in answers)
        agreed = Counter(answer.groups for answer in answers if answer.yes)
        self.classes = list(sizes)
        self.sizes: Ints = np.array([sizes[key] for key in self.classes])
        self.points: list[Ints] = [np.array([agreed[key] for key in self.classes])]
        self.basis = np.zeros((0, len(self.classes)))
        self.published = _published(self.classes)
        self.sums = self.published @ self.points[0]
        for row in self.published:
            self._widen(row)

    def told(self) -> bool:
        self._try_swaps()
        self._find_all_directions()
        moves = np.array([point - self.points[0] for point in self.points[1:]]).reshape(-1, len(self.sizes))
        items: list[tuple[tuple[int, ...], int]] = []
        for place, size in enumerate(self.sizes.tolist()):
            column = moves[:, place]
            if not self._can_differ_within(place):
                # All of the class answer alike in all fitting answers, so each of them stands for the others.
                items += [(tuple((column // size).tolist()), 1)] * min(size, SMALLEST - 1)
            elif size < SMALLEST:
                items.append((tuple(column.tolist()), size))
        return _some_add_up_to_nothing(items)

    def _try_swaps(self) -> None:
        """Two yes, in two classes, move to the classes that have one group exchanged: that leaves every sum alone."""
        where = {key: place for place, key in enumerate(self.classes)}
        real = self.points[0]
        for one, other in combinations(range(len(self.classes)), 2):
            if len(self.basis) == len(self.classes):
                return
            if not (real[one] and real[other]):
                continue
            for part in range(len(self.classes[0])):
                first, second = list(self.classes[one]), list(self.classes[other])
                first[part], second[part] = second[part], first[part]
                to = where.get(tuple(first)), where.get(tuple(second))
                if to[0] is None or to[1] is None or {*to} == {one, other}:
                    continue
                point = real.copy()
                for place, step in ((one, -1), (other, -1), (to[0], 1), (to[1], 1)):
                    point[place] += step
                self._add(point)

    def _find_all_directions(self) -> None:
        while (direction := self._open_direction()) is not None:
            for sign in (1, -1):
                point = self._fitting(sign * direction)
                if point is not None and abs(direction @ (point - self.points[0])) > TOLERANCE and self._add(point):
                    break
            else:
                self._widen(direction)

    def _open_direction(self) -> Floats | None:
        """A direction that the basis doesn't span yet."""
        for place in range(len(self.sizes) if len(self.basis) < len(self.sizes) else 0):
            rest = self._rest(np.eye(1, len(self.sizes), place)[0])
            if np.linalg.norm(rest) > TOLERANCE:
                return rest
        return None

    def _rest(self, vector: npt.NDArray[Any]) -> Floats:
        """What of `vector` is at right angles to the basis; twice, since once loses digits."""
        rest = vector - self.basis.T @ (self.basis @ vector)
        rest -= self.basis.T @ (self.basis @ rest)
        return np.asarray(rest)

    def _widen(self, vector: npt.NDArray[Any]) -> bool:
        """Take `vector` into the basis unless it is spanned already."""
        rest = self._rest(vector / np.linalg.norm(vector))
        length = np.linalg.norm(rest)
        if length <= TOLERANCE:
            return False
        self.basis = np.vstack([self.basis, rest / length])
        return True

    def _can_differ_within(self, place: int) -> bool:
        """Whether in some fitting answers the class has both a yes and a no."""
        size = int(self.sizes[place])
        if size == 1:
            return False
        if any(0 < point[place] < size for point in self.points):
            return True
        low, high = np.zeros_like(self.sizes), self.sizes.copy()
        low[place], high[place] = 1, size - 1
        point = self._fitting(np.zeros(len(self.sizes)), low, high)
        return point is not None and self._fits(point) and 0 < point[place] < size

    def _fitting(self, direction: Floats, low: Ints | None = None, high: Ints | None = None) -> Ints | None:
        """Fitting answers that go as far as possible in `direction`; None where there are none."""
        found = milp(
            -direction,
            integrality=np.ones(len(self.sizes)),
            bounds=Bounds(0 if low is None else low, self.sizes if high is None else high),
            constraints=LinearConstraint(self.published, self.sums, self.sums),
            options={"mip_rel_gap": 0},
        )
        return None if found.x is None else np.rint(found.x).astype(np.int64)

    def _fits(self, point: Ints) -> bool:
        return bool(
            (point >= 0).all() and (point <= self.sizes).all() and (self.published @ point == self.sums).all()
        )

    def _add(self, point: Ints) -> bool:
        """Keep `point` if it fits and shows a new direction."""
        if not self._fits(point) or not self._widen(point - self.points[0]):
            return False
        self.points.append(point)
        return True


def _published(classes: Sequence[Signature]) -> Ints:
    """The published sums as rows of 0 and 1 over the classes: of everybody, and of each group."""
    rows = [[1] * len(classes)]
    for place in range(len(classes[0])):
        groups = {key[place] for key in classes} - {None}
        rows += [[int(key[place] == group) for key in classes] for group in sorted(groups, key=repr)]
    return np.array(rows)


def _some_add_up_to_nothing(items: Sequence[tuple[tuple[int, ...], int]]) -> bool:
    """Whether some of `items` (vector, number of people) have at most four people and vectors that add up to zero.

    Of such a choice without anybody in a group of three or more, the items part into two halves of two people at
    most: so pairs of halves with opposite sums are all there is to look at.
    """
    halves: dict[tuple[int, ...], list[tuple[int, ...]]] = defaultdict(list)
    ones = [place for place, (_vector, people) in enumerate(items) if people == 1]
    for place, (vector, people) in enumerate(items):
        if not any(vector):
            return True
        if people <= 2:
            halves[vector].append((place,))
        elif people == 3 and any(_opposite(vector, items[one][0]) for one in ones):
            return True
    for first, second in combinations(ones, 2):
        vector = tuple(a + b for a, b in zip(items[first][0], items[second][0], strict=True))
        if not any(vector):
            return True
        halves[vector].append((first, second))
    for vector, choices in halves.items():
        for other in halves.get(tuple(-value for value in vector), ()):
            if any(not set(choice) & set(other) for choice in choices):
                return True
    return False


def _opposite(vector: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(a == -b for a, b in zip(vector, other, strict=True))
