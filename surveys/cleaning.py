"""The job after a close: VACUUM, so that the rows that were rewritten are gone from the disk too."""

from datetime import datetime
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentorship.jobs.models import Job
from mentorship.jobs.registry import JobKind, Progress, register
from mentorship.jobs.services import JobFailed
from surveys.models import Response, Ticket
from surveys.services.closing import CLEANING


def register_all() -> None:
    """Called once, when the program starts."""
    register(
        JobKind(
            key=CLEANING,
            title=gettext_lazy("Clearing away after a survey"),
            run=_run,
            next_url=lambda job: reverse("admin:surveys_overview", args=[job.payload["wave"]]),
            may_see=lambda job, user: bool(user.has_role("coordinator")),
        )
    )


def _run(job: Job, progress: Progress, now: datetime) -> dict[str, Any]:
    tables = [model._meta.db_table for model in (Response, Ticket)]
    for done, table in enumerate(tables):
        progress(done, len(tables))
        vacuum(table)
    return {"tables": len(tables)}


def vacuum(table: str) -> None:
    """Clear away the deleted rows of a table. Raises JobFailed where the database wouldn't do it.

    PostgreSQL only warns and goes on when the role isn't the table's owner, so that is asked first.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = %s::regclass",
            [table],
        )
        if not cursor.fetchone()[0]:
            raise JobFailed(
                _("The database's owner has to run VACUUM on the tables of surveys: this program's role may not.")
            )
        cursor.execute(f"VACUUM {connection.ops.quote_name(table)}")
