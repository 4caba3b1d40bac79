"""The text of a message, made at the moment it is needed: for sending, for its preview, for reading it again."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import css_inline
from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from mentorship.reminders import links, wordings
from mentorship.reminders.models import Delivery
from mentorship.reminders.registry import Attachment, rule_of

STOP = "stop-reminders"
STOP_LIFETIME = timedelta(days=400)
SUBJECT_LENGTH = 150
# Dark colours and small screens need @media, which can't be inlined; nothing is fetched from anywhere.
_inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)


@dataclass(frozen=True)
class Rendered:
    """A message in words. `subject` is one line; `stop_url` is the one-click way out, "" for essential messages."""

    subject: str
    text: str
    html: str
    stop_url: str = ""
    attachments: tuple[Attachment, ...] = ()


def render(delivery: Delivery) -> Rendered:
    """Return the message in its recipient's language and the library's zone.

    Raises KeyError where its rule is unknown, and whatever the rule's context raises where its rows are gone.
    """
    rule = rule_of(delivery.rule)
    with _voice(delivery):
        stop_url = ""
        if not rule.essential:
            stop_url = links.one_click("reminders:stop", delivery=delivery, purpose=STOP, lifetime=STOP_LIFETIME)
        values = {**_frame(delivery, stop_url), **rule.context(delivery)}
        own = wordings.speaking(rule, delivery.recipient.language, rule.season_of(delivery))
        if own is None:
            rendered = _from_templates(rule.key, values, stop_url)
        else:
            words = {
                "own_subject": wordings.as_text(rule, own.subject, values),
                "own_text": wordings.as_text(rule, own.body, values),
                "own_html": wordings.as_html(rule, own.body, values),
            }
            rendered = _from_templates("wording", {**values, **words}, stop_url)
        return replace(rendered, attachments=tuple(rule.attachments(delivery)))


def render_for_shared_mailbox(delivery: Delivery) -> Rendered:
    """Return "you have a message" with a link to it, and nothing more: several people read this mailbox."""
    with _voice(delivery):
        read_url = links.absolute(reverse("reminders:read", args=[delivery.pk]))
        values = {**_frame(delivery, ""), "action_url": read_url, "action": _("Sign in and read it")}
        return _from_templates("shared-mailbox", values, "")


def one_line(text: str) -> str:
    """Return `text` as a subject: one line without control or formatting characters, so no header can be added."""
    text = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(text.split())[:SUBJECT_LENGTH]


def _frame(delivery: Delivery, stop_url: str) -> dict[str, Any]:
    """What email/base.html and base.txt read besides the rule's own context."""
    return {
        "recipient": delivery.recipient,
        "language": delivery.recipient.language,
        "library": {"name": settings.LIBRARY_NAME},
        "site_url": links.absolute("/"),
        "preferences_url": links.absolute(reverse("reminders:preferences")),
        "stop_url": stop_url,
    }


def _from_templates(name: str, values: dict[str, Any], stop_url: str) -> Rendered:
    subject = one_line(_plain(f"email/{name}.subject.txt", values))
    values = {**values, "subject": subject}
    html = get_template(f"email/{name}.html").render(values)
    return Rendered(
        subject=subject,
        text=_plain(f"email/{name}.txt", values).strip() + "\n",
        html=_inliner.inline(html),
        stop_url=stop_url,
    )


def _plain(name: str, values: dict[str, Any]) -> str:
    """Render a text template; plain text needs no HTML escapes."""
    return str(get_template(name).template.render(Context(values, autoescape=False)))  # type: ignore[attr-defined]


@contextmanager
def _voice(delivery: Delivery) -> Iterator[None]:
    """The recipient's language and the library's zone."""
    with translation.override(delivery.recipient.language), timezone.override(ZoneInfo(settings.LIBRARY_ZONE)):
        yield
