"""How a person reads what is kept about them: the matter it belongs to, its labels and its values in words.

Each app hands a `Reading` to the retention registry together with the notes on a model. What it leaves out falls
back on the model itself: its `verbose_name_plural`, its fields' `verbose_name`, and the words below for each kind
of value. Lists and JSON have no words of their own, so a field that holds them needs some in `words`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class Matter(StrEnum):
    """What a kind of thing is about, in the order of a season's life."""

    WORK = "work"
    SIGN_IN = "sign-in"
    APPLICATIONS = "applications"
    PAIRS = "pairs"
    LEARNING = "learning"
    SURVEYS = "surveys"
    MESSAGES = "messages"
    OFFICE = "office"  # what somebody did for the programme
    OTHER = "other"


MATTER_WORDS: dict[Matter, Promise] = {
    Matter.WORK: _("You and your work"),
    Matter.SIGN_IN: _("How you sign in"),
    Matter.APPLICATIONS: _("Your applications"),
    Matter.PAIRS: _("Your pairs and circles"),
    Matter.LEARNING: _("What you learn"),
    Matter.SURVEYS: _("Surveys"),
    Matter.MESSAGES: _("Messages to you"),
    Matter.OFFICE: _("What you do for the programme"),
    Matter.OTHER: _("Other things"),
}


@dataclass(frozen=True)
class Reading:
    """How the owner of a model's rows reads them.

    `title` names the rows in the plural; `labels` are words for fields, `words` functions from a row to the words
    for a field's value (one text or several lines; none where nothing was given). `line(row)` is (label, value) where
    one line says it all: the page then shows that alone. `hidden` names fields (space-separated) that would say
    nothing on the page, such as the owner; the copy has them. `load(rows)` fetches what the words need, in a number
    of queries that doesn't depend on the rows, and may return them as a list with more attached.
    """

    matter: Matter = Matter.OTHER
    title: Text = ""
    labels: Mapping[str, Text] = field(default_factory=dict)
    words: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    line: Callable[[Any], tuple[str, Any]] | None = None
    hidden: str = ""
    load: Callable[[Any], Iterable[Any]] = lambda rows: rows

    def title_of(self, model: type[models.Model]) -> str:
        return capfirst(str(self.title or model._meta.verbose_name_plural))

    def label(self, found: Any) -> Text | None:
        """Return the words for the field `found`; None where nobody gave it any."""
        own = self.labels.get(found.name) or getattr(found, "verbose_name", None)
        return own if isinstance(own, Promise) else None

    def shows(self, found: Any) -> bool:
        """Whether the page has a place for the field: keys of rows and what is hidden have none."""
        return not (found.primary_key or isinstance(found, models.UUIDField) or found.name in self.hidden.split())

    def can_word(self, found: Any) -> bool:
        """Whether every value of the field can be put into words."""
        return found.name in self.words or not isinstance(found, (models.JSONField, ArrayField, models.BinaryField))

    def value(self, row: models.Model, found: Any) -> list[str]:
        """Return the value of the field `found` in words, one line an item; nothing where it is empty."""
        if found.name in self.words:
            return as_lines(self.words[found.name](row))
        return value_words(row, found) if self.can_word(found) else []


def as_lines(words: Any) -> list[str]:
    """Return one text or several as lines, empty ones left out."""
    lines = words if isinstance(words, (list, tuple)) else [words]
    return [str(line) for line in lines if line is not None and str(line)]


def value_words(row: models.Model, found: Any) -> list[str]:
    """Return the words for a value of a kind that has them by itself."""
    if isinstance(found, models.ManyToManyField):
        return [str(item) for item in getattr(row, found.name).all()]
    value = getattr(row, found.name)
    if value is None or value == "":
        return []
    if found.choices:
        return [str(dict(found.flatchoices).get(value, value))]
    return [plain_words(value)]


def plain_words(value: Any) -> str:
    """Return yes or no, a number, a day or a moment as the reader writes them; moments in the library's zone."""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, datetime):
        return formats.date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return formats.date_format(value)
    if isinstance(value, (int, float)):
        return formats.number_format(value)
    return str(value)


def where_so(name: str) -> Callable[[Any], str]:
    """Return the function that says yes where a field is true, and nothing where that goes without saying."""
    return lambda row: plain_words(True) if getattr(row, name) else ""


def plain_value(row: models.Model, found: Any) -> Any:
    """Return a value as JSON can hold it, for programs: keys as they are stored, related rows with their name."""
    if isinstance(found, models.ManyToManyField):
        return [_related(item) for item in getattr(row, found.name).all()]
    value = getattr(row, found.name)
    return _related(value) if isinstance(value, models.Model) else value


def _related(row: models.Model) -> dict[str, Any]:
    return {"id": row.pk, "name": str(row)}
