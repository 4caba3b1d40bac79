"""What is said of a meeting afterwards: it took place or it didn't, who was there, how long. Hours follow from it."""

from collections.abc import Collection
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from mentorship.common.states import IllegalMove
from mentorship.partnerships.models import Attendance, HourCorrection, Meeting, Membership, Partnership
from mentorship.partnerships.services.approving import NotTheirs
from mentorship.partnerships.services.meetings import NothingChanged, WrongMoment
from mentorship.partnerships.services.membership import (
    Closed,
    check_may_act,
    check_not_archived,
    lock_meeting,
    lock_pair,
    member_of,
)
from mentorship.partnerships.services.repeats import just_made
from mentorship.partnerships.states import MEETING, PARTNERSHIP
from mentorship.records.audit import record
from mentorship.seasons.phases import zone

UNDO_FOR = timedelta(days=1)
State = Meeting.State


class NobodyThere(Exception):
    """A meeting that took place had at least one person in it."""


class AlreadyLogged(Exception):
    """More meetings of that day are logged than the person knows of; `meetings` are all of them."""

    def __init__(self, meetings: list[Meeting]) -> None:
        super().__init__(len(meetings))
        self.meetings = meetings


@transaction.atomic
def log_meeting(
    *,
    meeting: Meeting,
    minutes: int,
    by: Any,
    now: datetime,
    present: Collection[UUID] | None = None,
    known: int | None = None,
) -> Meeting:
    """Say that a planned meeting took place; `present` are the memberships of who was there, by default all.

    `known` is how many logged meetings of that day the person has seen; None where nobody can be asked about them.
    The first one sets the partnership running. Raises NotTheirs, Closed, WrongMoment, IllegalMove, NobodyThere,
    AlreadyLogged.
    """
    meeting = _for_settling(meeting, State.HELD, by, now)
    if known is not None:
        there = held_that_day(meeting.partnership, meeting.starts_at)
        if len(there) > known:
            raise AlreadyLogged(there)
    _hold(meeting, minutes, present, by, now)
    record(by=by, verb="log-meeting", target=meeting, now=now)
    return meeting


@transaction.atomic
def log_unplanned_meeting(
    *,
    partnership: Partnership,
    starts_at: datetime,
    minutes: int,
    mode: str,
    by: Any,
    now: datetime,
    present: Collection[UUID] | None = None,
    known: int | None = None,
) -> Meeting:
    """Say that a meeting took place that nobody had planned.

    `known` is how many logged meetings of that day the person has seen; None where nobody can be asked about them.
    What the same person sends once more leads to the meeting that is there. Raises NotTheirs, Closed, WrongMoment,
    NobodyThere, AlreadyLogged.
    """
    pair = lock_pair(partnership.pk)
    member_of(pair, by)
    check_not_archived(pair)
    since = pair.announced_at or pair.approved_at
    until = min(pair.closed_at or now, now)
    if not since <= starts_at <= until:
        raise WrongMoment
    if known is not None:
        there = held_that_day(pair, starts_at)
        if len(there) > known:
            sent = {"minutes": minutes, "mode": mode}
            again: Meeting | None = just_made(
                pair.meetings.held().filter(planned=False, made_by=by, pk__in=[row.pk for row in there], **sent),
                "made_at",
                now,
                lambda row: _were_there(row) == _who(pair, present),
            )
            if again is None:
                raise AlreadyLogged(there)
            return again
    meeting = Meeting(
        partnership=pair,
        planned=False,
        starts_at=starts_at,
        minutes=minutes,
        mode=mode,
        made_by=by,
        made_at=now,
        changed_at=now,
    )
    meeting.save()
    _hold(meeting, minutes, present, by, now)
    record(by=by, verb="log-meeting", target=meeting, now=now)
    return meeting


@transaction.atomic
def mark_missed(*, meeting: Meeting, by: Any, now: datetime) -> Meeting:
    """Say that a planned meeting didn't take place. Raises NotTheirs, Closed, WrongMoment, IllegalMove."""
    meeting = _for_settling(meeting, State.MISSED, by, now)
    MEETING.check(meeting.state, State.MISSED)
    _settle(meeting, State.MISSED, by, now)
    record(by=by, verb="mark-meeting-missed", target=meeting, now=now)
    return meeting


@transaction.atomic
def undo_log(*, meeting: Meeting, by: Any, now: datetime) -> Meeting:
    """Take back what one said within the last day. Raises NotTheirs, Closed, WrongMoment, IllegalMove."""
    meeting = lock_meeting(meeting)
    member_of(meeting.partnership, by)
    _check_undo(meeting, by, now)
    target = State.PLANNED if meeting.planned else State.CANCELLED
    MEETING.check(meeting.state, target)
    meeting.attendances.all().delete()
    meeting.state, meeting.settled_by, meeting.settled_at = target, None, None
    meeting.save(update_fields=["state", "settled_by", "settled_at"])
    _follow(meeting.partnership)
    record(by=by, verb="undo-log", target=meeting, now=now)
    return meeting


@transaction.atomic
def correct_meeting(
    *,
    meeting: Meeting,
    took_place: bool,
    minutes: int,
    reason: str,
    by: Any,
    now: datetime,
    present: Collection[UUID] | None = None,
) -> HourCorrection:
    """Put right what was logged; what it was before stays in a row of its own.

    Members may, and coordinators whom the partnership doesn't concern. Raises NotTheirs, Closed, IllegalMove,
    NobodyThere, NothingChanged.
    """
    meeting = lock_meeting(meeting)
    pair = meeting.partnership
    check_may_act(pair, by)
    check_not_archived(pair)
    target = State.HELD if took_place else State.MISSED
    if meeting.state not in {State.HELD, State.MISSED}:
        raise IllegalMove(MEETING.name, meeting.state, target)
    if meeting.state != target:
        MEETING.check(meeting.state, target)
    before = _were_there(meeting)
    before_minutes = meeting.minutes if meeting.state == State.HELD else 0
    after = _who(pair, present) if took_place else set()
    if (before_minutes, before) == (minutes if took_place else 0, after):
        raise NothingChanged
    if took_place:
        meeting.minutes = minutes
    meeting.state = target
    meeting.save(update_fields=["state", "minutes"])
    _attend(meeting, after if took_place else None)
    correction = HourCorrection.objects.create(
        meeting=meeting,
        before_minutes=before_minutes,
        after_minutes=minutes if took_place else 0,
        before_present=len(before),
        after_present=len(after),
        reason=reason,
        by=by,
        at=now,
    )
    _follow(pair)
    record(by=by, verb="correct-meeting", target=meeting, now=now)
    return correction


def held_that_day(pair: Partnership, moment: datetime) -> list[Meeting]:
    """The pair's meetings that took place on the day of `moment` in the season's zone, the earliest first."""
    clock = zone(pair.season)
    day = moment.astimezone(clock).date()
    first = datetime.combine(day, time.min, clock)
    following = datetime.combine(day + timedelta(days=1), time.min, clock)
    return list(
        pair.meetings.held().filter(starts_at__gte=first, starts_at__lt=following).order_by("starts_at", "pk")
    )


def can_undo(meeting: Meeting, person: Any, now: datetime) -> bool:
    """Whether `person`, a member, can take back what was said of it: the button is shown where pressing it works."""
    try:
        _check_undo(meeting, person, now)
    except (Closed, IllegalMove, NotTheirs, WrongMoment):
        return False
    return True


def _check_undo(meeting: Meeting, person: Any, now: datetime) -> None:
    """One's own word of the last day, which nobody has put right since. Raises as `undo_log` does."""
    check_not_archived(meeting.partnership)
    if meeting.state not in {State.HELD, State.MISSED}:
        raise IllegalMove(MEETING.name, meeting.state, State.PLANNED if meeting.planned else State.CANCELLED)
    if meeting.settled_by_id != person.pk:
        raise NotTheirs
    if meeting.settled_at is None or now >= meeting.settled_at + UNDO_FOR:
        raise WrongMoment
    # A correction explains the figures from what was said before, so that stays.
    if meeting.corrections.exists():
        raise IllegalMove(MEETING.name, meeting.state, State.PLANNED if meeting.planned else State.CANCELLED)


def _for_settling(meeting: Meeting, target: str, by: Any, now: datetime) -> Meeting:
    """The locked meeting of which `by` may say what became of it."""
    meeting = lock_meeting(meeting)
    member_of(meeting.partnership, by)
    check_not_archived(meeting.partnership)
    # A settled meeting is put right with a reason, never logged once more.
    if meeting.state != State.PLANNED:
        raise IllegalMove(MEETING.name, meeting.state, target)
    if now < meeting.starts_at:
        raise WrongMoment
    return meeting


def _hold(meeting: Meeting, minutes: int, present: Collection[UUID] | None, by: Any, now: datetime) -> None:
    MEETING.check(State.PLANNED, State.HELD)
    there = _who(meeting.partnership, present)
    meeting.minutes = minutes
    _settle(meeting, State.HELD, by, now)
    _attend(meeting, there)
    _follow(meeting.partnership)


def _settle(meeting: Meeting, state: str, by: Any, now: datetime) -> None:
    meeting.state, meeting.settled_by, meeting.settled_at = state, by, now
    meeting.save(update_fields=["state", "minutes", "settled_by", "settled_at"])


def _who(pair: Partnership, present: Collection[UUID] | None) -> set[UUID]:
    """The memberships of who was there, none of another partnership. Raises NobodyThere."""
    members = set(_members(pair).values_list("pk", flat=True))
    there = members if present is None else members & set(present)
    if not there:
        raise NobodyThere
    return there


def _were_there(meeting: Meeting) -> set[UUID]:
    return set(meeting.attendances.filter(present=True).values_list("membership_id", flat=True))


def _members(pair: Partnership) -> Any:
    """The members while it goes on; afterwards those who stayed to the end."""
    members = Membership.objects.filter(partnership=pair)
    return members.filter(active=True) if pair.closed_at is None else members.filter(left_at=pair.closed_at)


def _attend(meeting: Meeting, there: set[UUID] | None) -> None:
    """Write who was there and who wasn't; None where it didn't take place."""
    meeting.attendances.all().delete()
    if there is not None:
        Attendance.objects.bulk_create(
            Attendance(meeting=meeting, membership=member, present=member.pk in there)
            for member in _members(meeting.partnership).order_by("pk")
        )


def _follow(pair: Partnership) -> None:
    """Let the locked partnership follow its meetings: when it met last, and whether it is running."""
    pair.last_met_at = pair.meetings.held().aggregate(last=Max("starts_at"))["last"]
    for source, target, met in (
        (Partnership.State.ANNOUNCED, Partnership.State.RUNNING, True),
        (Partnership.State.RUNNING, Partnership.State.ANNOUNCED, False),
    ):
        if pair.state == source and (pair.last_met_at is not None) is met:
            PARTNERSHIP.check(source, target)
            pair.state = target
            break
    pair.save(update_fields=["state", "last_met_at"])
