"""The answer of somebody without a match: whether they stay on the waiting list of this season."""

from datetime import datetime
from typing import Any

from django.db import transaction

from matching.alone import entry_of
from matching.models import CallListEntry
from mentorship.applications.models import Application
from mentorship.partnerships.services import NotTheirs
from mentorship.records.audit import record


@transaction.atomic
def answer_waiting(*, application: Application, waits: bool, by: Any, now: datetime) -> CallListEntry:
    """Stay on the list or leave it, as often as one likes; the priority next season stays whatever they say.

    Who leaves is in no further run and can't be approved. Raises NotTheirs.
    """
    if entry_of(by, application.pk) is None:
        raise NotTheirs
    entry = CallListEntry.objects.select_for_update(of=("self",)).get(application=application)
    if entry.waits is not waits:
        entry.waits, entry.answered_at = waits, now
        entry.save(update_fields=["waits", "answered_at"])
        record(by=by, verb="wait-for-place" if waits else "leave-waiting-list", target=entry, now=now)
    return entry
