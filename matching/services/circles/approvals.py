"""A coordinator's decisions on suggested circles: hold one, approve one or many, take an approval back."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from matching.models import CircleProposal, CircleRun
from matching.services.standing import hold_standing
from matching.states import CIRCLE
from mentorship.common.states import IllegalMove
from mentorship.partnerships import places, services
from mentorship.partnerships.querysets import HELD
from mentorship.partnerships.services import CircleDraft, NotTheirs
from mentorship.records.audit import record

State = CircleProposal.State
OPEN = (State.PROPOSED, State.LOCKED)


@dataclass(frozen=True)
class ApprovedCircles:
    """How many circles were set, and why others stayed out (reasons of `partnerships.services.CircleApproval`)."""

    made: int
    refused: Counter[str] = field(default_factory=Counter)


def approve_suggested_circles(*, run: CircleRun, circles: Iterable[UUID], by: Any, now: datetime) -> ApprovedCircles:
    """Approve these circles of the season's last run; what somebody else decided meanwhile is left alone.

    Raises RunUnderWay, or Busy where somebody else is deciding on the same people; then nothing was changed.
    """
    with places.patient(), transaction.atomic():
        hold_standing(run)
        rows = list(_locked(by, run, list(circles), OPEN))
        drafts = {row.pk: _draft(row) for row in rows}
        outcome = services.approve_circles(season=run.season, drafts=list(drafts.values()), by=by, now=now)
        for row in rows:
            if drafts[row.pk] in outcome.made:
                CIRCLE.check(row.state, State.APPROVED)
                row.state, row.partnership = State.APPROVED, outcome.made[drafts[row.pk]]
                row.decided_by, row.decided_at = by, now
        CircleProposal.objects.bulk_update(rows, ["state", "partnership", "decided_by", "decided_at"])
        return ApprovedCircles(len(outcome.made), Counter(outcome.refused.values()))


@transaction.atomic
def hold_circle(*, circle: CircleProposal, by: Any, now: datetime) -> CircleProposal:
    """Keep a circle as it is through further runs. Raises IllegalMove, NotTheirs."""
    return _move(circle, State.PROPOSED, State.LOCKED, "hold-circle", by, now)


@transaction.atomic
def release_circle(*, circle: CircleProposal, by: Any, now: datetime) -> CircleProposal:
    """Let a further run look at a held circle again. Raises IllegalMove, NotTheirs."""
    return _move(circle, State.LOCKED, State.PROPOSED, "release-circle", by, now)


@transaction.atomic
def take_back_circle(*, circle: CircleProposal, by: Any, now: datetime) -> CircleProposal:
    """Undo an approval until the facilitators are asked, later where somebody withdrew.

    A circle whose facilitator declined comes back the same way. Raises IllegalMove, NotTheirs.
    """
    row = circle_to_decide(circle, by)
    if row.partnership is None:
        raise IllegalMove(CIRCLE.name, row.state, State.PROPOSED)
    CIRCLE.check(row.state, State.PROPOSED)
    if row.partnership.state in HELD:
        services.take_back(partnership=row.partnership, by=by, now=now)
    reopen(row, by, now)
    return row


def reopen(row: CircleProposal, by: Any, now: datetime) -> None:
    """Make a suggestion of a locked circle whose partnership is over."""
    CIRCLE.check(row.state, State.PROPOSED)
    row.state, row.partnership, row.decided_by, row.decided_at = State.PROPOSED, None, by, now
    row.save(update_fields=["state", "partnership", "decided_by", "decided_at"])


def circle_to_decide(circle: CircleProposal, by: Any) -> CircleProposal:
    """Lock and return a circle of the season's last run on which `by` may decide. Raises NotTheirs, RunUnderWay."""
    rows = CircleProposal.objects.visible_to(by).select_related("run__season", "partnership")
    row: CircleProposal | None = (
        rows.defer("run__problem", "run__trace").select_for_update(of=("self",)).filter(pk=circle.pk).first()
    )
    if row is None:
        raise NotTheirs
    hold_standing(row.run)
    return row


def _locked(by: Any, run: CircleRun, keys: list[UUID], states: Iterable[str]) -> Iterable[CircleProposal]:
    rows = CircleProposal.objects.visible_to(by).filter(run=run, pk__in=keys, state__in=states)
    locked = rows.select_for_update(of=("self",)).select_related("theme").order_by("pk")
    return locked.prefetch_related("seats__application", "guides")


def _draft(row: CircleProposal) -> CircleDraft:
    return CircleDraft(
        peers=tuple(seat.application_id for seat in row.seats.all() if seat.application.state == "eligible"),
        facilitators=tuple(guide.person_id for guide in row.guides.all()),
        reasons=shared_reasons(row),
    )


def shared_reasons(row: CircleProposal) -> dict[str, Any]:
    """What the members may read of why they are together: what all of them have in common, in the words of pairs."""
    named = {"slots": row.slot, "modes": row.mode, "languages": row.language}
    return {"goals": [{"key": row.theme.slug, "weight": 1, "strength": 1}]} | {
        key: [value] for key, value in named.items() if value
    }


def _move(circle: CircleProposal, source: str, target: str, verb: str, by: Any, now: datetime) -> CircleProposal:
    row = circle_to_decide(circle, by)
    if row.state != source:
        raise IllegalMove(CIRCLE.name, row.state, target)
    CIRCLE.check(row.state, target)
    row.state, row.decided_by, row.decided_at = target, by, now
    row.save(update_fields=["state", "decided_by", "decided_at"])
    record(by=by, verb=verb, target=row, now=now)
    return row
