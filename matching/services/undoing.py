"""Taking back a coordinator's change, as long as everybody whom it moved is where it put them."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from matching.models import Adjustment, AdjustmentMove, Proposal
from matching.present import Present, take_present
from matching.services.adjusting import hold_lines
from matching.services.standing import hold_standing
from mentorship.partnerships import places
from mentorship.partnerships.services import NotTheirs
from mentorship.records.audit import record

UNDONE, DECIDED, PLACE = "undone", "decided", "place"
GIVING = {Proposal.State.PROPOSED, Proposal.State.LOCKED}


class CantUndo(Exception):
    """The change can't be taken back any more; `why` is UNDONE, DECIDED or PLACE."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


def obstacles(adjustments: Iterable[Adjustment], present: Present) -> dict[UUID, str]:
    """Why each of these changes of one run can't be taken back; those that can are left out.

    Their `moves` are read already, or are read here one change after the other.
    """
    rows = {row.mentee_id: row for row in Proposal.objects.filter(run=present.run)}
    found = {each.pk: _obstacle(each, list(each.moves.all()), rows, present) for each in adjustments}
    return {key: why for key, why in found.items() if why}


def undo_adjustment(*, adjustment: Adjustment, by: Any, now: datetime) -> Adjustment:
    """Give everybody back what they had before the change, and allow the pair that it excluded.

    Raises CantUndo, NotTheirs, RunUnderWay, and Busy where somebody else is deciding on the same people.
    """
    with places.patient(), transaction.atomic():
        run = adjustment.run
        hold_standing(run)
        hold_lines(run)
        rows = Adjustment.objects.visible_to(by).select_for_update(of=("self",)).select_related("exclusion")
        row: Adjustment | None = rows.filter(pk=adjustment.pk).first()
        if row is None:
            raise NotTheirs
        why = obstacles([row], take_present(run, by)).get(row.pk)
        if why:
            raise CantUndo(why)
        return _undo(row, by, now)


def _undo(adjustment: Adjustment, by: Any, now: datetime) -> Adjustment:
    moves = {move.mentee_id: move for move in adjustment.moves.all()}
    lines = list(Proposal.objects.filter(run=adjustment.run_id, mentee__in=moves))
    gone = [line.pk for line in lines if not moves[line.mentee_id].state_before]
    back = [line for line in lines if moves[line.mentee_id].state_before]
    for line in back:
        move = moves[line.mentee_id]
        line.mentor_id, line.state, line.fit = move.before_id, move.state_before, move.fit_before  # type: ignore[assignment]
        line.reasons, line.partnership_id = move.reasons_before, move.partnership_before_id
        line.decided_by, line.decided_at = by, now
    Proposal.objects.bulk_update(
        back, ["mentor", "fit", "reasons", "state", "partnership", "decided_by", "decided_at"]
    )
    Proposal.objects.filter(pk__in=gone).delete()
    if adjustment.exclusion is not None:
        record(by=by, verb="allow-pair", target=adjustment.exclusion, now=now)
        adjustment.exclusion.delete()
        adjustment.exclusion = None
    adjustment.undone_by, adjustment.undone_at = by, now
    adjustment.save(update_fields=["exclusion", "undone_by", "undone_at"])
    record(by=by, verb="undo-adjustment", target=adjustment, now=now)
    return adjustment


def _obstacle(
    adjustment: Adjustment, moves: list[AdjustmentMove], rows: dict[UUID, Proposal], present: Present
) -> str:
    if adjustment.undone_at is not None:
        return UNDONE
    if not all(_is_as_left(move, rows.get(move.mentee_id)) for move in moves):
        return DECIDED
    load = Counter(present.standing.pairs.values())
    for move in moves:
        load[str(move.after_id)] -= 1
        if move.before_id and move.state_before in GIVING:
            load[str(move.before_id)] += 1
    back = {str(move.before_id) for move in moves if move.before_id} & set(present.mentors)
    return PLACE if any(load[key] > present.mentors[key].capacity for key in back) else ""


def _is_as_left(move: AdjustmentMove, row: Proposal | None) -> bool:
    """The mentee has whom the change gave them, and nobody has decided on it since."""
    return (
        row is not None
        and row.mentor_id == move.after_id
        and row.state == move.state_after
        and row.partnership_id is None
    )
