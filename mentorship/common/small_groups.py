"""Which groups of people may be shown: the one rule for surveys, reports and matching. It knows no Django."""

from collections.abc import Iterable, Mapping, Sequence

SMALLEST = 5


def is_small(size: int) -> bool:
    """Whether somebody is in a group, but fewer than may be told of."""
    return 0 < size < SMALLEST


def shown_groups(sizes: Mapping[str, int]) -> set[str]:
    """Which groups of one breakdown may be shown: five people each, and nobody or at least five besides.

    Those whose attribute isn't known ("") are never a group. A single group of everybody is no breakdown.
    """
    shown = {group for group, size in sizes.items() if group and size >= SMALLEST}
    while shown and is_small(sum(size for group, size in sizes.items() if group not in shown)):
        shown.remove(min(shown, key=lambda group: (sizes[group], group)))
    return shown if len([size for size in sizes.values() if size]) > 1 else set()


def shown_rows(rows: Mapping[str, Sequence[int]], groups: Iterable[str]) -> set[str]:
    """Which rows of a table with totals may be shown, of `groups` that may be named; a row counts parts of a group.

    The rule of `shown_groups` in both directions: each part of a shown group is nobody or at least five people, and
    so is, column by column, what is left of the total when the shown rows are subtracted.
    """
    shown = {group for group in groups if not any(map(is_small, rows[group]))}
    while shown and any(map(is_small, _column_sums(row for group, row in rows.items() if group not in shown))):
        shown.remove(min(shown, key=lambda group: (sum(rows[group]), group)))
    return shown


def _column_sums(rows: Iterable[Sequence[int]]) -> list[int]:
    return [sum(column) for column in zip(*rows, strict=True)]
