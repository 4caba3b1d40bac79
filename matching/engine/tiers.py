"""What each tier counts: a whole-number weight per pair, and the order in which the tiers are settled.

Coverage, priority and cuts share one lexicographic tier. With M = 1 + the most pairs that can be made and cuts
t = 1..T, a pair weighs `M^(T+1) + [priority] · M^T − Σ_t [fit under cut t] · M^(T−t)`: no number of pairs can
make up for a difference in the digit before theirs, so its largest sum is the best vector (pairs, priority
mentees, fewest under the first cut, fewest under the second, …).
"""

import numpy as np

from matching.engine.tables import Whole
from matching.engine.views import View

COVERAGE, KEEP, FIT, LOTTERY = "coverage", "keep", "fit", "lottery"
COMMON = (COVERAGE, KEEP)
"""Settled once: the quiet guard leaves their optimum as it is."""
OPEN_TO_IDENTITY = (FIT, LOTTERY)
"""Settled blind first where the quiet guard is at work, then for real."""
TIERS = COMMON + OPEN_TO_IDENTITY


def weights(view: View, tier: str, *, blind: bool = False) -> Whole:
    """The weight of every pair in this tier, all at least 0; `blind` leaves identity out of the fit tier."""
    if tier == COVERAGE:
        return coverage(view)
    if tier == KEEP:
        return view.kept.astype(np.int64)
    if tier == FIT:
        return (view.blind_score if blind else view.score).astype(np.int64)
    return view.ticket


def coverage(view: View) -> Whole:
    """Pairs, then priority, then cuts, as one number."""
    cuts = view.sides.problem.settings.cuts
    digit = 1 + view.sides.most_pairs
    by_fit = np.full(101, digit ** (len(cuts) + 1), dtype=np.int64)
    for place, cut in enumerate(cuts, start=1):
        by_fit[:cut] -= digit ** (len(cuts) - place)
    return by_fit[view.fit] + view.of_mentees(view.sides.priority * digit ** len(cuts))
