"""Who of a partnership acts: its members, or a coordinator whom it doesn't concern; locked in one order."""

from typing import Any
from uuid import UUID

from mentorship.partnerships.models import Meeting, Membership, Partnership
from mentorship.partnerships.querysets import GOING_ON, TOLD
from mentorship.partnerships.services.approving import NotTheirs


class Closed(Exception):
    """The partnership is over, so this can't be done any more."""


class Archived(Closed):
    """The season is archived: what is kept of it stays as it is."""


def lock_pair(key: UUID) -> Partnership:
    """Lock the partnership; everything that changes its meetings or state does so first."""
    pair: Partnership = Partnership.objects.select_for_update(of=("self",)).select_related("season").get(pk=key)
    return pair


def lock_meeting(meeting: Meeting) -> Meeting:
    """Lock the partnership and then the meeting."""
    pair = lock_pair(meeting.partnership_id)
    row: Meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    row.partnership = pair
    return row


def member_of(pair: Partnership, person: Any) -> Membership:
    """The part of `person` in a partnership that they know of. Raises NotTheirs."""
    member = pair.memberships.filter(person=person).first() if pair.state in TOLD else None
    # Who left while it goes on for others has no say in it any more.
    if member is None or (pair.state in GOING_ON and not member.active):
        raise NotTheirs
    return member


def is_coordinator_of(pair: Partnership, person: Any) -> bool:
    """Whether `person` is a coordinator who may decide on the partnership."""
    return Partnership.objects.decidable_by(person).filter(pk=pair.pk, state__in=TOLD).exists()


def check_may_act(pair: Partnership, person: Any) -> None:
    """Let members and unconcerned coordinators through. Raises NotTheirs."""
    if not is_coordinator_of(pair, person):
        member_of(pair, person)


def check_going_on(pair: Partnership) -> None:
    """Raises Closed, and Archived where there is more to say than that the pair is over."""
    check_not_archived(pair)
    if pair.state not in GOING_ON:
        raise Closed


def check_not_archived(pair: Partnership) -> None:
    """Hours may be put right after the end, until the season is archived. Raises Archived."""
    if pair.season.archived_at is not None:
        raise Archived
