"""Whether this installation is well: database, migrations, and that messages and the tick keep moving."""

from datetime import datetime
from typing import Any

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from mentorship.reminders.ticking import seconds_overdue, seconds_since_tick

# There is a tick a minute: five missed ones are no accident. What is due goes out with the next one, a refusal moves
# its date, and a large announcement takes its time.
TICK_SECONDS = 5 * 60
OVERDUE_SECONDS = 30 * 60


def check(*, now: datetime) -> dict[str, dict[str, Any]]:
    """Return {"database": {"ok": bool, …}, "migrations": …, "beat": …, "outbox": …}; ages are in seconds.

    The beat's age is None until the first tick, and not well: nothing that depends on the clock happens yet.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return {"database": {"ok": False}}
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    parts: dict[str, dict[str, Any]] = {
        "database": {"ok": True},
        "migrations": {"ok": not pending, "pending": len(pending)},
    }
    if pending:  # perhaps of the very tables that are asked next
        return parts
    beat = seconds_since_tick(now=now)
    overdue = seconds_overdue(now=now)
    return {
        **parts,
        "beat": {"ok": beat is not None and beat <= TICK_SECONDS, "age": beat},
        "outbox": {"ok": overdue <= OVERDUE_SECONDS, "oldest_due": overdue},
    }
