"""The coordinator's yes to circles; what follows, from asking to announcing, is as for pairs (`approving`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from mentorship.applications import concerns
from mentorship.applications.models import Application
from mentorship.partnerships import places
from mentorship.partnerships.models import Kind, Membership, Partnership
from mentorship.people.models import User
from mentorship.records.audit import record_many
from mentorship.seasons.models import Season

LEAST_TO_GO_ON = 2
Role = Membership.Role


@dataclass(frozen=True, eq=False)
class CircleDraft:
    """A circle to approve: its peers' applications, the people who guide it, and what its members may read of it."""

    peers: tuple[UUID, ...]
    facilitators: tuple[UUID, ...]
    reasons: dict[str, Any]


@dataclass(frozen=True)
class CircleApproval:
    """What came of an approval: the partnership of each draft, and why a draft had to stay out.

    The reasons are "withdrew" (somebody is no longer in the pool), "concerned" (another coordinator decides),
    "has-circle" (somebody is in another one meanwhile), "no-facilitator" and "alone" (nobody to share it with).
    """

    made: dict[CircleDraft, Partnership]
    refused: dict[CircleDraft, str]


def approve_circles(*, season: Season, drafts: Sequence[CircleDraft], by: Any, now: datetime) -> CircleApproval:
    """Make a partnership of each draft in which everybody still stands and is free.

    The peers' applications are locked in the order of their ids and looked at again. Raises Busy where somebody else
    holds them for too long; then nothing was changed.
    """
    with places.patient(), transaction.atomic():
        return _approve(season, drafts, by, now)


def _approve(season: Season, drafts: Sequence[CircleDraft], by: Any, now: datetime) -> CircleApproval:
    peers = {
        row.pk: row
        for row in Application.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in={peer for draft in drafts for peer in draft.peers}, season=season)
        .order_by("pk")
    }
    theirs = set(Application.objects.screenable_by(by).filter(pk__in=peers).values_list("pk", flat=True))
    guides = {guide for draft in drafts for guide in draft.facilitators}
    decidable = User.objects.filter(pk__in=guides, is_active=True).exclude(Q(pk=by.pk) | concerns.near(by, "pk"))
    free_guides = set(decidable.values_list("pk", flat=True))
    taken = set(
        Membership.objects.filter(season=season, kind=Kind.CIRCLE, role=Role.PEER, active=True).values_list(
            "person_id", flat=True
        )
    )
    made: dict[CircleDraft, Partnership] = {}
    refused: dict[CircleDraft, str] = {}
    for draft in drafts:
        people = [peers[peer].applicant_id for peer in draft.peers if peer in peers]
        if not draft.facilitators:
            refused[draft] = "no-facilitator"
        elif len(draft.peers) < LEAST_TO_GO_ON:
            refused[draft] = "alone"
        elif not all(peer in peers and _stands(peers[peer]) for peer in draft.peers):
            refused[draft] = "withdrew"
        elif not set(draft.peers) <= theirs or not set(draft.facilitators) <= free_guides:
            refused[draft] = "concerned"
        elif taken & set(people):
            refused[draft] = "has-circle"
        else:
            taken |= set(people)
            made[draft] = Partnership(
                season=season, kind=Kind.CIRCLE, reasons=draft.reasons, approved_at=now, approved_by=by
            )
    Partnership.objects.bulk_create(made.values())
    Membership.objects.bulk_create(_members(made, peers, now))
    record_many(by=by, verb="approve-circle", targets=list(made.values()), now=now)
    return CircleApproval(made, refused)


def _members(made: dict[CircleDraft, Partnership], peers: dict[UUID, Application], now: datetime) -> list[Membership]:
    return [
        Membership(
            partnership=circle,
            person_id=person,
            application_id=application,
            season_id=circle.season_id,
            kind=Kind.CIRCLE,
            role=role,
            joined_at=now,
        )
        for draft, circle in made.items()
        for role, person, application in [
            *((Role.PEER, peers[peer].applicant_id, peer) for peer in draft.peers),
            *((Role.FACILITATOR, person, None) for person in draft.facilitators),
        ]
    ]


def _stands(peer: Application) -> bool:
    return peer.state == Application.State.ELIGIBLE and peer.role == "peer"
