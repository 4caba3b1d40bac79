"""The one way to write the audit trail."""

from datetime import datetime
from typing import Any

from django.db import models

from mentorship.records.models import AuditEntry


def record(*, by: Any, verb: str, target: models.Model, now: datetime) -> AuditEntry:
    """Write who did what to which row, inside the caller's transaction; `by` is None where the program acted."""
    return AuditEntry.objects.create(
        actor=by,
        verb=verb,
        label=target._meta.label_lower,
        object_id=str(target.pk),
        at=now,
    )


def record_many(*, by: Any, verb: str, targets: list[models.Model], now: datetime) -> None:
    """Write one entry for each of `targets` in one statement."""
    AuditEntry.objects.bulk_create(
        AuditEntry(
            actor=by,
            verb=verb,
            label=row._meta.label_lower,
            object_id=str(row.pk),
            at=now,
        )
        for row in targets
    )
