"""Which groups of people may be shown: the one rule for surveys, reports and matching. It knows no Django."""

from collections.abc import Mapping

SMALLEST = 5


def shown_groups(sizes: Mapping[str, int]) -> set[str]:
    """Which groups of one breakdown may be shown: five people each, and nobody or at least five besides.

    Those whose attribute isn't known ("") are never a group. A single group of everybody is no breakdown.
    """
    shown = {group for group, size in sizes.items() if group and size >= SMALLEST}
    while shown and 0 < sum(size for group, size in sizes.items() if group not in shown) < SMALLEST:
        shown.remove(min(shown, key=lambda group: (sizes[group], group)))
    return shown if len([size for size in sizes.values() if size]) > 1 else set()
