"""CSV with one figure in a row, XLSX with one table on a sheet; neither holds anything that a program would run."""

import re
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO

from defusedcsv import csv
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import TYPE_STRING
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from mentorship.reports.report import Report
from mentorship.reports.tables import Cell, Table, tables_of

# Tabs and line ends begin formulas too, and a spreadsheet's file can't hold the other control characters at all.
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
LONGEST_SHEET_NAME = 31


def to_csv(report: Report) -> bytes:
    """Every figure in a row of its own, with its part of the report, n and definition; UTF-8 as Excel reads it."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow([_("Part"), _("What"), _("Value"), "n", _("Definition")])
    for figure in report.figures.values():
        writer.writerow(
            _plain([_("Figures"), figure.label, figure.value if figure.value is not None else "", _n(figure.n),
                    figure.definition])
        )  # fmt: skip
    for table in tables_of(report):
        for name, *cells in table.rows:
            for column, cell in zip(table.columns[1:], cells, strict=True):
                writer.writerow(_plain([table.title, f"{name} · {column}", _told(cell), "", table.note]))
    for comment in _comments(report):
        writer.writerow(_plain([_("Comments"), comment[0], comment[1], "", comment[2]]))
    return out.getvalue().encode("utf-8-sig")


def to_xlsx(report: Report) -> bytes:
    """A sheet of the figures, one for each table, one for the comments."""
    book = Workbook()
    # It is born with an empty sheet.
    del book[book.sheetnames[0]]
    figures = [
        (figure.label, figure.value, figure.n, figure.definition if figure.value is not None else
         f"{figure.absent}. {figure.definition}")
        for figure in report.figures.values()
    ]  # fmt: skip
    _sheet(book, Table("figures", _("Figures"), [_("What"), _("Value"), "n", _("Definition")], figures))
    for table in tables_of(report):
        _sheet(book, table)
    if comments := _comments(report):
        columns = [_("Question"), _("Comment"), _("Role")]
        _sheet(book, Table("comments", _("Comments"), columns, comments))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet(book: Workbook, table: Table) -> None:
    sheet = book.create_sheet(_plain([re.sub(r"[\[\]:*?/\\]", " ", table.title)])[0][:LONGEST_SHEET_NAME])  # type: ignore[index]
    _write(sheet, 1, table.columns)
    for place, row in enumerate(table.rows, start=2):
        _write(sheet, place, [_told(cell) for cell in row] if table.key != "figures" else row)
    for column in range(1, len(table.columns) + 1):
        sheet.cell(1, column).font = Font(bold=True)
        longest = max(len(str(sheet.cell(row, column).value or "")) for row in range(1, len(table.rows) + 2))
        sheet.column_dimensions[get_column_letter(column)].width = min(60, max(8, longest + 2))
    sheet.freeze_panes = "B2"


def _told(cell: Cell) -> Cell:
    """A cell that is hidden says so: empty, it would look like none."""
    return _("hidden (small group)") if cell is None else cell


def _write(sheet: Worksheet, row: int, cells: Iterable[Cell]) -> None:
    for column, cell in enumerate(_plain(cells), start=1):
        target = sheet.cell(row, column, value=cell)
        if isinstance(cell, str):
            # A text that begins with "=" stays a text.
            target.data_type = TYPE_STRING
            target.alignment = Alignment(wrap_text=True, vertical="top")


def _plain(cells: Iterable[Cell]) -> list[Cell]:
    """The cells without control characters."""
    return [CONTROL.sub(" ", cell).strip() if isinstance(cell, str) else cell for cell in cells]


def _comments(report: Report) -> Sequence[tuple[str, str, str]]:
    return (
        [(comment.title, comment.text, comment.role) for comment in report.survey.comments] if report.survey else []
    )


def _n(n: int | None) -> Cell:
    return "" if n is None else n
