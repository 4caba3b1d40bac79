"""What happens to a meeting before it begins: planned, changed, cancelled; each is told to all members."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from mentorship.common.states import IllegalMove
from mentorship.partnerships.models import Meeting, Membership, Partnership
from mentorship.partnerships.services.membership import check_going_on, lock_meeting, lock_pair, member_of
from mentorship.partnerships.states import MEETING
from mentorship.records.audit import record
from mentorship.reminders.services import Draft, queue_deliveries
from mentorship.seasons.phases import meetings_end_at

State = Meeting.State


class WrongMoment(Exception):
    """The meeting can't be at that moment: planned in the past or after the season, logged before it began."""


class NothingChanged(Exception):
    """What was asked for is so already."""


@dataclass(frozen=True)
class Plan:
    """When, how long (minutes) and where a meeting is to be."""

    starts_at: datetime
    minutes: int
    mode: str = Meeting.Mode.VIDEO
    place: str = ""
    link: str = ""


@transaction.atomic
def plan_meeting(*, partnership: Partnership, plan: Plan, by: Any, now: datetime) -> Meeting:
    """Plan a meeting and invite all members; planned just so by any of them, it is the one that is there.

    Raises NotTheirs, Closed, WrongMoment.
    """
    pair = lock_pair(partnership.pk)
    member_of(pair, by)
    check_going_on(pair)
    _check_plannable(pair, plan, now)
    there: Meeting | None = pair.meetings.planned().filter(**_columns(plan)).first()
    if there is not None:
        return there
    meeting = Meeting.objects.create(partnership=pair, made_by=by, made_at=now, changed_at=now, **_columns(plan))
    _write_to_members(meeting, "meeting-planned", now)
    record(by=by, verb="plan-meeting", target=meeting, now=now)
    return meeting


@transaction.atomic
def change_meeting(*, meeting: Meeting, plan: Plan, by: Any, now: datetime) -> Meeting:
    """Plan it anew and tell all members. Raises NotTheirs, Closed, WrongMoment, IllegalMove, NothingChanged."""
    meeting = lock_meeting(meeting)
    member_of(meeting.partnership, by)
    check_going_on(meeting.partnership)
    _check_still_planned(meeting, now)
    _check_plannable(meeting.partnership, plan, now)
    columns = _columns(plan)
    if all(getattr(meeting, name) == value for name, value in columns.items()):
        raise NothingChanged
    for name, value in columns.items():
        setattr(meeting, name, value)
    meeting.sequence += 1
    meeting.changed_at = now
    meeting.save(update_fields=[*columns, "sequence", "changed_at"])
    _write_to_members(meeting, "meeting-changed", now)
    record(by=by, verb="change-meeting", target=meeting, now=now)
    return meeting


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, by: Any, now: datetime) -> Meeting:
    """Take a planned meeting out of everybody's calendar. Raises NotTheirs, IllegalMove, WrongMoment."""
    meeting = lock_meeting(meeting)
    member_of(meeting.partnership, by)
    _check_still_planned(meeting, now)
    call_off(meeting, now)
    record(by=by, verb="cancel-meeting", target=meeting, now=now)
    return meeting


def call_off(meeting: Meeting, now: datetime) -> None:
    """Cancel a locked, planned meeting and tell the members, in the caller's transaction."""
    MEETING.check(meeting.state, State.CANCELLED)
    meeting.state = State.CANCELLED
    meeting.sequence += 1
    meeting.changed_at = now
    meeting.save(update_fields=["state", "sequence", "changed_at"])
    _write_to_members(meeting, "meeting-cancelled", now)


def ends_at(meeting: Meeting) -> datetime:
    """The moment at which it is over, or was to be."""
    return meeting.starts_at + timedelta(minutes=meeting.minutes)


def _check_still_planned(meeting: Meeting, now: datetime) -> None:
    """Raises IllegalMove where it was settled, WrongMoment where it is over already."""
    if meeting.state != State.PLANNED:
        raise IllegalMove(MEETING.name, meeting.state, State.CANCELLED)
    if ends_at(meeting) <= now:
        raise WrongMoment


def _check_plannable(pair: Partnership, plan: Plan, now: datetime) -> None:
    if not now < plan.starts_at < meetings_end_at(pair.season):
        raise WrongMoment


def _columns(plan: Plan) -> dict[str, Any]:
    """What a plan says, without what its way of meeting has no use for."""
    return {
        "starts_at": plan.starts_at,
        "minutes": plan.minutes,
        "mode": plan.mode,
        "place": plan.place if plan.mode == Meeting.Mode.IN_PERSON else "",
        "link": plan.link if plan.mode == Meeting.Mode.VIDEO else "",
    }


def _write_to_members(meeting: Meeting, rule: str, now: datetime) -> None:
    """Each message belongs to one version of the meeting: what is outdated when it is sent isn't sent."""
    members = Membership.objects.filter(partnership=meeting.partnership_id, active=True).select_related("person")
    queue_deliveries(
        drafts=[
            Draft(
                rule=rule,
                recipient=member.person,
                dedupe_key=f"{rule}:{meeting.pk}:{meeting.sequence}:{member.pk}",
                subject=meeting,
                ids={"sequence": meeting.sequence},
            )
            for member in members.order_by("pk")
        ],
        now=now,
    )
