"""What a message looks like, made by the real way of sending it into a mailbox that only catches."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from mentorship.reminders.registry import Rule
from mentorship.reminders.sender import compose, send_through


class Catching(BaseEmailBackend):
    """Keeps what is sent through it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.caught: list[EmailMessage] = []

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.caught += email_messages
        return len(email_messages)


@dataclass(frozen=True)
class Preview:
    """A message as it would arrive."""

    subject: str
    text: str
    html: str


def preview(rule: Rule, language: str, season_id: Any = None) -> Preview | None:
    """Return the rule's sample in `language`; None where there is nothing yet to make one from.

    With `season_id` in the words of that season. Its one-click links open nothing.
    """
    delivery = rule.sample()
    if delivery is None:
        return None
    delivery.recipient = copy.copy(delivery.recipient)
    delivery.recipient.language = language
    delivery.recipient.mailbox_is_shared = False
    mailbox = Catching()
    send_through(mailbox, compose(delivery, season_id=season_id))
    (message,) = mailbox.caught
    assert isinstance(message, EmailMultiAlternatives)
    html, _kind = message.alternatives[0]
    return Preview(str(message.subject), str(message.body), str(html))
