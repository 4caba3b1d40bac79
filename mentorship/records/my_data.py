"""What is kept about one person, read from the retention registry: for their page and their download."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mentorship.records.retention import Keep, ModelNote, Reader, notes

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
    Reader.STAFF: _("colleagues, if you opted in"),
    Reader.SUPERVISOR: _("your supervisor and whoever makes your schedule"),
    Reader.COORDINATOR: _("coordinators"),
    Reader.ANALYST: _("analysts"),
    Reader.LEADERSHIP: _("leadership"),
    Reader.ADMINISTRATOR: _("administrators"),
    Reader.NOBODY: _("nobody"),
}

PAGE_ROWS = 10


@dataclass(frozen=True)
class Holding:
    """All rows of one kind that belong to a person: `rows` are {field's words: value} as JSON can hold it."""

    title: str
    rows: list[dict[str, Any]]

    @property
    def more(self) -> int:
        """How many rows the page leaves to the download."""
        return max(0, len(self.rows) - PAGE_ROWS)


def holdings(person: Any) -> list[Holding]:
    """Return everything that is kept about `person` and theirs to read, kind by kind, empty kinds left out."""
    found = []
    for note in notes():
        if note.owner and (rows := _rows(note, person)):
            found.append(Holding(str(note.model._meta.verbose_name), rows))
    return found


def _rows(note: ModelNote, person: Any) -> list[dict[str, Any]]:
    readable = [name for kept in note.kept if Reader.OWNER in kept.seen_by for name in kept.names]
    fields = [note.model._meta.get_field(name) for name in readable]
    if not fields:
        return []
    related = [path for field in fields if isinstance(field, models.ForeignKey) for path in _named(field)]
    rows = note.readable(note.model._default_manager.filter(**{note.owner: person.pk}).distinct(), person)
    many = [field.name for field in fields if isinstance(field, models.ManyToManyField)]
    return [
        {str(getattr(field, "verbose_name", field.name)): _plain(row, field) for field in fields}
        for row in rows.select_related(*related).prefetch_related(*many)
    ]


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


def _plain(row: models.Model, field: Any) -> Any:
    if isinstance(field, models.ManyToManyField):
        return [str(item) for item in getattr(row, field.name).all()]
    value = getattr(row, field.name)
    if isinstance(value, models.Model):
        return str(value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return value if isinstance(value, (bool, int, float, list, dict, type(None))) else str(value)


def kept_table() -> list[dict[str, Any]]:
    """Return the registry as a table for people to read: what, why, how long, seen by whom."""
    table = []
    for note in notes():
        for kept in note.kept:
            words = [
                str(getattr(note.model._meta.get_field(name), "verbose_name", name))
                for name in kept.names
                if name != "id"
            ]
            table.append(
                {
                    "what": str(note.model._meta.verbose_name),
                    "fields": ", ".join(words),
                    "why": kept.purpose,
                    "how_long": KEEP_WORDS[kept.keep],
                    "seen_by": ", ".join(str(READER_WORDS[reader]) for reader in kept.seen_by),
                }
            )
    return table
