"""The arrays that the engine is made of: their types, and how people's lists become one."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Mask: TypeAlias = npt.NDArray[np.bool_]
Whole: TypeAlias = npt.NDArray[np.int64]
Points: TypeAlias = npt.NDArray[np.signedinteger[Any]]
"""Whole numbers as small as they fit: goal fits, scores and their parts have 16 bits, sums are taken in 64."""
Values: TypeAlias = npt.NDArray[Any]
"""Numbers of any kind, one per person, for a view to spread over its pairs."""
Counts: TypeAlias = npt.NDArray[np.floating[Any]]
"""Whole numbers held as floats, whose matrix products are fast and, this small, exact."""

NOBODY = -1
"""In an assignment (one mentor's column per mentee): this mentee has no mentor."""


def table(rows: Sequence[Mapping[str, int]], keys: Mapping[str, int]) -> Counts:
    """The rows' numbers, a column per key; keys that have none are left out."""
    cells = np.zeros((len(rows), len(keys)), dtype=np.float32)
    for place, row in enumerate(rows):
        for key, number in row.items():
            if key in keys:
                cells[place, keys[key]] = number
    return cells
