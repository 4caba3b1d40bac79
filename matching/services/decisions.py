"""A coordinator's decisions on suggested matches before any is approved: hold, reject, never pair, keep together."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from matching import reasons, snapshot
from matching.engine import blocked, told
from matching.engine.rules import CODES
from matching.models import Exclusion, MatchRun, Pin, Proposal
from matching.services.standing import hold_standing
from matching.states import PROPOSAL
from mentorship.applications.models import Application
from mentorship.common.states import IllegalMove
from mentorship.partnerships import places
from mentorship.partnerships.services import NotTheirs
from mentorship.records.audit import record, record_many

State = Proposal.State
OPEN = frozenset({State.PROPOSED, State.LOCKED})


class PinRefused(Exception):
    """These two can't be kept together as asked.

    `codes` are the rules in the way as coordinators may read them, `waivable` whether setting them aside with a
    reason would do. Without codes, one of the two is no longer in the pool or has a pair already.
    """

    def __init__(self, codes: Sequence[str] = (), *, waivable: bool = False) -> None:
        super().__init__(", ".join(codes))
        self.codes = tuple(codes)
        self.waivable = waivable


@transaction.atomic
def lock_proposal(*, proposal: Proposal, by: Any, now: datetime) -> Proposal:
    """Hold a suggested match: a further run keeps it. Raises IllegalMove, NotTheirs."""
    return _move(proposal, {State.PROPOSED}, State.LOCKED, "lock-proposal", by, now)


def lock_proposals(*, run: MatchRun, proposals: Iterable[UUID], by: Any, now: datetime) -> int:
    """Hold these suggested matches of the season's last run, and return how many.

    What somebody else decided meanwhile is left alone. Raises RunUnderWay, or Busy where somebody else is deciding on
    the same people.
    """
    with places.patient(), transaction.atomic():
        hold_standing(run)
        rows = Proposal.objects.visible_to(by).filter(run=run, pk__in=list(proposals), mentor__isnull=False)
        held = list(rows.filter(state=State.PROPOSED).select_for_update(of=("self",)).order_by("pk"))
        for row in held:
            PROPOSAL.check(row.state, State.LOCKED)
            row.state, row.decided_by, row.decided_at = State.LOCKED, by, now
        Proposal.objects.bulk_update(held, ["state", "decided_by", "decided_at"])
        record_many(by=by, verb="lock-proposal", targets=list(held), now=now)
        return len(held)


@transaction.atomic
def unlock_proposal(*, proposal: Proposal, by: Any, now: datetime) -> Proposal:
    """Let go of a held match, or of a mentee left without a mentor. Raises IllegalMove, NotTheirs."""
    row = _move(proposal, {State.LOCKED}, State.PROPOSED, "unlock-proposal", by, now)
    if row.mentor_id is None:
        row.reasons = reasons.displaced({})
        row.save(update_fields=["reasons"])
    return row


@transaction.atomic
def reject_proposal(*, proposal: Proposal, exclude: bool, by: Any, now: datetime) -> Proposal:
    """Say no to a suggested match; with `exclude` no run of this season suggests it again.

    Raises IllegalMove, NotTheirs.
    """
    row = _move(proposal, OPEN, State.REJECTED, "reject-proposal", by, now)
    if exclude and row.mentor is not None:
        exclude_applications(row.mentee, row.mentor, by, now)
    return row


@transaction.atomic
def restore_proposal(*, proposal: Proposal, by: Any, now: datetime) -> Proposal:
    """Take back a rejection, and the "don't pair" that came with it. Raises IllegalMove, NotTheirs."""
    row = _move(proposal, {State.REJECTED}, State.PROPOSED, "restore-proposal", by, now)
    if row.mentor is not None:
        pair = {"mentee": row.mentee.applicant, "mentor": row.mentor.applicant}
        for exclusion in Exclusion.objects.select_for_update(of=("self",)).filter(season=row.run.season, **pair):
            record(by=by, verb="allow-pair", target=exclusion, now=now)
            exclusion.delete()
    return row


@transaction.atomic
def exclude_pair(*, mentee: Application, mentor: Application, by: Any, now: datetime) -> Exclusion:
    """Never pair these two this season: a pin of theirs goes, a suggestion of the last run is rejected.

    Raises NotTheirs; IllegalMove where the pair is approved already.
    """
    _check_theirs(by, mentee, mentor)
    current = _latest(mentee.season_id, mentee.pk, mentor.pk)
    if current is not None and current.state != State.REJECTED:
        _move(current, OPEN, State.REJECTED, "reject-proposal", by, now)
    return exclude_applications(mentee, mentor, by, now)


@transaction.atomic
def allow_pair(*, exclusion: Exclusion, by: Any, now: datetime) -> None:
    """Take back a "don't pair these two". Raises NotTheirs."""
    people = {exclusion.mentee_id, exclusion.mentor_id}
    rows = Application.objects.screenable_by(by).filter(season=exclusion.season_id, applicant__in=people)
    if set(rows.values_list("applicant", flat=True)) != people:
        raise NotTheirs
    record(by=by, verb="allow-pair", target=exclusion, now=now)
    exclusion.delete()


@transaction.atomic
def pin_pair(
    *, mentee: Application, mentor: Application, waived: Sequence[str], reason: str, by: Any, now: datetime
) -> Pin:
    """Keep these two together in every further run, setting `waived` rules aside with a reason.

    Raises NotTheirs, or PinRefused where a rule that wasn't waived, or can't be, keeps them apart.
    """
    _check_theirs(by, mentee, mentor)
    codes = rules_between(mentee, mentor)
    left = [code for code in codes if code not in waived]
    if left or any(not CODES[code].waivable for code in codes):
        raise PinRefused(told(codes), waivable=all(CODES[code].waivable for code in codes))
    if codes and not reason.strip():
        raise PinRefused(told(codes), waivable=True)
    pin, _made = Pin.objects.update_or_create(
        season=mentee.season,
        mentee=mentee,
        defaults={"mentor": mentor, "waived": list(codes), "reason": reason.strip(), "by": by, "at": now},
    )
    record(by=by, verb="pin-pair", target=pin, now=now)
    return pin


@transaction.atomic
def unpin_pair(*, pin: Pin, by: Any, now: datetime) -> None:
    """Let go of a pair that was to be kept together. Raises NotTheirs."""
    _check_theirs(by, pin.mentee, pin.mentor)
    record(by=by, verb="unpin-pair", target=pin, now=now)
    pin.delete()


def waivable(codes: Sequence[str]) -> tuple[tuple[str, ...], bool]:
    """Those of these rules that may be set aside, and whether one is among them that may not."""
    return tuple(code for code in codes if CODES[code].waivable), any(not CODES[code].waivable for code in codes)


def rules_between(mentee: Application, mentor: Application) -> tuple[str, ...]:
    """The codes of every rule that keeps these two apart as the season stands. Raises PinRefused.

    Private ones are among them by their own name: show people `told(...)` of it.
    """
    problem = snapshot.take(mentee.season).problem
    try:
        return blocked(problem, str(mentee.pk), str(mentor.pk))
    except KeyError:
        raise PinRefused from None


def _move(proposal: Proposal, sources: Collection[str], target: str, verb: str, by: Any, now: datetime) -> Proposal:
    """Move a suggestion that is in one of `sources`: an approval is taken back by its own service alone."""
    row = _theirs(proposal, by)
    hold_standing(row.run)
    if row.state not in sources:
        raise IllegalMove(PROPOSAL.name, row.state, target)
    PROPOSAL.check(row.state, target)
    row.state, row.decided_by, row.decided_at = target, by, now
    row.save(update_fields=["state", "decided_by", "decided_at"])
    record(by=by, verb=verb, target=row, now=now)
    return row


def _theirs(proposal: Proposal, by: Any) -> Proposal:
    """Lock and return the proposal where `by` may decide on it. Raises NotTheirs."""
    rows = Proposal.objects.visible_to(by).select_related("run__season", "mentee", "mentor")
    row: Proposal | None = rows.select_for_update(of=("self",)).filter(pk=proposal.pk).first()
    if row is None:
        raise NotTheirs
    return row


def _check_theirs(by: Any, *applications: Application) -> None:
    keys = {row.pk for row in applications}
    if Application.objects.screenable_by(by).filter(pk__in=keys).count() != len(keys):
        raise NotTheirs


def _latest(season_id: UUID, mentee: UUID, mentor: UUID) -> Proposal | None:
    run = MatchRun.objects.done().filter(season=season_id).order_by("-number").first()
    found: Proposal | None = Proposal.objects.filter(run=run, mentee=mentee, mentor=mentor).first()
    return found


def exclude_applications(mentee: Application, mentor: Application, by: Any, now: datetime) -> Exclusion:
    """Write the "don't pair these two"; a wish to keep them together goes."""
    season = mentee.season
    Pin.objects.filter(season=season, mentee=mentee, mentor=mentor).delete()
    exclusion, _made = Exclusion.objects.get_or_create(
        season=season, mentee=mentee.applicant, mentor=mentor.applicant, defaults={"by": by, "at": now}
    )
    record(by=by, verb="exclude-pair", target=exclusion, now=now)
    return exclusion
