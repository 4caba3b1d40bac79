"""How well what a mentor offers covers what a mentee wants: the engine's goal fit, for ordering a list of mentors."""

from collections.abc import Mapping

STRONG = 2
NO_GOALS = 50


def goal_fit(wanted: Mapping[str, int], offered: Mapping[str, int]) -> int:
    """Return 0..100: (100 · Σ wanted · min(offered, 2)) // (2 · Σ wanted); 50 where nothing is wanted.

    `wanted` is importance 1–3 by goal, `offered` 1 some or 2 strong by goal.
    """
    whole = STRONG * sum(wanted.values())
    if not whole:
        return NO_GOALS
    reached = sum(weight * min(offered.get(goal, 0), STRONG) for goal, weight in wanted.items())
    return 100 * reached // whole
