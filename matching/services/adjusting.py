"""A coordinator's change to what a run suggested: worked out, shown, and done only if it is still what was shown."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from matching import reasons
from matching.engine import Effect, NotPossible
from matching.models import Adjustment, AdjustmentMove, Exclusion, MatchRun, Pin, Proposal
from matching.present import Present, take_present
from matching.services.decisions import exclude_applications
from matching.services.standing import hold_standing
from matching.states import PROPOSAL
from mentorship.applications.models import Application
from mentorship.partnerships import places
from mentorship.partnerships.services import NotTheirs
from mentorship.records.audit import record

Kind = Adjustment.Kind
State = Proposal.State


class KeptTogether(Exception):
    """A mentee of the change is kept together with somebody by a coordinator's wish, which has to go first."""


class NothingToChange(Exception):
    """Everything is as the change would have it."""


@dataclass(frozen=True)
class Change:
    """What a coordinator asks for. `mentor` is for "instead" and "apart", `other`, a second mentee, for a swap."""

    kind: str
    mentee: UUID | None = None
    mentor: UUID | None = None
    other: UUID | None = None

    @property
    def mentees(self) -> tuple[str, ...]:
        """The mentees on whom it decides anew; whoever else moves is displaced."""
        return tuple(str(key) for key in (self.mentee, self.other) if key)

    @property
    def chosen(self) -> tuple[str, ...]:
        """Those of them for whom the coordinator said what is to be, and who are held after it."""
        return () if self.kind == Kind.APART else self.mentees


@dataclass(frozen=True)
class Preview:
    """What a change would do. `fingerprint` says whether two previews are of the same thing."""

    change: Change
    present: Present
    effect: Effect
    states: dict[str, str]

    @property
    def fingerprint(self) -> str:
        change = self.change
        told = [
            str(self.present.run.pk),
            [str(part) for part in (change.kind, change.mentee, change.mentor, change.other)],
            [
                [move.mentee, move.before, move.after, move.fit_before, move.fit_after, self.states.get(move.mentee)]
                for move in self.effect.moves
            ],
            [self.effect.matched, self.effect.fit, self.effect.favourites, dict(self.effect.below)],
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]


class Outdated(Exception):
    """What was shown isn't what would happen any more; nothing was changed. `preview` is what would happen now."""

    def __init__(self, preview: Preview) -> None:
        self.preview = preview
        super().__init__()


def preview_change(*, run: MatchRun, change: Change, by: Any) -> Preview:
    """Work out what a change to the season's last run would do; nothing is changed.

    Raises NotTheirs, KeptTogether, NothingToChange, and NotPossible with the rules in the way.
    """
    people = {key for key in (change.mentee, change.mentor, change.other) if key}
    if Application.objects.screenable_by(by).filter(pk__in=people, season=run.season_id).count() != len(people):
        raise NotTheirs
    present = take_present(run, by, anew=change.mentees)
    rows = Proposal.objects.visible_to(by).filter(run=run)
    concerned = rows.filter(mentee__in=change.mentees).values_list("mentee", flat=True)
    if {str(key) for key in concerned} != set(change.mentees):
        raise NotTheirs
    _check_wishes(change)
    effect = _effect(present, change)
    if not effect.moves and change.kind != Kind.APART:
        raise NothingToChange
    moved = [move.mentee for move in effect.moves]
    states = {str(key): state for key, state in rows.filter(mentee__in=moved).values_list("mentee", "state")}
    return Preview(change, present, effect, states)


def apply_change(*, run: MatchRun, change: Change, fingerprint: str, by: Any, now: datetime) -> Adjustment:
    """Do a change in the season's last run, if it is still what the preview with this fingerprint said.

    Raises Outdated, RunUnderWay, what `preview_change` raises, and Busy where somebody else is deciding on the same
    people; then nothing was changed.
    """
    with places.patient(), transaction.atomic():
        hold_standing(run)
        # Whoever decides on a line of the run waits here, or is waited for: what is read below stays so.
        hold_lines(run)
        preview = preview_change(run=run, change=change, by=by)
        if preview.fingerprint != fingerprint:
            raise Outdated(preview)
        return _apply(preview, by, now)


def hold_lines(run: MatchRun) -> None:
    """Lock every line of the run, in the one order in which approvals lock them too."""
    rows = Proposal.objects.filter(run=run).select_for_update(of=("self",)).order_by("pk")
    list(rows.values_list("pk", flat=True))


def _effect(present: Present, change: Change) -> Effect:
    standing, mentee, mentor = present.standing, str(change.mentee), str(change.mentor)
    if change.kind == Kind.REPAIR:
        return standing.repaired()
    if mentee not in present.mentees:
        raise NotPossible
    if change.kind == Kind.INSTEAD:
        return standing.instead(mentee, mentor)
    if change.kind == Kind.APART:
        return standing.apart(mentee, mentor)
    if change.kind == Kind.SWAP:
        return standing.swap(mentee, str(change.other))
    if mentee not in standing.pairs:
        raise NotPossible
    return standing.unmatched(mentee)


def _check_wishes(change: Change) -> None:
    """Raise KeptTogether where a wish says who a mentee of the change is to be with, and the change says another."""
    wishes = Pin.objects.filter(mentee__in=[key for key in (change.mentee, change.other) if key])
    if change.kind == Kind.INSTEAD:
        wishes = wishes.exclude(mentor=change.mentor)
    elif change.kind == Kind.APART:
        wishes = wishes.filter(mentor=change.mentor)
    if wishes.exists():
        raise KeptTogether


def _apply(preview: Preview, by: Any, now: datetime) -> Adjustment:
    change, run = preview.change, preview.present.run
    adjustment = Adjustment(run=run, kind=change.kind, by=by, at=now)
    if change.kind == Kind.APART:
        adjustment.exclusion = _exclusion(change, by, now)
    adjustment.save(force_insert=True)
    moved = [UUID(move.mentee) for move in preview.effect.moves]
    rows = {row.mentee_id: row for row in Proposal.objects.filter(run=run, mentee__in=moved)}
    moves: list[AdjustmentMove] = []
    changed: list[Proposal] = []
    added: list[Proposal] = []
    for place, move in enumerate(preview.effect.moves):
        row = rows.get(UUID(move.mentee))
        before = row or Proposal(run=run, mentee_id=UUID(move.mentee), state="")
        target = State.LOCKED if move.mentee in change.chosen else State.PROPOSED
        if row and row.state not in {target, State.PROPOSED}:
            PROPOSAL.check(row.state, State.PROPOSED)
        moves.append(
            AdjustmentMove(
                adjustment=adjustment,
                place=place,
                mentee_id=before.mentee_id,
                before_id=before.mentor_id,
                after_id=move.after and UUID(move.after),
                state_before=before.state,
                state_after=target,
                fit_before=before.fit,
                reasons_before=before.reasons,
                partnership_before_id=before.partnership_id,
            )
        )
        before.mentor_id = move.after and UUID(move.after)  # type: ignore[assignment]
        before.fit = move.fit_after
        before.reasons = _reasons(preview, move.mentee, move.after)
        before.state, before.partnership, before.decided_by, before.decided_at = target, None, by, now
        (changed if row else added).append(before)
    AdjustmentMove.objects.bulk_create(moves)
    Proposal.objects.bulk_update(
        changed, ["mentor", "fit", "reasons", "state", "partnership", "decided_by", "decided_at"]
    )
    Proposal.objects.bulk_create(added)
    record(by=by, verb="adjust-matches", target=adjustment, now=now)
    return adjustment


def _reasons(preview: Preview, mentee: str, mentor: str | None) -> dict[str, Any]:
    if mentor is not None:
        return preview.present.why(mentee, mentor)
    if mentee in preview.change.chosen:
        return reasons.left_out()
    return reasons.displaced(preview.present.removed(mentee))


def _exclusion(change: Change, by: Any, now: datetime) -> Exclusion | None:
    """The "don't pair these two" of the change; None where there was one already, which an undo leaves alone."""
    people = Application.objects.select_related("season").in_bulk([change.mentee, change.mentor])
    mentee, mentor = people[change.mentee], people[change.mentor]
    pair = {"mentee": mentee.applicant_id, "mentor": mentor.applicant_id}
    if Exclusion.objects.filter(season=mentee.season, **pair).exists():
        return None
    return exclude_applications(mentee, mentor, by, now)
