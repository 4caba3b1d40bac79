"""Which messages there are; each app registers its rules from `AppConfig.ready()`.

A rule's texts live in `templates/email/<key>.{subject.txt,txt,html}`; the HTML extends `email/base.html`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from mentorship.reminders.models import Delivery


def no_season(delivery: Delivery) -> None:
    """The season of what belongs to none."""


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
    they did. `placeholders` are the keys of the context that a library's own words may name. `attachments(delivery)`
    returns what goes with it, made when the message is; a mailbox that several people read gets none.

    A reminder is what is neither essential nor `any_week`: a person gets one of them a week, and what comes
    meanwhile is merged into the next one (`reminders.weekly`). `any_week` messages are about one day and come
    whatever else was sent that week. `in_hours` has a message keep to its season's hours (`reminders.calendars`);
    None: unless it is essential. `concerns(coordinator)` returns a queryset of the subjects' keys of which this
    coordinator may not read even that something was said.

    For the page of a season: `audience` says to whom it goes, `when(days)` when, and `days` is the timing that a
    season may change up to `most_days`, None where there is nothing to count. What is essential can't be switched
    off.
    """

    key: str
    title: str | Promise
    context: Callable[[Delivery], dict[str, Any]]
    unless: Callable[[Delivery, datetime], str] = lambda delivery, now: ""
    essential: bool = False
    wait_until: Callable[[Delivery, datetime], datetime] = lambda delivery, now: now
    season_of: Callable[[Delivery], Any] = no_season
    sample: Callable[[], Delivery | None] = lambda: None
    placeholders: tuple[str, ...] = ()
    private: bool = False
    attachments: Callable[[Delivery], list[Attachment]] = lambda delivery: []
    any_week: bool = False
    in_hours: bool | None = None
    concerns: Callable[[Any], QuerySet[Any]] | None = None
    audience: str | Promise = ""
    when: Callable[[int | None], str] = lambda days: ""
    days: int | None = None
    most_days: int = 90

    @property
    def is_weekly(self) -> bool:
        """Whether it counts as a person's one reminder of a week."""
        return not self.essential and not self.any_week

    @property
    def keeps_hours(self) -> bool:
        return not self.essential if self.in_hours is None else self.in_hours


DueSource = Callable[[datetime], None]

_rules: dict[str, Rule] = {}
_due_sources: list[DueSource] = []


def register(rule: Rule) -> None:
    _rules[rule.key] = rule


def unregister(key: str) -> None:
    """Forget a rule that was there for a while."""
    _rules.pop(key, None)


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


def season_rules() -> list[Rule]:
    """The rules whose messages belong to a season, which may change them."""
    return [rule for rule in all_rules() if rule.season_of is not no_season]


def weekly_keys() -> list[str]:
    """The rules of which a person gets one message a week."""
    return [rule.key for rule in all_rules() if rule.is_weekly]


def add_due_source(source: DueSource) -> None:
    """Have `source(now)` called by every per-minute tick: it queues what has become due ("closing soon").

    It must be cheap where nothing is due and idempotent: ticks are missed and come twice.
    """
    _due_sources.append(source)


def due_sources() -> list[DueSource]:
    return list(_due_sources)
