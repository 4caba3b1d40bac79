"""What happens to pairs and circles between the coordinator's yes and the moment all their members are told."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from mentorship.applications.models import Application
from mentorship.common.states import IllegalMove
from mentorship.partnerships import places as mentor_places
from mentorship.partnerships.models import Kind, Membership, Partnership
from mentorship.partnerships.querysets import MENTORING, WITHDREW, PartnershipQuerySet
from mentorship.partnerships.states import PARTNERSHIP
from mentorship.records.audit import record, record_many
from mentorship.reminders.services import Draft, queue_deliveries
from mentorship.seasons.models import Season
from mentorship.seasons.phases import zone
from mentorship.seasons.working_hours import next_moment

ANSWER_DAYS = 5
State = Partnership.State
Role = Membership.Role
QUESTION: dict[str, str] = {Role.MENTOR: "mentor-asked", Role.FACILITATOR: "facilitator-asked"}
TAKEN_BACK: dict[str, str] = {Role.MENTOR: "question-taken-back", Role.FACILITATOR: "guiding-taken-back"}


@dataclass(frozen=True, eq=False)
class PairDraft:
    """A pair to approve, by the keys of the two applications, with what was said for it."""

    mentee: UUID
    mentor: UUID
    fit: int | None
    reasons: dict[str, Any]


@dataclass(frozen=True)
class Approval:
    """What came of an approval: the partnership of each draft, and why a draft had to stay out.

    The reasons are "has-pair" (the mentee was paired meanwhile), "no-place" (the mentor is full), "withdrew" (one
    of the two is no longer in the pool) and "concerned" (another coordinator decides).
    """

    made: dict[PairDraft, Partnership]
    refused: dict[PairDraft, str]


class NotReady(Exception):
    """Pairs stand in the way of telling everybody at the same moment: how many, by what is missing."""

    def __init__(self, waiting: dict[str, int]) -> None:
        super().__init__(", ".join(f"{reason}: {count}" for reason, count in waiting.items()))
        self.waiting = waiting


class NothingToAnnounce(Exception):
    """Nobody said yes since the last announcement."""


class NotTheirs(Exception):
    """The one who acts isn't the one who may: another's question, or a pair that another coordinator decides on."""


def approve_pairs(*, drafts: Sequence[PairDraft], by: Any, now: datetime) -> Approval:
    """Make a partnership of each draft for which both still stand, the mentee is free and the mentor has a place.

    The applications of the mentees and the places of the mentors are locked, each in the order of their ids, and
    looked at again. Raises Busy where somebody else holds them for too long; then nothing was changed.
    """
    with mentor_places.patient(), transaction.atomic():
        return _approve(drafts, by, now)


def _approve(drafts: Sequence[PairDraft], by: Any, now: datetime) -> Approval:
    mentees = _by_key(
        Application.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in={draft.mentee for draft in drafts})
        .order_by("pk")
    )
    mentors = _by_key(
        Application.objects.filter(pk__in={draft.mentor for draft in drafts}).select_related("season").order_by("pk")
    )
    places = mentor_places.lock(mentors.values())
    theirs = _decidable(by, [*mentees, *mentors])
    seasons = {mentee.season_id for mentee in mentees.values()}
    paired = set(
        Membership.objects.filter(
            season__in=seasons,
            person__in=[mentee.applicant_id for mentee in mentees.values()],
            role=Role.MENTEE,
            kind=Kind.PAIR,
            active=True,
        ).values_list("season_id", "person_id")
    )
    taken: Counter[UUID] = Counter()
    made: dict[PairDraft, Partnership] = {}
    refused: dict[PairDraft, str] = {}
    for draft in drafts:
        mentee, mentor = mentees.get(draft.mentee), mentors.get(draft.mentor)
        if mentee is None or mentor is None or not _match(mentee, mentor):
            refused[draft] = "withdrew"
        elif not {mentee.pk, mentor.pk} <= theirs:
            refused[draft] = "concerned"
        elif (mentee.season_id, mentee.applicant_id) in paired:
            refused[draft] = "has-pair"
        elif places[mentor.pk].taken + taken[mentor.pk] >= places[mentor.pk].capacity:
            refused[draft] = "no-place"
        else:
            taken[mentor.pk] += 1
            paired.add((mentee.season_id, mentee.applicant_id))
            made[draft] = Partnership(
                season_id=mentee.season_id, fit=draft.fit, reasons=draft.reasons, approved_at=now, approved_by=by
            )
    Partnership.objects.bulk_create(made.values())
    Membership.objects.bulk_create(
        Membership(
            partnership=pair,
            person_id=application.applicant_id,
            application=application,
            season_id=pair.season_id,
            kind=Kind.PAIR,
            role=role,
            joined_at=now,
        )
        for draft, pair in made.items()
        for role, application in ((Role.MENTEE, mentees[draft.mentee]), (Role.MENTOR, mentors[draft.mentor]))
    )
    mentor_places.take(places.values(), taken)
    record_many(by=by, verb="approve-pair", targets=list(made.values()), now=now)
    return Approval(made, refused)


@transaction.atomic
def take_back(*, partnership: Partnership, by: Any, now: datetime) -> Partnership:
    """Undo an approval: freely until the mentor is asked, and after that only where one of the two withdrew.

    Raises IllegalMove, or NotTheirs where the pair concerns `by`.
    """
    pair = _decided_by(by, [partnership.pk])[0]
    PARTNERSHIP.check(pair.state, State.CANCELLED)
    was_asked = pair.state != State.APPROVED
    if was_asked and not Partnership.objects.filter(pk=pair.pk).someone_withdrew().exists():
        raise NotTheirs
    if was_asked:
        _say_taken_back(pair, now)
    _end(pair, State.CANCELLED, now)
    record(by=by, verb="take-back-pair", target=pair, now=now)
    return pair


@transaction.atomic
def ask_mentors(*, season: Season, by: Any, now: datetime, kind: str = Kind.PAIR) -> int:
    """Ask the mentor of each approved pair, or the facilitators of each approved circle, quietly.

    They have five days to answer. Returns how many partnerships were asked about. Those that concern `by`, and those
    in which somebody withdrew, stay as they are.
    """
    pairs = list(
        Partnership.objects.decidable_by(by)
        .all_stand()
        .filter(season=season, kind=kind, state=State.APPROVED)
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    due = answer_due(season, now)
    for pair in pairs:
        PARTNERSHIP.check(pair.state, State.ASKED)
        pair.state, pair.asked_at, pair.answer_due = State.ASKED, now, due
    Partnership.objects.filter(pk__in=[pair.pk for pair in pairs]).update(
        state=State.ASKED, asked_at=now, answer_due=due
    )
    _send_questions(pairs, now)
    record_many(by=by, verb="ask-mentor", targets=pairs, now=now)
    return len(pairs)


@transaction.atomic
def ask_again(*, partnership: Partnership, by: Any, now: datetime) -> Partnership:
    """Give a mentor who didn't answer in time five more days and write once more. Raises IllegalMove, NotTheirs."""
    pair = _decided_by(by, [partnership.pk])[0]
    if not is_overdue(pair, now):
        raise NotTheirs
    pair.answer_due = answer_due(pair.season, now)
    pair.save(update_fields=["answer_due"])
    _send_questions([pair], now)
    record(by=by, verb="ask-mentor-again", target=pair, now=now)
    return pair


@transaction.atomic
def answer_question(*, partnership: Partnership, yes: bool, by: Any, now: datetime) -> Partnership:
    """Take the mentor's answer; a no needs no reason and frees the place. Raises IllegalMove, NotTheirs.

    A circle with two facilitators waits for both, and goes on with one where the other says no.
    """
    pair = _lock([partnership.pk])[0]
    member = pair.memberships.filter(person=by, role__in=MENTORING, active=True).first()
    if member is None:
        if pair.memberships.filter(person=by, role__in=MENTORING).exists():
            raise IllegalMove(PARTNERSHIP.name, pair.state, State.CONFIRMED if yes else State.DECLINED)
        raise NotTheirs
    _answer(pair, [member], yes, now)
    record(by=by, verb="mentor-said-yes" if yes else "mentor-declined", target=pair, now=now)
    return pair


@transaction.atomic
def treat_as_declined(*, partnership: Partnership, by: Any, now: datetime) -> Partnership:
    """Take an overdue answer as a no. Raises NotTheirs where it isn't overdue or the pair concerns `by`."""
    pair = _decided_by(by, [partnership.pk])[0]
    if not is_overdue(pair, now):
        raise NotTheirs
    silent = list(pair.memberships.filter(role__in=MENTORING, active=True, answered_at=None))
    _answer(pair, silent, False, now)
    record(by=by, verb="treat-as-declined", target=pair, now=now)
    return pair


@transaction.atomic
def announce(*, season: Season, by: Any, now: datetime) -> list[Partnership]:
    """Tell every confirmed pair of the season at the same moment; returns them.

    The first announcement dates the season; pairs that were confirmed later are told by a later one. Raises
    NotReady while a mentor has still to be asked or to answer, or somebody withdrew, and NothingToAnnounce.
    """
    season = Season.objects.select_for_update(of=("self",)).get(pk=season.pk)
    waiting = in_the_way(season, by)
    if waiting:
        raise NotReady(waiting)
    pairs = list(
        Partnership.objects.filter(season=season, state=State.CONFIRMED)
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    if not pairs:
        raise NothingToAnnounce
    for pair in pairs:
        PARTNERSHIP.check(pair.state, State.ANNOUNCED)
        pair.state, pair.announced_at, pair.liaison_id = State.ANNOUNCED, now, pair.approved_by_id
    Partnership.objects.filter(pk__in=[pair.pk for pair in pairs]).update(
        state=State.ANNOUNCED, announced_at=now, liaison=F("approved_by")
    )
    if season.announced_at is None:
        season.announced_at = now
        season.save(update_fields=["announced_at"])
    by_key = {pair.pk: pair for pair in pairs}
    queue_deliveries(
        drafts=[
            Draft(
                rule=f"announced-{member.role}",
                recipient=member.person,
                dedupe_key=f"announced:{member.pk}",
                subject=by_key[member.partnership_id],
            )
            for member in Membership.objects.filter(partnership__in=pairs, active=True)
            .select_related("person")
            .order_by("pk")
        ],
        now=now,
    )
    record_many(by=by, verb="announce-pair", targets=pairs, now=now)
    record(by=by, verb="announce-season", target=season, now=now)
    return pairs


def in_the_way(season: Season, by: Any) -> dict[str, int]:
    """What keeps a season from being announced: how many under "withdrew", "to-ask", "to-answer"; {} if nothing.

    Pairs that concern `by` are "another": 1, however many and whatever they wait for.
    """
    early = Partnership.objects.filter(season=season, state__in=[State.APPROVED, State.ASKED, State.CONFIRMED])
    theirs = Partnership.objects.decidable_by(by).filter(season=season)

    def counted(pairs: PartnershipQuerySet) -> list[int]:
        standing = pairs.all_stand()
        return [
            pairs.filter(pk__in=early.values("pk")).someone_withdrew().count(),
            standing.filter(state=State.APPROVED).count(),
            standing.filter(state=State.ASKED).count(),
        ]

    everybody, own = counted(early), counted(theirs)
    counts = dict(zip(("withdrew", "to-ask", "to-answer"), own, strict=True)) | {"another": int(everybody != own)}
    return {reason: count for reason, count in counts.items() if count}


def answer_due(season: Season, now: datetime) -> datetime:
    """Until when a mentor may answer who is asked at `now`: five days, at the same local time of day.

    They count from the first working moment, at which the question goes out.
    """
    return next_moment(season, now).astimezone(zone(season)) + timedelta(days=ANSWER_DAYS)


def is_overdue(pair: Partnership, now: datetime) -> bool:
    """The mentor was asked and the time to answer is over."""
    return pair.state == State.ASKED and pair.answer_due is not None and pair.answer_due <= now


def _answer(pair: Partnership, members: Sequence[Membership], yes: bool, now: datetime) -> None:
    """Take the same answer of these members; what it comes to depends on the others who were asked."""
    target = State.CONFIRMED if yes else State.DECLINED
    PARTNERSHIP.check(pair.state, target)
    keys = [member.pk for member in members]
    others = pair.memberships.filter(role__in=MENTORING, active=True).exclude(pk__in=keys)
    pair.memberships.filter(pk__in=keys).update(answered_at=now if yes else None)
    if not yes and others.exists():
        pair.memberships.filter(pk__in=keys).update(active=False, left_at=now)
        target = State.CONFIRMED
    if target == State.CONFIRMED and others.filter(answered_at=None).exists():
        return
    if target == State.DECLINED:
        pair.answered_at = now
        pair.save(update_fields=["answered_at"])
        _end(pair, target, now)
    elif pair.state != target:
        pair.state, pair.answered_at = target, now
        pair.save(update_fields=["state", "answered_at"])


def _end(pair: Partnership, state: str, now: datetime) -> None:
    """End a pair that nobody was told of: the mentee is free again, and so is the mentor's place."""
    pair.state, pair.closed_at = state, now
    pair.save(update_fields=["state", "closed_at"])
    mentors = pair.memberships.filter(role=Role.MENTOR, active=True).values_list("application_id", flat=True)
    mentor_places.give_back([mentor for mentor in mentors if mentor])
    pair.memberships.filter(active=True).update(active=False, left_at=now)


def _say_taken_back(pair: Partnership, now: datetime) -> None:
    """Tell a mentor who was asked, and still takes part, that there is nothing to answer or to wait for any more."""
    mentors = pair.memberships.filter(role__in=MENTORING, active=True).exclude(WITHDREW)
    queue_deliveries(
        drafts=[
            Draft(
                rule=TAKEN_BACK[mentor.role],
                recipient=mentor.person,
                dedupe_key=f"question-taken-back:{mentor.pk}",
                subject=pair,
            )
            for mentor in mentors.select_related("person")
        ],
        now=now,
    )


def _send_questions(pairs: Iterable[Partnership], now: datetime) -> None:
    by_key = {pair.pk: pair for pair in pairs}
    asked = Membership.objects.filter(
        partnership__in=by_key, role__in=MENTORING, active=True, answered_at=None
    ).select_related("person")
    queue_deliveries(
        drafts=[
            Draft(
                rule=QUESTION[member.role],
                recipient=member.person,
                dedupe_key=f"mentor-asked:{_question_key(member)}:{by_key[member.partnership_id].answer_due:%Y-%m-%d}",
                subject=by_key[member.partnership_id],
            )
            for member in asked.order_by("pk")
        ],
        now=now,
    )


def _question_key(member: Membership) -> UUID:
    """What makes a question one: a pair has one mentor, a circle's facilitators are asked one by one."""
    return member.partnership_id if member.role == Role.MENTOR else member.pk


def _lock(keys: Sequence[UUID]) -> list[Partnership]:
    return list(Partnership.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))


def _decided_by(by: Any, keys: Sequence[UUID]) -> list[Partnership]:
    """Lock these partnerships. Raises NotTheirs where one of them concerns `by`."""
    if Partnership.objects.decidable_by(by).filter(pk__in=keys).count() != len(set(keys)):
        raise NotTheirs
    return _lock(keys)


def _by_key(rows: Iterable[Application]) -> dict[UUID, Application]:
    return {row.pk: row for row in rows}


def _match(mentee: Application, mentor: Application) -> bool:
    return (
        mentee.state == mentor.state == Application.State.ELIGIBLE
        and (mentee.role, mentor.role) == ("mentee", "mentor")
        and mentee.season_id == mentor.season_id
        and mentee.applicant_id != mentor.applicant_id
    )


def _decidable(by: Any, applications: Iterable[UUID]) -> set[UUID]:
    """Those of these applications on which `by` may decide: not their own, their supervisor's or a report's."""
    rows = Application.objects.screenable_by(by).filter(pk__in=list(applications))
    return set(rows.values_list("pk", flat=True))
