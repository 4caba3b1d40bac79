"""Everybody reads their own data in words: no field without a label, no value that only a program can read."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import trans_real

from mentorship.people.models import Absence
from mentorship.records import retention
from mentorship.records.my_data import Fact, in_words
from mentorship.records.reading import Matter, Reading
from mentorship.records.retention import Erasure, Keep, Kept, Reader
from tests.guards.cast import SIGNED_IN, Cast

pytestmark = pytest.mark.django_db
RAW = re.compile(
    r"^(True|False|None)$"
    r"|^[\[{(]"
    r"|\d{4}-\d\d-\d\d[T ]\d\d:\d\d"
    r"|^\d{4}-\d\d-\d\d$"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
)
# What stands in a browser's own words.
FOREIGN = {"Browser", "Navegador"}


def facts_of(person: Any) -> Iterator[tuple[str, Fact]]:
    for part in in_words(person):
        for holding in part.holdings:
            for record in holding.records:
                for fact in record:
                    yield f"{part.title} / {holding.title}", fact


def raw(cast: Cast) -> tuple[int, list[str]]:
    """How many lines were read, and those on which somebody reads a value as it is stored."""
    read, found = 0, []
    for role in sorted(SIGNED_IN):
        for language in ("en", "es"):
            with translation.override(language):
                for where, fact in facts_of(cast.people[role]):
                    for text in (fact.label, *fact.lines):
                        read += 1
                        if fact.label not in FOREIGN and RAW.search(text):
                            found.append(f"{role} {language} {where} / {fact.label}: {text}")
    return read, found


def in_spanish(text: Any) -> bool:
    """Whether the catalogue that runs has the message of a lazy text."""
    with translation.override("en"):
        message = str(text)
    return message in trans_real.translation("es")._catalog


def untranslated() -> list[str]:
    """The titles and labels on "my data" that a Spanish reader gets in English."""
    return [
        f"{note.model._meta.label}: {words}"
        for note in retention.notes()
        if note.shown_fields()
        for words in (
            note.reading.title or note.model._meta.verbose_name_plural,
            *(note.reading.label(found) for found in note.shown_fields()),
        )
        if words is not None and not in_spanish(words)
    ]


@pytest.fixture
def _registry_left_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "_notes", dict(retention._notes))


def note_absences(reading: Reading) -> None:
    note = Kept("id person first_day last_day", "why", Keep.SEASON, (Reader.OWNER,), Erasure.STAY)
    retention.register(Absence, owner="person", kept=[note], reading=reading)


def test_every_field_that_its_owner_may_read_has_words() -> None:
    assert retention.unworded() == []


def test_every_label_is_there_in_spanish() -> None:
    assert untranslated() == []


def test_everybody_reads_their_own_data_in_words(cast: Cast, summary: Any) -> None:
    read, found = raw(cast)
    summary(f"{read} lines of their own data read by {len(SIGNED_IN)} people in two languages: {len(found)} raw")
    assert "\n".join(found) == ""


@pytest.mark.usefixtures("_registry_left_as_it_was")
def test_control_a_field_without_words_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Absence._meta.get_field("last_day"), "verbose_name", "last day")
    note_absences(Reading(Matter.WORK, hidden="person"))
    assert retention.unworded() == ["people.Absence.last_day"]


@pytest.mark.usefixtures("_registry_left_as_it_was")
def test_control_a_label_in_english_alone_is_found() -> None:
    note_absences(Reading(Matter.WORK, labels={"last_day": _("never to be seen again")}, hidden="person"))  # no i18n
    assert untranslated() == ["people.Absence: never to be seen again"]


@pytest.mark.usefixtures("_registry_left_as_it_was")
def test_control_raw_values_are_found(cast: Cast) -> None:
    for value in (True, None, ["a"], {"a": 1}, cast.now.isoformat(), cast.sent.pk, cast.now.date().isoformat()):
        note_absences(Reading(Matter.WORK, line=lambda row, value=value: ("Away", [f"{value}"])))
        assert [line.partition(" / ")[0] for line in raw(cast)[1]] == [
            "applicant en You and your work",
            "applicant es Tú y tu trabajo",
        ]
