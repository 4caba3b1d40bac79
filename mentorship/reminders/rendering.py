"""The text of a message, made at the moment it is needed: for sending, for its preview, for reading it again."""

from collections.abc import Iterator, Sequence
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
from mentorship.reminders.models import Delivery, Wording
from mentorship.reminders.registry import Attachment, Rule, rule_of

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


@dataclass(frozen=True)
class Matter:
    """What a merged message says of one reminder: a line, and the link to what it is about."""

    line: str
    action: str
    url: str


def render(delivery: Delivery, *, season_id: Any = None) -> Rendered:
    """Return the message in its recipient's language and the library's zone.

    `season_id` says whose own words speak where the message itself belongs to no season: in a sample. Raises
    KeyError where its rule is unknown, and whatever the rule's context raises where its rows are gone.
    """
    rule = rule_of(delivery.rule)
    with _voice(delivery):
        stop_url = "" if rule.essential else _stop_url(delivery)
        values = {**_frame(delivery, stop_url), **rule.context(delivery)}
        own = _own_words(rule, delivery, season_id)
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


def matter_of(delivery: Delivery) -> Matter:
    """Return what a merged message says of this one: its subject, and where its button leads. Raises as `render`."""
    rule = rule_of(delivery.rule)
    with _voice(delivery):
        values = {**_frame(delivery, ""), **rule.context(delivery)}
        own = _own_words(rule, delivery, None)
        line = (
            _plain(f"email/{rule.key}.subject.txt", values)
            if own is None
            else wordings.as_text(rule, own.subject, values)
        )
        return Matter(one_line(line), str(values["action"]), str(values["action_url"]))


def render_merged(delivery: Delivery, matters: Sequence[Matter]) -> Rendered:
    """Return one mail for several reminders, with a line and a link each."""
    with _voice(delivery):
        stop_url = _stop_url(delivery)
        values = {
            **_frame(delivery, stop_url),
            "name": delivery.recipient.get_short_name(),
            "matters": matters,
        }
        return _from_templates("merged", values, stop_url)


def render_for_shared_mailbox(delivery: Delivery, *, several: bool = False) -> Rendered:
    """Return "you have a message" with a link to it, and nothing more: several people read this mailbox."""
    with _voice(delivery):
        path = reverse("reminders:mine") if several else reverse("reminders:read", args=[delivery.pk])
        values = {
            **_frame(delivery, ""),
            "action_url": links.absolute(path),
            "action": _("Sign in and read it"),
        }
        return _from_templates("shared-mailbox", values, "")


def one_line(text: str) -> str:
    """Return `text` as a subject: one line without control or formatting characters, so no header can be added."""
    text = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(text.split())[:SUBJECT_LENGTH]


def _stop_url(delivery: Delivery) -> str:
    return links.one_click("reminders:stop", delivery=delivery, purpose=STOP, lifetime=STOP_LIFETIME)


def _own_words(rule: Rule, delivery: Delivery, season_id: Any) -> Wording | None:
    return wordings.speaking(rule, delivery.recipient.language, season_id or rule.season_of(delivery))


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
