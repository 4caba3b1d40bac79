"""What happens to a request for help: opened, taken, answered, written back to, settled."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from mentorship.partnerships import care
from mentorship.partnerships.helping.states import HELP_CASE
from mentorship.partnerships.models import HelpCase, HelpMessage, Membership, Partnership
from mentorship.partnerships.services import NotTheirs
from mentorship.partnerships.services.membership import lock_pair
from mentorship.partnerships.services.repeats import just_made
from mentorship.people.models import User
from mentorship.records.audit import record
from mentorship.reminders.services import Draft, queue_deliveries
from mentorship.seasons.models import Season

State = HelpCase.State


class NobodyCanHandle(Exception):
    """No coordinator is left for it: each is named in it, or near somebody in the pair."""


def open_help_case(about: Partnership | User) -> bool:
    """Whether somebody in a pair, or a person in any pair, waits for help: reminders about it rest meanwhile."""
    look_up = "membership__partnership" if isinstance(about, Partnership) else "membership__person"
    return HelpCase.objects.going_on().filter(**{look_up: about}).exists()


def help_case_open(partnership: str) -> Exists:
    """A condition for sources of what is due: those whose look-up `partnership` is a pair that waits for help."""
    return Exists(HelpCase.objects.going_on().filter(membership__partnership=OuterRef(partnership)))


@transaction.atomic
def ask_for_help(
    *,
    membership: Membership,
    topic: str,
    words: str,
    about_partner: bool,
    kept_from: Any,
    by: Any,
    now: datetime,
) -> HelpCase:
    """Open a request for help and tell those who may handle it that there is a message; sent twice, it is one.

    Raises NotTheirs, and NobodyCanHandle where no coordinator may: then nothing was kept.
    """
    if membership.person_id != by.pk:
        raise NotTheirs
    lock_pair(membership.partnership_id)
    own = membership.help_cases.going_on().filter(topic=topic, about_partner=about_partner, kept_from=kept_from)
    there: HelpCase | None = just_made(own, "opened_at", now, lambda case: _first_words(case) == words)
    if there is not None:
        return there
    case = HelpCase.objects.create(
        membership=membership,
        topic=topic,
        about_partner=about_partner,
        kept_from=kept_from,
        opened_at=now,
        waits_since=now,
    )
    readers = who_may_handle(case)
    if not readers:
        raise NobodyCanHandle
    _tell("help-asked", _write(case, words, by, now), readers, now)
    record(by=by, verb="ask-for-help", target=case, now=now)
    return case


@transaction.atomic
def take_case(*, case: HelpCase, by: Any, now: datetime) -> HelpCase:
    """Become the coordinator who handles it, also instead of another one. Raises IllegalMove, NotTheirs."""
    case = _handled(case, by)
    HELP_CASE.check(case.state, State.TAKEN)
    if case.state == State.ANSWERED:
        raise NotTheirs
    case.state, case.handler, case.taken_at = State.TAKEN, by, now
    case.save(update_fields=["state", "handler", "taken_at"])
    record(by=by, verb="take-help-case", target=case, now=now)
    return case


@transaction.atomic
def answer_case(*, case: HelpCase, words: str, by: Any, now: datetime) -> HelpCase:
    """Write to the person; whoever answers what nobody has taken takes it. Raises IllegalMove, NotTheirs."""
    case = _handled(case, by)
    if case.state == State.OPEN:
        case = take_case(case=case, by=by, now=now)
    if case.handler_id != by.pk:
        raise NotTheirs
    HELP_CASE.check(case.state, State.ANSWERED)
    case.state, case.waits_since, case.escalated_at = State.ANSWERED, None, None
    case.save(update_fields=["state", "waits_since", "escalated_at"])
    message = _write(case, words, by, now)
    _tell("help-answered", message, [case.membership.person], now)
    record(by=by, verb="answer-help-case", target=case, now=now)
    return case


@transaction.atomic
def write_back(*, case: HelpCase, words: str, by: Any, now: datetime) -> HelpCase:
    """Take what the person adds or answers; it waits for a coordinator again. What is sent twice is taken once.

    Raises IllegalMove, NotTheirs.
    """
    case = _own(case, by)
    target = State.OPEN if case.state == State.OPEN else State.TAKEN
    HELP_CASE.check(case.state, target)
    newest = case.messages.last()
    there = just_made(case.messages.filter(author=by), "written_at", now, lambda row: row.words == words)
    if there is not None and there == newest:
        return case
    case.state, case.waits_since = target, case.waits_since or now
    case.save(update_fields=["state", "waits_since"])
    message = _write(case, words, by, now)
    readers = who_may_handle(case)
    if case.handler_id is not None:
        readers = [reader for reader in readers if reader.pk == case.handler_id] or readers
    _tell("help-asked", message, readers, now)
    record(by=by, verb="write-back-about-help", target=case, now=now)
    return case


@transaction.atomic
def close_case(*, case: HelpCase, by: Any, now: datetime) -> HelpCase:
    """Settle it: the person at any time, the coordinator once it is answered. Raises IllegalMove, NotTheirs."""
    row = _locked(case)
    if row.membership.person_id != by.pk:
        row = _handled(case, by)
        if row.handler_id != by.pk or row.state != State.ANSWERED:
            raise NotTheirs
    HELP_CASE.check(row.state, State.CLOSED)
    row.state, row.closed_at, row.waits_since, row.escalated_at = State.CLOSED, now, None, None
    row.save(update_fields=["state", "closed_at", "waits_since", "escalated_at"])
    record(by=by, verb="close-help-case", target=row, now=now)
    return row


def who_may_handle(case: HelpCase) -> list[User]:
    """Every coordinator who may handle it; few people are coordinators, so each is asked about."""
    rows = HelpCase.objects.filter(pk=case.pk)
    return [person for person in care.coordinators() if rows.handleable_by(person).exists()]


def purge_cases(season: Season, now: datetime) -> None:
    """Delete every request of a season that is archived, words and all"""
    HelpCase.objects.filter(membership__season=season).delete()


def _first_words(case: HelpCase) -> str:
    return str(case.messages.all()[0].words)


def _write(case: HelpCase, words: str, by: Any, now: datetime) -> HelpMessage:
    return HelpMessage.objects.create(case=case, author=by, words=words, written_at=now)


def _tell(rule: str, message: HelpMessage, recipients: list[User], now: datetime) -> None:
    """Say that there is a message, and nothing of what is in it."""
    queue_deliveries(
        drafts=[
            Draft(rule=rule, recipient=person, dedupe_key=f"{rule}:{message.pk}:{person.pk}", subject=message)
            for person in recipients
        ],
        now=now,
    )


def _own(case: HelpCase, by: Any) -> HelpCase:
    row = _locked(case)
    if row.membership.person_id != by.pk:
        raise NotTheirs
    return row


def _handled(case: HelpCase, by: Any) -> HelpCase:
    if not HelpCase.objects.handleable_by(by).filter(pk=case.pk).exists():
        raise NotTheirs
    return _locked(case)


def _locked(case: HelpCase) -> HelpCase:
    rows = HelpCase.objects.select_for_update(of=("self",)).select_related("membership__person__profile")
    row: HelpCase = rows.get(pk=case.pk)
    return row
