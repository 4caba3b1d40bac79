"""The one registry of what is kept: for each model field its purpose, how long, who sees it and what erasure does.

Every app registers its models from `AppConfig.ready()`; a field that is missing fails the tests, and so does one that
its owner may read and that has no words. "My data", erasure and the table on the privacy page are all read from here:

    register(
        Absence,
        owner="person",
        kept=[Kept("id person first_day last_day", _("To …"), Keep.EMPLOYMENT, FACTS, Erasure.DELETE)],
        reading=Reading(Matter.WORK, _("Days away"), hidden="person"),
    )
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.functional import Promise

from mentorship.records.reading import Reading


class Reader(StrEnum):
    """Who may see a thing, besides those with the server's keys."""

    OWNER = "owner"
    PARTNER = "partner"
    FACILITATOR = "facilitator"
    STAFF = "staff"  # the directory, for those who opted in
    SUPERVISOR = "supervisor"  # and whoever makes the schedule
    COORDINATOR = "coordinator"
    ANALYST = "analyst"
    LEADERSHIP = "leadership"
    ADMINISTRATOR = "administrator"
    NOBODY = "nobody"  # the program alone


class Keep(StrEnum):
    """How long a thing is kept."""

    EMPLOYMENT = "employment"  # as long as the person is on the staff list
    SEASON = "season"  # until the season is archived
    HISTORY = "history"  # for good: the programme's own record
    DAYS_30 = "30-days"
    DAYS_60 = "60-days"
    DAYS_400 = "400-days"


class Erasure(StrEnum):
    """What erasing a person does with a thing of theirs."""

    DELETE = "delete"  # the row goes
    BLANK = "blank"  # the field is emptied, the row stays
    STAY = "stay"  # says nothing of the person once the rest is gone


@dataclass(frozen=True)
class Kept:
    """One note on one or several `fields` (space-separated names) of a model."""

    fields: str
    purpose: str | Promise
    keep: Keep
    seen_by: tuple[Reader, ...]
    erasure: Erasure

    @property
    def names(self) -> list[str]:
        return self.fields.split()


Readable = Callable[[Any, Any], Any]


@dataclass(frozen=True)
class ModelNote:
    """All notes on one model. `owner` is the look-up path from a row to its person ("" where it has none).

    `readable(rows, person)` narrows a person's rows to those that they know of already; by default all. `reading`
    puts them into words.
    """

    model: type[models.Model]
    owner: str
    kept: tuple[Kept, ...]
    readable: "Readable" = lambda rows, person: rows
    reading: Reading = field(default_factory=Reading)

    @property
    def is_link(self) -> bool:
        """Whether the rows only tie two others together: what they say is a field of one of these."""
        return bool(self.model._meta.auto_created)

    def readable_fields(self) -> list[Any]:
        """Return the fields that the owner of a row may read; none where rows have no owner."""
        if not self.owner:
            return []
        names = [name for kept in self.kept if Reader.OWNER in kept.seen_by for name in kept.names]
        return [self.model._meta.get_field(name) for name in names]

    def shown_fields(self) -> list[Any]:
        """Return those of `readable_fields` that the page has a place for."""
        return [] if self.is_link else [found for found in self.readable_fields() if self.reading.shows(found)]

    def note(self, name: str) -> Kept:
        """Return the note on the field `name`. Raises KeyError."""
        for kept in self.kept:
            if name in kept.names:
                return kept
        raise KeyError(f"{self.model._meta.label}.{name}")


_notes: dict[type[models.Model], ModelNote] = {}


def register(
    model: type[models.Model],
    *,
    owner: str,
    kept: Iterable[Kept],
    readable: Readable = lambda rows, person: rows,
    reading: Reading | None = None,
) -> None:
    """Say what is kept of `model`, and why. Raises ValueError where a field is named twice or doesn't exist."""
    note = ModelNote(model, owner, tuple(kept), readable, reading or Reading())
    names = [name for entry in note.kept for name in entry.names]
    known = {found.name for found in model._meta.get_fields() if found.concrete}
    told = note.reading
    if unknown := {*told.labels, *told.words, *told.hidden.split()} - known:
        raise ValueError(f"{model._meta.label} has no {sorted(unknown)}")
    if len(names) != len(set(names)) or not set(names) <= known:
        raise ValueError(f"{model._meta.label}: {sorted(set(names) - known) or 'a field is named twice'}")
    _notes[model] = note


def notes() -> list[ModelNote]:
    """Return every note, in the order of registration."""
    return list(_notes.values())


def missing() -> list[str]:
    """Return "app.Model.field" for each concrete field of a model of ours that no note names."""
    absent = []
    for model in apps.get_models(include_auto_created=True):
        if not model.__module__.startswith(("mentorship.", "matching.", "surveys.")):
            continue
        named = {name for kept in (_notes[model].kept if model in _notes else ()) for name in kept.names}
        fields = {found.name for found in model._meta.get_fields() if found.concrete}
        absent += [f"{model._meta.label}.{name}" for name in sorted(fields - named)]
    return absent


def unworded() -> list[str]:
    """Return "app.Model.field" for each field that its owner may read on the page and that lacks words.

    Missing are a label that is marked for translation, or words for lists and JSON where no `line` speaks for them.
    """
    return [
        f"{note.model._meta.label}.{found.name}"
        for note in _notes.values()
        for found in note.shown_fields()
        if note.reading.label(found) is None or not (note.reading.line or note.reading.can_word(found))
    ]
