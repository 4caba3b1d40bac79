"""The sender: claims what is due, one row at a time, and sends it once.

A claim is committed before anything is sent, so a sender that dies leaves a claimed row; when its lease runs out the
row becomes uncertain and waits for a person's decision. Nothing is sent twice by itself.
"""

import logging
import secrets
import smtplib
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from mentorship.people.models import Absence
from mentorship.reminders import links, rendering
from mentorship.reminders.models import Delivery, Preference
from mentorship.reminders.querysets import NO_MAILBOX
from mentorship.reminders.registry import Attachment, Rule, rule_of
from mentorship.reminders.services import mark
from mentorship.reminders.states import DELIVERY

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
# Minutes until the next try after the first, second … refusal; after the last one it is dead.
RETRY_MINUTES = (1, 5, 20, 60, 180, 360)
State = Delivery.State


class CertainRefusal(Exception):
    """The mail server didn't take the message; the text is a code without personal data."""


def send_due(*, now: datetime, seconds: float = 240) -> int:
    """Send what is due, for at most about `seconds`; return how many were handled. Several may run at once."""
    started = time.monotonic()
    handled = 0
    while (passed := time.monotonic() - started) < seconds:
        moment = now + timedelta(seconds=passed)
        delivery = claim_next(now=moment)
        if delivery is None:
            break
        deliver(delivery=delivery, now=moment)
        handled += 1
    return handled


@transaction.atomic
def claim_next(*, now: datetime) -> Delivery | None:
    """Take the delivery that has been due longest, unless another sender holds it; None where nothing is due."""
    rows = Delivery.objects.due(now).select_for_update(skip_locked=True, of=("self",))
    delivery: Delivery | None = rows.select_related("recipient__profile").order_by("due_at", "id").first()
    if delivery is None:
        return None
    DELIVERY.check(delivery.state, State.CLAIMED)
    delivery.state = State.CLAIMED
    delivery.lease_until = now + LEASE
    delivery.message_id = message_id(delivery)
    delivery.save(update_fields=["state", "lease_until", "message_id"])
    return delivery


@transaction.atomic
def expire_leases(*, now: datetime) -> int:
    """Call what a lost sender had claimed uncertain; return how many."""
    return Delivery.objects.abandoned(now).update(state=State.UNCERTAIN, problem="sender-lost")


def deliver(*, delivery: Delivery, now: datetime, connect: Callable[[], BaseEmailBackend] = get_connection) -> None:
    """Send a claimed delivery, or say why not."""
    try:
        with transaction.atomic():
            rule = rule_of(delivery.rule)
            reason = why_not(delivery, rule, now)
            later = now if reason else not_before(delivery, rule, now)
            message = None
            if not reason and later <= now:
                with links.minting():
                    message = compose(delivery)
    except Exception as error:
        logger.exception("the message %s can't be made", delivery.pk)
        _refused(delivery, f"text:{type(error).__name__}", now)
        return
    if reason:
        mark(delivery=delivery, state=State.SKIPPED, now=now, problem=reason)
    elif message is None:
        mark(delivery=delivery, state=State.DUE, now=now, due_at=later)
    else:
        _hand_over(delivery, message, connect(), now)


def why_not(delivery: Delivery, rule: Rule, now: datetime) -> str:
    """Return the code of why the message must not go out any more, or ""."""
    person = delivery.recipient
    if not person.is_active:
        return "deactivated"
    if reason := rule.unless(delivery, now):
        return f"unless:{reason}"
    if not rule.essential and Preference.objects.filter(person=person, reminders=False).exists():
        return "unsubscribed"
    return "" if person.email else NO_MAILBOX


def not_before(delivery: Delivery, rule: Rule, now: datetime) -> datetime:
    """Return the first moment at which the message may go out: after an absence, in the season's working hours."""
    moment = rule.wait_until(delivery, now)
    if rule.essential:
        return moment
    zone = ZoneInfo(settings.LIBRARY_ZONE)
    today = moment.astimezone(zone).date()
    absences = Absence.objects.filter(person=delivery.recipient, last_day__gte=today).order_by("first_day")
    for absence in absences:
        if absence.first_day <= today <= absence.last_day:
            today = absence.last_day + timedelta(days=1)
            moment = datetime.combine(today, datetime.min.time(), tzinfo=zone)
    # The day after an absence may be a Sunday: the rule is asked again when that moment comes.
    return moment


def compose(delivery: Delivery) -> EmailMultiAlternatives:
    """Return the mail; the one-click links in it are real only within `links.minting()`."""
    person = delivery.recipient
    draw = rendering.render_for_shared_mailbox if person.mailbox_is_shared else rendering.render
    rendered = draw(delivery)
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


def _hand_over(delivery: Delivery, message: EmailMultiAlternatives, server: BaseEmailBackend, now: datetime) -> None:
    try:
        send_through(server, message)
    except CertainRefusal as refusal:
        logger.warning("the message %s was refused (%s)", delivery.pk, refusal)
        _refused(delivery, str(refusal), now)
    except Exception as error:
        logger.exception("the connection broke while sending %s", delivery.pk)
        mark(delivery=delivery, state=State.UNCERTAIN, now=now, problem=f"broken-off:{type(error).__name__}")
    else:
        mark(delivery=delivery, state=State.SENT, now=now)
    finally:
        with suppress(Exception):
            server.close()


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
