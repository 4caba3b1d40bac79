"""The sender: takes what is due, one row at a time, makes the mail and sends it once.

Two things are committed, one after the other, before anything is sent: that a sender holds the row to make the mail
of it, and that the mail is made and is now handed over. When the lease of a sender that died runs out, a row of the
first kind is due again, since nothing was sent for it; one of the second kind becomes uncertain and waits for a
person's decision. A sender that was only slow can't hand over what was taken from it, so nothing is sent twice by
itself.
"""

import logging
import secrets
import smtplib
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import Error, connection, transaction
from django.db.models import F

from mentorship.common.outages import is_away
from mentorship.people.models import Absence
from mentorship.reminders import calendars, links, rendering, season_rules, weekly
from mentorship.reminders.models import Delivery, Preference
from mentorship.reminders.querysets import NO_MAILBOX
from mentorship.reminders.registry import Attachment, Rule, rule_of
from mentorship.reminders.services import mark
from mentorship.reminders.states import DELIVERY

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
# Minutes until the next try after the first, second … refusal; after the last one it is dead.
RETRY_MINUTES = (1, 5, 20, 60, 180, 360)
# Why a message is due again that the database interrupted; kept as a code in `Delivery.problem`.
INTERRUPTED = "database-away"
# How long it waits, so that one that can't be made for long lets the others go first.
AGAIN = timedelta(seconds=20)
# Seconds between two tries to tell a database that restarts what only the sender knows.
PAUSE = 0.25
# Why a message is due again whose sender was lost before it sent anything.
MAKER_LOST = "maker-lost"
State = Delivery.State


class ClaimLost(Exception):
    """The lease ran out while the mail was made, and the delivery isn't this sender's any more."""


class CertainRefusal(Exception):
    """The mail server didn't take the message; the text is a code without personal data."""


def send_due(*, now: datetime, seconds: float = 240) -> int:
    """Send what is due, for at most about `seconds`; return how many were handled. Several may run at once."""
    started = monotonic()
    handled = 0
    while (passed := monotonic() - started) < seconds:
        moment = now + timedelta(seconds=passed)
        delivery = claim_next(now=moment)
        if delivery is None:
            break
        deliver(delivery=delivery, now=moment)
        handled += 1
    return handled


def claim_next(*, now: datetime) -> Delivery | None:
    """Take the delivery that has been due longest, unless another sender holds it; None where nothing is due."""
    delivery = None
    try:
        with transaction.atomic():
            delivery = _claim(now)
    except Exception:
        # Without the answer to its commit nobody knows whether the claim is there, but nothing was sent for it.
        if delivery is not None:
            _put_back(delivery, now)
        raise
    return delivery


def _claim(now: datetime) -> Delivery | None:
    rows = Delivery.objects.due(now).select_for_update(skip_locked=True, of=("self",))
    delivery: Delivery | None = rows.select_related("recipient__profile").order_by("due_at", "id").first()
    if delivery is None:
        return None
    DELIVERY.check(delivery.state, State.MAKING)
    delivery.state = State.MAKING
    delivery.lease_until = now + LEASE
    delivery.message_id = message_id(delivery)
    delivery.save(update_fields=["state", "lease_until", "message_id"])
    return delivery


def expire_leases(*, now: datetime) -> int:
    """Have due again what a lost sender was making, and call uncertain what it had handed over; return how many."""
    # Single statements: each looks again at a row that its sender, slow but alive, is handing over at this moment.
    abandoned = Delivery.objects.abandoned(now)
    uncertain = abandoned.filter(state=State.CLAIMED).update(state=State.UNCERTAIN, problem="sender-lost")
    lost = abandoned.filter(state=State.MAKING)
    anew = {"problem": MAKER_LOST, "attempts": F("attempts") + 1, "lease_until": None}
    # A mail that brings down each sender that makes it isn't made for ever.
    dead = lost.filter(attempts__gte=len(RETRY_MINUTES)).update(state=State.DEAD, **anew)
    return uncertain + dead + lost.update(state=State.DUE, due_at=now, **anew)


def deliver(*, delivery: Delivery, now: datetime, connect: Callable[[], BaseEmailBackend] = get_connection) -> None:
    """Send a delivery that was taken, with what else is due to the same person this week, or say why not."""
    try:
        with transaction.atomic():
            parcel = _pack(delivery, now)
            if parcel is not None:
                _hold_out(parcel)
    except ClaimLost:
        logger.warning("making the message %s took longer than its lease; it is left to the next sender", delivery.pk)
        return
    except Exception as error:
        if is_away(error):
            logger.warning("the database was away while the message %s was made", delivery.pk, exc_info=True)
            _put_back(delivery, now)
            return
        logger.exception("the message %s can't be made", delivery.pk)
        problem = f"text:{type(error).__name__}"
        _insist(lambda: _refused(delivery, problem, now))
        return
    if parcel is not None:
        _hand_over(parcel, connect(), now)


@dataclass(frozen=True)
class Parcel:
    """One mail and the deliveries that it says: the claimed one, and those that were merged into it."""

    message: EmailMultiAlternatives
    deliveries: list[Delivery]


def _pack(delivery: Delivery, now: datetime) -> Parcel | None:
    """Return the mail to send, or None where it may not go (yet), which is then written down."""
    if not _may_go(delivery, now):
        return None
    rule = rule_of(delivery.rule)
    if not rule.is_weekly:
        with links.minting():
            return Parcel(compose(delivery), [delivery])
    later = weekly.take_week(delivery=delivery, now=now)
    if later is not None:
        mark(
            delivery=delivery,
            state=State.DUE,
            now=now,
            problem=weekly.WAITS,
            due_at=not_before(delivery, rule, later),
        )
        return None
    with links.minting():
        found = [(row, _matter(row, now)) for row in weekly.claim_companions(delivery=delivery, now=now)]
        others = [(row, matter) for row, matter in found if matter is not None]
        if not others:
            return Parcel(compose(delivery), [delivery])
        matters = [rendering.matter_of(delivery), *(matter for _row, matter in others)]
        return Parcel(compose(delivery, matters), [delivery, *(row for row, _matter in others)])


def _matter(companion: Delivery, now: datetime) -> rendering.Matter | None:
    """Return what a merged message says of it, or None where it can't go with it, which is written down."""
    if not _may_go(companion, now):
        return None
    try:
        with transaction.atomic():
            return rendering.matter_of(companion)
    except Exception as error:
        if is_away(error):
            raise  # it interrupts the whole mail
        logger.exception("the message %s can't be made", companion.pk)
        _refused(companion, f"text:{type(error).__name__}", now)
        return None


def _may_go(delivery: Delivery, now: datetime) -> bool:
    rule = rule_of(delivery.rule)
    if reason := why_not(delivery, rule, now):
        mark(delivery=delivery, state=State.SKIPPED, now=now, problem=reason)
        return False
    later = not_before(delivery, rule, now)
    if later > now:
        mark(delivery=delivery, state=State.DUE, now=now, due_at=later)
    return later <= now


def why_not(delivery: Delivery, rule: Rule, now: datetime) -> str:
    """Return the code of why the message must not go out any more, or ""."""
    person = delivery.recipient
    if not person.is_active:
        return "deactivated"
    if reason := rule.unless(delivery, now):
        return f"unless:{reason}"
    if season_rules.is_off(rule, rule.season_of(delivery)):
        return "switched-off"
    if not rule.essential and Preference.objects.filter(person=person, reminders=False).exists():
        return "unsubscribed"
    return "" if person.email else NO_MAILBOX


def not_before(delivery: Delivery, rule: Rule, now: datetime) -> datetime:
    """Return the first moment from `now` on at which the message may go out, in UTC.

    Its own rule, its season's hours and blackout weeks, and the recipient's absences each may put it off; the day
    after an absence may be a Sunday, so all are asked again until none does.
    """
    calendar = calendars.calendar_of(rule.season_of(delivery))
    absences = [] if rule.essential else _absences(delivery, now)
    moment = now
    while True:
        later = rule.wait_until(delivery, moment).astimezone(UTC)
        if rule.keeps_hours:
            later = calendar.next_moment(later).astimezone(UTC)
        later = _after_absences(absences, later, calendar.zone)
        if later <= moment:
            return moment
        moment = later


def _absences(delivery: Delivery, now: datetime) -> list[Absence]:
    yesterday = now.date() - timedelta(days=1)  # in every zone
    return list(Absence.objects.filter(person=delivery.recipient_id, last_day__gte=yesterday).order_by("first_day"))


def _after_absences(absences: Iterable[Absence], moment: datetime, zone: ZoneInfo) -> datetime:
    """Return `moment`, or the first moment of the day after the absences that it lies in, in UTC."""
    for absence in absences:
        if absence.first_day <= moment.astimezone(zone).date() <= absence.last_day:
            moment = datetime.combine(absence.last_day + timedelta(days=1), time.min, zone).astimezone(UTC)
    return moment


def compose(
    delivery: Delivery, matters: Sequence[rendering.Matter] = (), *, season_id: Any = None
) -> EmailMultiAlternatives:
    """Return the mail, with several `matters` the merged one; its one-click links are real only within `minting()`.

    `season_id` has a season's own words speak in a sample, which belongs to none.
    """
    person = delivery.recipient
    if person.mailbox_is_shared:
        rendered = rendering.render_for_shared_mailbox(delivery, several=bool(matters))
    elif matters:
        rendered = rendering.render_merged(delivery, matters)
    else:
        rendered = rendering.render(delivery, season_id=season_id)
    headers = {"Message-ID": message_id(delivery), "Auto-Submitted": "auto-generated"}
    if rendered.stop_url:
        headers["List-Unsubscribe"] = f"<{rendered.stop_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = EmailMultiAlternatives(rendered.subject, rendered.text, to=[person.email or ""], headers=headers)
    message.attach_alternative(rendered.html, "text/html")
    for attachment in rendered.attachments:
        _attach(message, attachment)
    message.message()  # what can't be written as a mail fails here, before anything is sent
    return message


def _attach(message: EmailMultiAlternatives, attachment: Attachment) -> None:
    """A calendar entry goes twice, as calendars do it: as the part that mail programs act on, and as a file."""
    if attachment.method:
        message.attach_alternative(attachment.content, f"{attachment.kind}; method={attachment.method}")
    message.attach(
        attachment.name, attachment.content.encode(), "application/ics" if attachment.method else attachment.kind
    )


def message_id(delivery: Delivery) -> str:
    """The same for every try of one delivery, so that mail systems drop a second copy."""
    return f"<{delivery.pk}@{urlsplit(settings.PUBLIC_URL).hostname}>"


def _hold_out(parcel: Parcel) -> None:
    """Write down, before the first byte is sent, that from now on it may have been. Raises ClaimLost.

    The condition on the lease is what a slow sender stumbles over: who took the row meanwhile has another one.
    """
    DELIVERY.check(State.MAKING, State.CLAIMED)
    held = Delivery.objects.filter(
        pk__in=[delivery.pk for delivery in parcel.deliveries],
        state=State.MAKING,
        lease_until=parcel.deliveries[0].lease_until,
    )
    if held.update(state=State.CLAIMED) != len(parcel.deliveries):
        raise ClaimLost


def _hand_over(parcel: Parcel, server: BaseEmailBackend, now: datetime) -> None:
    first = parcel.deliveries[0]
    try:
        send_through(server, parcel.message)
    except CertainRefusal as refusal:
        logger.warning("the message %s was refused (%s)", first.pk, refusal)
        problem = str(refusal)
        _insist(lambda: _refuse_all(parcel, problem, now))
    except Exception as error:
        logger.exception("the connection broke while sending %s", first.pk)
        problem = f"broken-off:{type(error).__name__}"
        _insist(lambda: _mark_all(parcel, State.UNCERTAIN, now, problem))
    else:
        _insist(lambda: _mark_all(parcel, State.SENT, now))
    finally:
        with suppress(Exception):
            server.close()


@transaction.atomic
def _mark_all(parcel: Parcel, state: Delivery.State, now: datetime, problem: str = "") -> None:
    for delivery in parcel.deliveries:
        mark(delivery=delivery, state=state, now=now, problem=problem)


@transaction.atomic
def _refuse_all(parcel: Parcel, problem: str, now: datetime) -> None:
    for delivery in parcel.deliveries:
        _refused(delivery, problem, now)


def _put_back(delivery: Delivery, now: datetime) -> None:
    """Have a delivery that was taken and certainly wasn't sent, and what was merged into it, due again soon."""

    @transaction.atomic
    def put_back() -> None:
        merged = Delivery.objects.filter(carrier=delivery.pk, state=State.CLAIMED, lease_until=delivery.lease_until)
        for row in (*merged, delivery):
            mark(delivery=row, state=State.DUE, now=now, problem=INTERRUPTED, due_at=now + AGAIN)

    _insist(put_back)


def _insist(say: Callable[[], None]) -> None:
    """Tell the database what nobody else knows, again while it is away, for at most as long as a lease lasts.

    `say` changes nothing the second time, for an earlier try may have been heard and only its answer lost.
    """
    last = monotonic() + LEASE.total_seconds()
    while True:
        try:
            return say()
        except Error as error:
            if not is_away(error) or monotonic() >= last:
                raise
            connection.close()
            sleep(PAUSE)


def send_through(server: BaseEmailBackend, message: EmailMultiAlternatives) -> None:
    """Send through `server`. Raises CertainRefusal where it certainly did not go out; other errors leave it open."""
    try:
        server.open()
    except (OSError, smtplib.SMTPException) as error:
        raise CertainRefusal("unreachable") from error
    try:
        taken = server.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()), (0, b""))[0]
        raise CertainRefusal(f"refused:{code}") from error
    except smtplib.SMTPResponseException as error:
        raise CertainRefusal(f"refused:{error.smtp_code}") from error
    except smtplib.SMTPNotSupportedError as error:
        raise CertainRefusal("refused:address") from error
    if not taken:
        raise CertainRefusal("refused:0")


def _refused(delivery: Delivery, problem: str, now: datetime) -> None:
    tries = delivery.attempts + 1
    if tries > len(RETRY_MINUTES):
        mark(delivery=delivery, state=State.DEAD, now=now, problem=problem, attempts=tries)
        return
    seconds = RETRY_MINUTES[tries - 1] * 60
    # A fifth more or less, so that what failed together doesn't come back together.
    wait = timedelta(seconds=seconds * (0.8 + secrets.randbelow(401) / 1000))
    mark(delivery=delivery, state=State.DUE, now=now, problem=problem, attempts=tries, due_at=now + wait)
