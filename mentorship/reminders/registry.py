"""Which messages there are; each app registers its rules from `AppConfig.ready()`.

A rule's texts live in `templates/email/<key>.{subject.txt,txt,html}`; the HTML extends `email/base.html`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

from mentorship.reminders.models import Delivery


@dataclass(frozen=True)
class Attachment:
    """What goes out with a message besides its words; `method` is that of a calendar entry (RFC 6047), or ""."""

    name: str
    content: str
    kind: str = "text/calendar"
    method: str = ""


@dataclass(frozen=True)
class Rule:
    """One kind of message.

    `context(delivery)` returns what its templates read, among it `action_url` (absolute) and `action` (the
    button's words); it runs in the recipient's language and the library's zone at the moment of sending, and again
    when the recipient reads the message on the site. `unless(delivery, now)` returns why it must not be sent any
    more (a code for the log, shown to nobody), or "". `essential` messages can't be unsubscribed from and ignore
    absences. `wait_until(delivery, now)` returns the earliest moment it may go out (the season's working hours,
    blackout weeks); by default at once. `season_of` returns the season's key for local wordings, or None.
    `sample()` returns an unsaved Delivery with believable ids for the preview, or None where there is none yet. A
    `private` one is its recipient's to look at alone, in the outbox too: whether it is still needed would tell what
    they did. `placeholders` are the keys of the context that a library's own words may name.
    `sample()` returns an unsaved Delivery with believable ids for the preview, or None where there is none yet.
    `placeholders` are the keys of the context that a library's own words may name. `attachments(delivery)` returns
    what goes with it, made when the message is; a mailbox that several people read gets none. `any_week` messages
    are about one day and come whatever else was sent that week.
    """

    key: str
    title: str | Promise
    context: Callable[[Delivery], dict[str, Any]]
    unless: Callable[[Delivery, datetime], str] = lambda delivery, now: ""
    essential: bool = False
    wait_until: Callable[[Delivery, datetime], datetime] = lambda delivery, now: now
    season_of: Callable[[Delivery], Any] = lambda delivery: None
    sample: Callable[[], Delivery | None] = lambda: None
    placeholders: tuple[str, ...] = ()
    private: bool = False
    attachments: Callable[[Delivery], list[Attachment]] = lambda delivery: []
    any_week: bool = False


DueSource = Callable[[datetime], None]

_rules: dict[str, Rule] = {}
_due_sources: list[DueSource] = []


def register(rule: Rule) -> None:
    _rules[rule.key] = rule


def rule_of(key: str) -> Rule:
    """Return the rule known by `key`. Raises KeyError."""
    return _rules[key]


def title_of(key: str) -> str:
    """Return what the message is called; its key where this version of the program doesn't know its rule."""
    return str(_rules[key].title) if key in _rules else key


def all_rules() -> list[Rule]:
    return sorted(_rules.values(), key=lambda rule: rule.key)


def private_keys() -> list[str]:
    """The rules whose messages nobody but their recipient may know of."""
    return [rule.key for rule in all_rules() if rule.private]


def add_due_source(source: DueSource) -> None:
    """Have `source(now)` called by every per-minute tick: it queues what has become due ("closing soon").

    It must be cheap where nothing is due and idempotent: ticks are missed and come twice.
    """
    _due_sources.append(source)


def due_sources() -> list[DueSource]:
    return list(_due_sources)
