"""How partnerships come to their end: with the season, early and done, or without fault. History stays."""

from datetime import datetime
from typing import Any

from django.db import transaction

from mentorship.partnerships import places as mentor_places
from mentorship.partnerships.models import ChangeWish, Membership, Partnership
from mentorship.partnerships.services.approving import NotTheirs
from mentorship.partnerships.services.meetings import call_off
from mentorship.partnerships.services.membership import check_may_act, is_coordinator_of, lock_pair
from mentorship.partnerships.states import PARTNERSHIP
from mentorship.records.audit import record, record_many
from mentorship.reminders.services import Draft, queue_deliveries
from mentorship.seasons.models import Season
from mentorship.seasons.phases import meetings_end_at

State = Partnership.State


class NotOverYet(Exception):
    """The season's meetings still go on."""


@transaction.atomic
def complete_pair(*, partnership: Partnership, by: Any, now: datetime) -> Partnership:
    """A coordinator says that a pair has done what it came for. Raises NotTheirs, IllegalMove."""
    pair = lock_pair(partnership.pk)
    if not is_coordinator_of(pair, by):
        raise NotTheirs
    return _close(pair, State.COMPLETED, "complete-pair", by, now)


@transaction.atomic
def complete_early(*, partnership: Partnership, by: Any, now: datetime) -> Partnership:
    """A member says that they have reached what they wanted. Raises NotTheirs, IllegalMove."""
    pair = lock_pair(partnership.pk)
    check_may_act(pair, by)
    return _close(pair, State.COMPLETED_EARLY, "complete-pair-early", by, now)


@transaction.atomic
def end_pair(*, partnership: Partnership, by: Any, now: datetime) -> Partnership:
    """End it without fault and without asking why; the others are told kindly. Raises NotTheirs, IllegalMove."""
    pair = lock_pair(partnership.pk)
    check_may_act(pair, by)
    return _close(pair, State.ENDED, "end-pair", by, now)


@transaction.atomic
def close_season_pairs(*, season: Season, now: datetime, by: Any = None) -> int:
    """Complete every running pair of a season whose meetings are over, and end those that never met.

    Returns how many. The number of queries doesn't grow with them. Raises NotOverYet.
    """
    if now < meetings_end_at(season):
        raise NotOverYet
    going_on = Partnership.objects.filter(season=season, state__in=[State.ANNOUNCED, State.RUNNING])
    pairs = list(going_on.select_for_update(of=("self",)).order_by("pk"))
    for source, target in ((State.RUNNING, State.COMPLETED), (State.ANNOUNCED, State.ENDED)):
        PARTNERSHIP.check(source, target)
        same = [pair.pk for pair in pairs if pair.state == source]
        Partnership.objects.filter(pk__in=same).update(state=target, closed_at=now)
    # Nothing is planned beyond the end of meetings, so there is nothing to call off.
    _write([pair for pair in pairs if pair.state == State.RUNNING], "pair-completed", None, now)
    _free(pairs, by, now)
    record_many(by=by, verb="close-with-season", targets=pairs, now=now)
    return len(pairs)


def _close(pair: Partnership, target: str, verb: str, by: Any, now: datetime) -> Partnership:
    PARTNERSHIP.check(pair.state, target)
    planned = pair.meetings.planned().with_end().filter(ends_at__gt=now)
    for meeting in planned.select_for_update(of=("self",)).order_by("pk"):
        call_off(meeting, now)
    pair.state, pair.closed_at = target, now
    pair.save(update_fields=["state", "closed_at"])
    _write([pair], "pair-ended" if target == State.ENDED else "pair-completed", by, now)
    _free([pair], by, now)
    record(by=by, verb=verb, target=pair, now=now)
    return pair


def _free(pairs: list[Partnership], by: Any, now: datetime) -> None:
    """Give the mentors' places back and end the memberships and open wishes; the rows stay."""
    members = Membership.objects.filter(partnership__in=pairs, active=True)
    mentors = members.filter(role=Membership.Role.MENTOR, application__isnull=False)
    mentor_places.give_back(mentors.values_list("application_id", flat=True))
    members.update(active=False, left_at=now)
    ChangeWish.objects.filter(membership__partnership__in=pairs).open().update(settled_at=now, settled_by=by)


def _write(pairs: list[Partnership], rule: str, by: Any, now: datetime) -> None:
    """Tell the members, but not whoever decided it; goes before the memberships end."""
    by_key = {pair.pk: pair for pair in pairs}
    members = Membership.objects.filter(partnership__in=by_key, active=True)
    queue_deliveries(
        drafts=[
            Draft(
                rule=rule,
                recipient=member.person,
                dedupe_key=f"{rule}:{member.pk}",
                subject=by_key[member.partnership_id],
            )
            for member in members.select_related("person").order_by("pk")
            if by is None or member.person_id != by.pk
        ],
        now=now,
    )
