"""What happens to a check-in: answered, dealt with by a coordinator, written about; and what goes with the season."""

from datetime import datetime
from typing import Any

from django.db import transaction

from mentorship.partnerships.checkins import asking
from mentorship.partnerships.checkins.querysets import LOW
from mentorship.partnerships.checkins.states import CHECK_IN
from mentorship.partnerships.models import CheckIn, CoordinatorMessage, Membership, Partnership
from mentorship.partnerships.services import NotTheirs
from mentorship.records.audit import record
from mentorship.reminders.services import queue_delivery
from mentorship.seasons.models import Season

State = CheckIn.State


class MonthOver(Exception):
    """The check-in can't be answered or changed any more: its month, its season or its pair is over."""


@transaction.atomic
def answer_check_in(
    *, check_in: CheckIn, going: int, fit: str, wants_call: bool, note: str, by: Any, now: datetime
) -> CheckIn:
    """Keep a member's answer, or the one they give instead. Raises MonthOver, NotTheirs.

    What waits for a coordinator waits since the first answer that said so; an answer that no longer does takes it
    back.
    """
    check_in = _locked(check_in)
    if check_in.membership.person_id != by.pk:
        raise NotTheirs
    if not asking.is_open(check_in, now):
        raise MonthOver
    CHECK_IN.check(check_in.state, State.ANSWERED)
    check_in.state, check_in.answered_at = State.ANSWERED, now
    check_in.going, check_in.wants_call, check_in.note = going, wants_call, note
    check_in.fit = fit if asking.asks_fit(check_in, now) else ""
    check_in.handled_at = check_in.handled_by = None
    if wants_call or going <= LOW or check_in.fit == CheckIn.Fit.DIFFERENT:
        check_in.waits_since = check_in.waits_since or now
    else:
        check_in.waits_since = check_in.escalated_at = None
    check_in.save()
    record(by=by, verb="answer-check-in", target=check_in, now=now)
    return check_in


@transaction.atomic
def settle_check_in(*, check_in: CheckIn, by: Any, now: datetime) -> CheckIn:
    """Note that a coordinator has dealt with what was said. Raises IllegalMove, NotTheirs."""
    check_in = _locked(check_in)
    if not CheckIn.objects.handled_by_others_than(by).filter(pk=check_in.pk).exists():
        raise NotTheirs
    CHECK_IN.check(check_in.state, State.HANDLED)
    check_in.state, check_in.handled_at, check_in.handled_by = State.HANDLED, now, by
    check_in.waits_since = check_in.escalated_at = None
    check_in.save(update_fields=["state", "handled_at", "handled_by", "waits_since", "escalated_at"])
    record(by=by, verb="settle-check-in", target=check_in, now=now)
    return check_in


@transaction.atomic
def write_to_member(
    *, membership: Membership, words: str, by: Any, now: datetime, check_in: CheckIn | None = None
) -> CoordinatorMessage:
    """Send a member a coordinator's words; the check-in that it answers is settled. Raises IllegalMove, NotTheirs."""
    theirs = Partnership.objects.decidable_by(by).filter(pk=membership.partnership_id)
    if not theirs.exists() or (check_in is not None and check_in.membership_id != membership.pk):
        raise NotTheirs
    if check_in is not None:
        settle_check_in(check_in=check_in, by=by, now=now)
    message = CoordinatorMessage.objects.create(
        membership=membership, check_in=check_in, author=by, words=words, written_at=now
    )
    queue_delivery(
        rule="from-coordinator",
        recipient=membership.person,
        dedupe_key=f"from-coordinator:{message.pk}",
        subject=message,
        now=now,
    )
    record(by=by, verb="write-to-member", target=message, now=now)
    return message


def purge_words(season: Season, now: datetime) -> None:
    """Empty the notes and delete what was written about them, once the season is archived; the marks stay."""
    CoordinatorMessage.objects.filter(membership__season=season).delete()
    CheckIn.objects.filter(waits_since__isnull=False, membership__season=season).update(waits_since=None)
    for check_in in CheckIn.objects.filter(membership__season=season).exclude(state=State.ASKED).iterator():
        if check_in.note:
            check_in.note = ""
            check_in.save(update_fields=["note"])


def _locked(check_in: CheckIn) -> CheckIn:
    rows = CheckIn.objects.select_for_update(of=("self",)).select_related("membership__partnership__season")
    row: CheckIn = rows.get(pk=check_in.pk)
    return row
