"""The coordinator's yes, for one suggested match or many, and taking it back."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from matching.models import MatchRun, Proposal
from matching.querysets import DOESNT_WAIT
from matching.services.standing import hold_standing
from matching.states import PROPOSAL
from mentorship.common.states import IllegalMove
from mentorship.partnerships import places, services
from mentorship.partnerships.services import NotTheirs, PairDraft
from mentorship.partnerships.words import shareable

State = Proposal.State


@dataclass(frozen=True)
class Approved:
    """How many pairs were set, and why others had to stay out (the reasons of `partnerships.services.Approval`)."""

    made: int
    refused: Counter[str] = field(default_factory=Counter)


def approve_proposals(*, run: MatchRun, proposals: Iterable[UUID], by: Any, now: datetime) -> Approved:
    """Approve these suggested matches of the season's last run; what somebody else decided meanwhile is left alone.

    Raises RunUnderWay, or Busy where somebody else is deciding on the same people; then nothing was changed.
    """
    with places.patient(), transaction.atomic():
        return _approve(run, list(proposals), by, now)


@transaction.atomic
def take_back_proposal(*, proposal: Proposal, by: Any, now: datetime) -> Proposal:
    """Undo an approval until the mentor is asked, later where somebody withdrew.

    Raises IllegalMove (RunUnderWay where a newer run replaced the line) and NotTheirs.
    """
    rows = Proposal.objects.visible_to(by).select_for_update(of=("self",)).select_related("run")
    row: Proposal | None = rows.defer("run__problem", "run__trace").filter(pk=proposal.pk).first()
    if row is None:
        raise NotTheirs
    hold_standing(row.run)
    if row.partnership is None:
        raise IllegalMove(PROPOSAL.name, row.state, State.PROPOSED)
    PROPOSAL.check(row.state, State.PROPOSED)
    services.take_back(partnership=row.partnership, by=by, now=now)
    row.state, row.partnership, row.decided_by, row.decided_at = State.PROPOSED, None, by, now
    row.save(update_fields=["state", "partnership", "decided_by", "decided_at"])
    return row


def _approve(run: MatchRun, keys: list[UUID], by: Any, now: datetime) -> Approved:
    hold_standing(run)
    rows = list(
        Proposal.objects.visible_to(by)
        .filter(~DOESNT_WAIT, run=run, pk__in=keys, mentor__isnull=False, state__in=[State.PROPOSED, State.LOCKED])
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    drafts = {
        row.pk: PairDraft(row.mentee_id, row.mentor_id, row.fit, shareable(row.reasons))  # type: ignore[arg-type]
        for row in rows
    }
    outcome = services.approve_pairs(drafts=list(drafts.values()), by=by, now=now)
    made = [row for row in rows if drafts[row.pk] in outcome.made]
    for row in made:
        PROPOSAL.check(row.state, State.APPROVED)
        row.partnership = outcome.made[drafts[row.pk]]
    Proposal.objects.bulk_update(made, ["partnership"])
    Proposal.objects.filter(pk__in=[row.pk for row in made]).update(
        state=State.APPROVED, decided_by=by, decided_at=now
    )
    return Approved(len(made), Counter(outcome.refused.values()))
