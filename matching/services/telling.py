"""The moment everybody is told: pairs together, and those without a match after a coordinator has called them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from matching.alone import unmatched
from matching.models import CallListEntry
from mentorship.applications.models import Application
from mentorship.partnerships import services
from mentorship.partnerships.models import Kind
from mentorship.partnerships.services import NotTheirs
from mentorship.records.audit import record, record_many
from mentorship.reminders.services import Draft, queue_deliveries
from mentorship.seasons.models import Season


class NotAnnounced(Exception):
    """Nobody is told that they have no match before the others hear of theirs."""


@dataclass(frozen=True)
class Announced:
    """How many pairs, circles and people without a match were told, and how many have still to be called."""

    pairs: int
    circles: int
    told: int
    to_call: int


@transaction.atomic
def announce_season(*, season: Season, by: Any, now: datetime) -> Announced:
    """Tell every confirmed pair and circle, and those without a match who were called, in one transaction.

    The others stay on the call list and are told once they were called. Raises what `partnerships.services.announce`
    raises.
    """
    pairs = services.announce(season=season, by=by, now=now)
    season = pairs[0].season
    called = list(
        CallListEntry.objects.filter(
            application__in=unmatched(season), called_at__isnull=False, told_at=None
        ).select_related("application__applicant")
    )
    _tell(called, by, now)
    waiting = unmatched(season).exclude(call__told_at__isnull=False).count()
    circles = sum(1 for each in pairs if each.kind == Kind.CIRCLE)
    return Announced(len(pairs) - circles, circles, len(called), waiting)


@transaction.atomic
def mark_called(*, application: Application, by: Any, now: datetime) -> CallListEntry:
    """Note that a coordinator has spoken with somebody without a match; once announced, the notice follows.

    Raises NotTheirs.
    """
    entry = _entry(application, by)
    if entry.called_at is None:
        entry.called_by, entry.called_at = by, now
        entry.save(update_fields=["called_by", "called_at"])
        record(by=by, verb="mark-called", target=entry, now=now)
    if entry.season.announced_at is not None and entry.told_at is None:
        _tell([entry], by, now)
    return entry


@transaction.atomic
def tell_without_call(*, application: Application, by: Any, now: datetime) -> CallListEntry:
    """Send the notice to somebody who couldn't be reached. Raises NotTheirs, NotAnnounced."""
    entry = _entry(application, by)
    if entry.season.announced_at is None:
        raise NotAnnounced
    if entry.told_at is None:
        _tell([entry], by, now)
    return entry


def _entry(application: Application, by: Any) -> CallListEntry:
    """Lock the entry of somebody without a match, making it on the first word about them. Raises NotTheirs."""
    if not Application.objects.screenable_by(by).filter(pk=application.pk).exists():
        raise NotTheirs
    if not unmatched(application.season).filter(pk=application.pk).exists():
        raise NotTheirs
    CallListEntry.objects.get_or_create(application=application, defaults={"season": application.season})
    return (
        CallListEntry.objects.select_for_update(of=("self",))
        .select_related("season", "application__applicant")
        .get(application=application)
    )


def _tell(entries: list[CallListEntry], by: Any, now: datetime) -> None:
    for entry in entries:
        entry.told_at = now
    CallListEntry.objects.bulk_update(entries, ["told_at"])
    queue_deliveries(
        drafts=[
            Draft(
                rule="unmatched",
                recipient=entry.application.applicant,
                dedupe_key=f"unmatched:{entry.pk}",
                subject=entry,
            )
            for entry in entries
        ],
        now=now,
    )
    record_many(by=by, verb="tell-unmatched", targets=list(entries), now=now)
