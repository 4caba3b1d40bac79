"""Erasing a person: what the retention registry says goes, goes; the programme's own record stays without them.

The ledger of erasures is a file outside the database, so that a restored backup forgets them again.
"""

import json
import os
import uuid
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models, transaction

from mentorship.common.encryption import EncryptedField
from mentorship.records.audit import record
from mentorship.records.models import LegalHold
from mentorship.records.retention import Erasure, ModelNote, notes


class ErasureRefused(Exception):
    """The person can't be erased now; the text says why and what to do."""


@transaction.atomic
def erase_person(*, person: Any, by: Any, now: datetime) -> dict[str, int]:
    """Erase `person`; return {model label: rows touched}. Raises ErasureRefused. Safe to repeat.

    Erasing oneself is refused: the audit entry needs somebody else who answers for it.
    """
    if by is not None and by.pk == person.pk:
        raise ErasureRefused("Somebody else must erase you: ask another administrator.")
    person = get_user_model().objects.select_for_update(of=("self",)).get(pk=person.pk)
    if LegalHold.objects.filter(person=person, lifted_at=None).exists():
        raise ErasureRefused("A legal hold is in force: lift it first.")
    touched: dict[str, int] = {}
    # Upper layers register last and refer to lower ones, so they go first.
    for note in reversed(notes()):
        if note.owner and (count := _erase_rows(note, person)):
            touched[note.model._meta.label] = count
    get_user_model().objects.filter(pk=person.pk).update(is_active=False)
    record(by=by, verb="erase", target=person, now=now)
    _write_ledger(person.pk, now)
    return touched


def _erase_rows(note: ModelNote, person: Any) -> int:
    rows = note.model._default_manager.filter(**{note.owner: person.pk})
    going = {name for kept in note.kept if kept.erasure is Erasure.DELETE for name in kept.names}
    if "id" in going:
        keys = list(rows.values_list("pk", flat=True))
        note.model._default_manager.filter(pk__in=keys).delete()
        return len(keys)
    blank = sorted(going | {name for kept in note.kept if kept.erasure is Erasure.BLANK for name in kept.names})
    count = 0
    for row in rows.distinct() if blank else ():
        plain = []
        for name in blank:
            field = note.model._meta.get_field(name)
            if isinstance(field, models.ManyToManyField):
                getattr(row, name).clear()
            else:
                setattr(row, name, _emptied(field, row))
                plain.append(name)
        row.save(update_fields=plain)
        count += 1
    return count


def _emptied(field: Any, row: models.Model) -> Any:
    if isinstance(field, EncryptedField):
        return field.get_default()
    if field.null:
        return None
    if field.unique:
        return f"erased-{row.pk.hex}"[: field.max_length]
    if field.has_default():
        return field.get_default()
    return False if isinstance(field, models.BooleanField) else ""


def _write_ledger(key: uuid.UUID, now: datetime) -> None:
    """Append the person's key to the ledger and force it to disk, before the erasure is committed."""
    path = Path(settings.ERASURE_LEDGER)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as ledger:
        ledger.write(json.dumps({"person": str(key), "at": now.isoformat()}) + "\n")
        ledger.flush()
        os.fsync(ledger.fileno())


def erased_people() -> list[uuid.UUID]:
    """Return the keys in the ledger, each once, in order."""
    path = Path(settings.ERASURE_LEDGER)
    if not path.is_file():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    return list(dict.fromkeys(uuid.UUID(json.loads(line)["person"]) for line in lines if line.strip()))
