"""A bound that needs no solver to check: any prices of 0 or more prove one, in whole numbers.

For every v that keeps the rows, gain · v ≤ prices · limits + Σ max over 0..most of (gain − prices · rows)_j · v_j.
"""

import numpy as np

from matching.engine.certificate import VerificationError
from matching.engine.circles.programme import Programme
from matching.engine.circles.trace import Prices

SCALE = 2**20
"""Prices are told in this part of a point."""
DEAREST = 2**42
"""A price beyond it is refused; with it and coefficients up to 8, sums over a million entries stay exact."""


def prove(programme: Programme, scale: int, prices: tuple[tuple[int, int], ...]) -> Prices:
    """What these prices prove; VerificationError where a price is not one of a row of this programme."""
    if scale != SCALE:
        raise VerificationError(f"prices: scale: must be {SCALE}")
    by_row = np.zeros(len(programme.limits), dtype=np.int64)
    last = -1
    for row, price in prices:
        if not last < row < len(by_row) or not 0 < price <= DEAREST:
            raise VerificationError(f"prices: rows: {row}: must be a row, after the one before, with a price above 0")
        by_row[row], last = price, row
    places, columns, values = programme.rows
    paid = np.zeros(programme.width, dtype=np.int64)
    np.add.at(paid, columns, values * by_row[places])
    left = programme.gain * scale - paid
    best = np.where(left > 0, left * programme.most, left * programme.least)
    bound = sum((by_row * programme.limits).tolist()) + sum(best.tolist())
    return Prices(bound // scale, scale, prices)


def linear_prices(programme: Programme) -> Prices:
    """The prices of the linear programme's optimum, rounded, and what they prove."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_array

    if not programme.width or not len(programme.limits):
        return prove(programme, SCALE, ())
    places, columns, values = programme.rows
    table = csr_array((values.astype(float), (places, columns)), shape=(len(programme.limits), programme.width))
    bounds = np.stack((programme.least, programme.most), axis=1).astype(float)
    found = linprog(-programme.gain.astype(float), A_ub=table, b_ub=programme.limits, bounds=bounds, method="highs")
    if found.status:
        return prove(programme, SCALE, ())
    prices = np.clip(np.rint(-found.ineqlin.marginals * SCALE), 0, DEAREST).astype(np.int64)
    return prove(programme, SCALE, tuple((int(row), int(prices[row])) for row in np.nonzero(prices)[0]))
