"""Telling people what was decided, all at once."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.db import transaction

from mentorship.applications.models import Application
from mentorship.applications.services.telling import queue_decisions
from mentorship.applications.states import DECIDED
from mentorship.records.audit import record_many
from mentorship.seasons.models import Season


@transaction.atomic
def release_decisions(*, season: Season, by: Any, now: datetime) -> Counter[str]:
    """Tell everybody whose decision isn't told yet; return how many of each. Safe to repeat.

    Applications that concern `by` stay: another coordinator tells those.
    """
    rows = list(
        Application.objects.screenable_by(by)
        .filter(season=season, state__in=DECIDED, released_at=None)
        .select_related("applicant")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    for application in rows:
        application.released_at = now
    Application.objects.bulk_update(rows, ["released_at"], batch_size=500)
    record_many(by=by, verb="release-decision", targets=rows, now=now)
    queue_decisions(rows, now)
    return Counter(application.state for application in rows)
