"""The arrays that the engine is made of: their types, and how people's lists become one."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Mask: TypeAlias = npt.NDArray[np.bool_]
Whole: TypeAlias = npt.NDArray[np.int64]

NOBODY = -1
"""In an assignment (one mentor's column per mentee): this mentee has no mentor."""


def table(rows: Sequence[Mapping[str, int]], keys: Mapping[str, int]) -> npt.NDArray[np.float64]:
    """The rows' numbers as floats (exact, and products of such tables are fast), a column per key."""
    cells = np.zeros((len(rows), len(keys)))
    for place, row in enumerate(rows):
        for key, number in row.items():
            if key in keys:
                cells[place, keys[key]] = number
    return cells
