"""How a programme is searched: by scipy's branch and bound, within limits that count nodes and never seconds."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from matching.engine.circles.programme import Programme
from matching.engine.tables import Mask, Whole

NEARLY = 1e-6


@dataclass(frozen=True)
class Limits:
    """How far a search goes. They count people, nodes and rounds, never seconds: the result is the same anywhere.

    `near` is the gap, in thousandths of the bound, at which a large season is good enough.
    """

    proved_up_to: int = 100
    nodes: int = 500
    large_nodes: int = 5
    near: int = 2
    repairs: int = 30
    repair_nodes: int = 50


LIMITS = Limits()


@dataclass(frozen=True)
class Found:
    """The best values found (none if there are none within the limits), the bound, and the nodes it took.

    `impossible`: it is proved that there are no values.
    """

    values: Whole | None
    bound: int
    nodes: int
    impossible: bool = False


def search(programme: Programme, nodes: int, gap: float) -> Found:
    """The best whole numbers for this programme, or as good as these limits allow."""
    if not programme.width:
        return Found(np.zeros(0, dtype=np.int64), 0, 0)
    result = _milp(programme, programme.whole, programme.least, programme.most, nodes, gap)
    if result.x is None:
        impossible = result.status == 2
        bound = int((programme.gain * programme.most).sum())
        return Found(None, bound, int(result.mip_node_count or 0), impossible)
    values = np.rint(result.x).astype(np.int64)
    if np.abs(result.x - values).max() > 1e-4:
        values = _vertex(programme, values)
    return Found(values, int(np.floor(-result.mip_dual_bound + NEARLY * 100)), int(result.mip_node_count or 0))


def _vertex(programme: Programme, values: Whole) -> Whole:
    """Whole numbers for the rest, where those that were declared whole are settled: a flow has whole vertices."""
    least = np.where(programme.whole, values, programme.least)
    most = np.where(programme.whole, values, programme.most)
    everything = np.ones(programme.width, dtype=bool)
    again = _milp(programme, everything, least, most, 1000, 0.0)
    settled: Whole = np.rint(again.x).astype(np.int64)
    return settled


def _milp(programme: Programme, whole: Mask, least: Whole, most: Whole, nodes: int, gap: float) -> Any:
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    places, columns, values = programme.rows
    constraints = None
    if len(programme.limits):
        table = csr_array((values.astype(float), (places, columns)), shape=(len(programme.limits), programme.width))
        constraints = LinearConstraint(table, -np.inf, programme.limits.astype(float))
    return milp(
        -programme.gain.astype(float),
        integrality=whole.astype(int),
        bounds=Bounds(least.astype(float), most.astype(float)),
        constraints=constraints,
        options={"node_limit": nodes, "mip_rel_gap": gap},
    )
