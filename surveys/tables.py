"""Published figures as rows for a page, in the reader's language."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from surveys.reading import PublishedComment, Results, text
from surveys.release import ATTRIBUTES, POINTS

HEADINGS: dict[str, Promise] = {
    "role": _("By role"),
    "tenure": _("By years at the library"),
    "unit_kind": _("By kind of work unit"),
}


@dataclass(frozen=True)
class StatementRow:
    """One statement; `percent` is None where it is hidden. `points` counts the answers from 1 to 5."""

    title: str
    percent: int | None
    n: int
    points: list[int]


@dataclass(frozen=True)
class Cell:
    """Agreement in one group; `percent` is None where it is hidden."""

    percent: int | None
    n: int


@dataclass(frozen=True)
class Breakdown:
    """Statements by groups: `columns` are the groups' names with how many answered."""

    key: str
    heading: str
    columns: list[tuple[str, int]]
    rows: list[tuple[str, list[Cell]]]


@dataclass(frozen=True)
class Choices:
    """How many ticked what."""

    key: str
    title: str
    n: int
    rows: list[tuple[str, int]]


def statement_rows(results: Results) -> list[StatementRow]:
    """Every statement in its order."""
    return [
        StatementRow(results.title(key), *_total(value), [value["points"][str(p)] for p in POINTS] if value else [])
        for key, value in _ordered(results)
    ]


def breakdown_tables(results: Results) -> list[Breakdown]:
    """A table for each attribute of which some groups may be shown."""
    tables = []
    for attribute in ATTRIBUTES:
        groups = results.figures["groups"][attribute]
        rows = [
            (results.title(key), [_cell(value["breakdowns"].get(attribute, {}).get(group)) for group in groups])
            for key, value in _ordered(results)
            if value and attribute in value["breakdowns"]
        ]
        if groups and rows:
            titles = results.figures["group_titles"][attribute]
            columns = [(text(titles[group]), size) for group, size in groups.items()]
            tables.append(Breakdown(attribute, str(HEADINGS[attribute]), columns, rows))
    return tables


def choice_tables(results: Results) -> list[Choices]:
    """What people ticked, the most frequent first."""
    return [
        Choices(
            key,
            results.title(key),
            value["n"],
            sorted(
                ((text(results.figures["options"][key][option]), count) for option, count in value["counts"].items()),
                key=lambda row: -row[1],
            ),
        )
        for key, value in results.figures["choices"].items()
        if value
    ]


def comment_groups(results: Results) -> list[tuple[str, list[PublishedComment]]]:
    """Published comments under their questions."""
    found = sorted(results.comments, key=lambda comment: comment.question)
    return [(title, list(rows)) for title, rows in groupby(found, key=lambda comment: comment.title)]


def _ordered(results: Results) -> list[tuple[str, dict[str, Any] | None]]:
    """The statements in the order of the questions: JSON in the database keeps none."""
    statements = results.figures["statements"]
    return [(key, statements[key]) for key in results.figures["order"] if key in statements]


def _total(value: dict[str, Any] | None) -> tuple[int | None, int]:
    return (value["agreement_percent"], value["n"]) if value else (None, 0)


def _cell(value: dict[str, Any] | None) -> Cell:
    return Cell(*_total(value))
