"""A form that is sent twice makes one row: what the same person has just written is found under the pair's lock."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

REPEATED_FOR = timedelta(minutes=10)


def just_made(rows: Any, moment: str, now: datetime, same: Callable[[Any], bool]) -> Any:
    """The newest of `rows` that is the `same`, of the last minutes by its column `moment`, or None.

    Encrypted words can't be compared in the database, so the few rows of these minutes are read. The caller holds the
    lock of their pair: of two that are sent at once the second finds what the first made.
    """
    # Whoever waited for the lock may have looked at the clock first, so there is no upper bound.
    recent = rows.filter(**{f"{moment}__gt": now - REPEATED_FOR}).order_by(f"-{moment}")
    return next((row for row in recent if same(row)), None)
