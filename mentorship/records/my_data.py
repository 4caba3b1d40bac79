"""What is kept about one person, from the retention registry: in words for their page, as JSON to take."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.utils.functional import Promise
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mentorship.records.reading import MATTER_WORDS, Matter, as_lines, plain_value
from mentorship.records.retention import Keep, Kept, ModelNote, Reader, notes

KEEP_WORDS: dict[Keep, str | Promise] = {
    Keep.EMPLOYMENT: _("as long as you are on the staff list"),
    Keep.SEASON: _("until the season is archived"),
    Keep.HISTORY: _("for good, as the programme's record"),
    Keep.DAYS_30: _("30 days"),
    Keep.DAYS_60: _("60 days"),
    Keep.DAYS_400: _("400 days"),
}
READER_WORDS: dict[Reader, str | Promise] = {
    Reader.OWNER: _("you"),
    Reader.PARTNER: _("the people you meet with"),
    Reader.FACILITATOR: _("your circle's facilitator"),
    Reader.STAFF: _("colleagues (if you opted in)"),
    Reader.SUPERVISOR: _("your supervisor and whoever makes your schedule"),
    Reader.COORDINATOR: _("coordinators"),
    Reader.ANALYST: _("analysts"),
    Reader.LEADERSHIP: _("leadership"),
    Reader.ADMINISTRATOR: _("administrators"),
    Reader.NOBODY: _("nobody"),
}

PAGE_ROWS = 10
PAGE_LINES = 30


@dataclass(frozen=True)
class Fact:
    """One thing in words: its label and its lines."""

    label: str
    lines: list[str]


@dataclass(frozen=True)
class Audience:
    """Who sees some of the fields of a kind, and how long they are kept; `fields` is empty where that is all."""

    fields: str
    seen_by: str
    how_long: str

    @property
    def seen_words(self) -> str:
        return gettext("Seen by %(readers)s.") % {"readers": self.seen_by}

    @property
    def kept_words(self) -> str:
        return gettext("Kept %(how_long)s.") % {"how_long": self.how_long}

    @property
    def lines(self) -> list[str]:
        return [self.seen_words, self.kept_words]


@dataclass(frozen=True)
class Holding:
    """One kind of thing that is kept about a person. `records` are rows in words, none where nothing was given."""

    title: str
    count: int
    records: list[list[Fact]]
    more: int
    audiences: list[Audience]


@dataclass(frozen=True)
class Part:
    """Everything that belongs to one matter."""

    title: str
    holdings: list[Holding]

    @property
    def count(self) -> int:
        return sum(holding.count for holding in self.holdings)

    @property
    def summary(self) -> str:
        return f"{self.title} ({self.count})"


def in_words(person: Any) -> list[Part]:
    """Return what is kept about `person` and theirs to read, by matters; matters and kinds without rows left out."""
    found: dict[Matter, list[Holding]] = {matter: [] for matter in Matter}
    for note in notes():
        if note.shown_fields() and (rows := list(_rows(note, person))):
            found[note.reading.matter].append(_holding(note, rows))
    return [Part(str(MATTER_WORDS[matter]), holdings) for matter, holdings in found.items() if holdings]


def copy_of(person: Any) -> dict[str, list[dict[str, Any]]]:
    """Return the same and the keys as JSON can hold it: {"app.model": [{field: value}]}, alike in every language."""
    copy = {}
    for note in notes():
        fields = note.readable_fields()
        if fields and (rows := list(_rows(note, person))):
            copy[note.model._meta.label_lower] = [
                {field.name: plain_value(row, field) for field in fields} for row in rows
            ]
    return copy


def _rows(note: ModelNote, person: Any) -> Any:
    """Fetch a person's rows with whatever their words are made of."""
    fields = note.readable_fields()
    related = [path for field in fields if isinstance(field, models.ForeignKey) for path in _named(field)]
    many = [field.name for field in fields if isinstance(field, models.ManyToManyField)]
    rows = note.model._default_manager.filter(**{note.owner: person.pk}).distinct()
    return note.reading.load(note.readable(rows, person).select_related(*related).prefetch_related(*many))


def _named(field: Any) -> list[str]:
    """Return the look-ups of what the name of a related row is made of: the row, its person, their profile."""
    people: Any = get_user_model()
    if field.related_model is people:
        return [f"{field.name}__profile"]
    own = [
        inner.name
        for inner in field.related_model._meta.concrete_fields
        if inner.related_model is people and not inner.null
    ]
    return [field.name, *(f"{field.name}__{name}__profile" for name in own)]


def _holding(note: ModelNote, rows: list[Any]) -> Holding:
    if note.reading.line:
        records = [_together([note.reading.line(row) for row in rows[:PAGE_LINES]])]
        more = len(rows) - PAGE_LINES
    else:
        records = [_facts(note, row) for row in rows[:PAGE_ROWS]]
        more = len(rows) - PAGE_ROWS
    return Holding(
        title=note.reading.title_of(note.model),
        count=len(rows),
        records=[record for record in records if record],
        more=max(0, more),
        audiences=list(_audiences(note, records)),
    )


def _facts(note: ModelNote, row: models.Model) -> list[Fact]:
    return [
        Fact(capfirst(str(label)), lines)
        for field in note.shown_fields()
        if (label := note.reading.label(field)) and (lines := note.reading.value(row, field))
    ]


def _together(lines: list[tuple[str, Any]]) -> list[Fact]:
    """Gather what has the same label; labels without a value are left out."""
    gathered: dict[str, list[str]] = {}
    for label, words in lines:
        if given := as_lines(words):
            gathered.setdefault(str(label), []).extend(given)
    return [Fact(label, given) for label, given in gathered.items()]


def _audiences(note: ModelNote, records: list[list[Fact]]) -> Iterator[Audience]:
    """Say who sees what of a kind, fields with the same readers and the same time together.

    Where rows are shown field by field, those that were given anywhere are named.
    """
    given = {fact.label for record in records for fact in record}
    shown = {
        field.name: label
        for field in note.shown_fields()
        if (label := note.reading.label(field)) and (note.reading.line or not given or capfirst(str(label)) in given)
    }
    gathered: dict[tuple[tuple[Reader, ...], Keep], list[str]] = {}
    for kept in note.kept:
        labels = [str(label) for name in kept.names if (label := shown.get(name))]
        if labels:
            gathered.setdefault((kept.seen_by, kept.keep), []).extend(labels)
    for (seen_by, keep), labels in gathered.items():
        fields = capfirst(", ".join(labels)) if len(gathered) > 1 else ""
        yield Audience(fields, readers_in_words(seen_by), str(KEEP_WORDS[keep]))


def readers_in_words(readers: tuple[Reader, ...]) -> str:
    """Return the readers as a list in a sentence: "you, your supervisor and coordinators"."""
    if readers == (Reader.OWNER,):
        return gettext("you alone")
    return get_text_list([str(READER_WORDS[reader]) for reader in readers], gettext("and"))


def kept_tables() -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the registry for people to read, as (title, rows) by matters: what, why, how long, seen by whom.

    Fields are named where they have words; keys and the like go by their kind and purpose alone. What belongs to
    nobody comes last.
    """
    found: dict[Matter | None, list[dict[str, Any]]] = {**{matter: [] for matter in Matter}, None: []}
    for note in notes():
        if not note.is_link:
            rows = found[note.reading.matter if note.owner else None]
            rows += [_kept_row(note, kept) for kept in note.kept]
    others = _("The programme's own catalogues and settings")
    return [(str(MATTER_WORDS[matter] if matter else others), rows) for matter, rows in found.items() if rows]


def _kept_row(note: ModelNote, kept: Kept) -> dict[str, Any]:
    return {
        "what": capfirst(str(note.model._meta.verbose_name)),
        "fields": _field_words(note, kept),
        "why": capfirst(str(kept.purpose)),
        "how_long": capfirst(str(KEEP_WORDS[kept.keep])),
        "seen_by": capfirst(readers_in_words(kept.seen_by)),
    }


def _field_words(note: ModelNote, kept: Kept) -> str:
    labels = [note.reading.label(note.model._meta.get_field(name)) for name in kept.names if name != "id"]
    return ", ".join(str(label) for label in labels if label)
