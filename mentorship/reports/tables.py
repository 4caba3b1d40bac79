"""The report's tables, once for all of its forms: page, PDF, CSV and XLSX show the same rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from mentorship.common.numbers import count
from mentorship.reports.report import Report

Cell = str | int | float | None


@dataclass(frozen=True)
class Table:
    """One table: `rows` begin with their heading; None is a figure that is hidden or isn't there.

    `bars` says of each row how long its bar is, in per cent of the longest; empty where there is none.
    """

    key: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    bars: Sequence[int] = field(default_factory=tuple)

    @property
    def drawn(self) -> list[tuple[Sequence[Cell], int]]:
        """Each row with the length of its bar."""
        return list(zip(self.rows, self.bars, strict=True))


def funnel_table(report: Report) -> Table:
    rows = [(figure.label, int(figure.value or 0)) for figure in report.funnel]
    return Table(
        "funnel",
        _("From application to completion"),
        [_("How far"), _("People")],
        rows,
        _("Each person is counted once in each row."),
        bars_of([people for _label, people in rows]),
    )


def role_table(report: Report) -> Table:
    return Table(
        "roles",
        _("People by role"),
        [_("Role"), _("People")],
        report.roles,
        bars=bars_of([n for _r, n in report.roles]),
    )


def month_table(report: Report) -> Table:
    rows = report.month_rows
    return Table(
        "months",
        _("Hours by month"),
        [_("Month"), _("Hours, counted per person"), _("Hours of meetings")],
        [(row.name, row.person_hours, row.meeting_hours) for row in rows],
        _("Months in which fewer than five people met are hidden, and others where they would tell of those."),
        bars_of([row.person_hours or 0 for row in rows]),
    )


def training_table(report: Report) -> Table:
    rows = report.training_rows
    hidden = any(None in (row.began, row.finished) for row in rows)
    note = _("A number from which one could tell of fewer than five people who finished, are on their way or haven't "
             "begun is hidden, and others where they would tell of those.")  # fmt: skip
    return Table(
        "training",
        _("Training by role"),
        [_("Role"), _("People"), _("Began"), _("Finished")],
        [(row.name, row.people, row.began, row.finished) for row in rows],
        note if hidden else "",
        bars_of([row.finished or 0 for row in rows]),
    )


def statement_table(report: Report) -> Table:
    """Agreement and the number of each answer, from strongly disagree to strongly agree."""
    hidden: list[Cell] = [None] * 7
    rows: list[list[Cell]] = [
        [row.title, *(hidden if row.percent is None else [row.percent, row.n, *row.points])]
        for row in report.statements
    ]
    return Table(
        "statements",
        _("What people said"),
        [
            _("Statement"),
            _("Agreement in %"),
            "n",
            *scale_words(),
        ],
        rows,
        _("Agreement: agree or strongly agree, out of all answers from 1 to 5. Groups under five are never shown."),
    )


def scale_words() -> list[str]:
    """The answers to a statement, from 1 to 5."""
    return [_("Strongly disagree"), _("Disagree"), _("Neither"), _("Agree"), _("Strongly agree")]


def tables_of(report: Report) -> list[Table]:
    """Every table that has something to show."""
    found = [make(report) for make in (funnel_table, role_table, month_table, training_table, statement_table)]
    return [table for table in found if table.rows]


def bars_of(values: Sequence[float]) -> list[int]:
    """Each value in whole per cent of the largest."""
    most = max(values, default=0)
    return [round(100 * value / most) if most else 0 for value in values]


def written(cell: Cell) -> str:
    """A cell as the reader writes it; what is hidden says so."""
    if cell is None:
        return _("hidden (small group)")
    return cell if isinstance(cell, str) else count(cell)
