"""Reading a staff list as HR departments send it: CSV in any usual dialect, or XLSX, into lines of text."""

import csv
import io
import unicodedata
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024
MAX_ROWS = 200_000
MAX_CELL = 500
DELIMITERS = ",;\t|"


class ReadingError(Exception):
    """The file can't be read; the text says why and what to do, for a person to read."""


@dataclass(frozen=True)
class Sheet:
    """A file as text: `headings`, and `lines` of (line number in the file, cells), empty lines left out."""

    headings: list[str]
    lines: list[tuple[int, list[str]]]


def read_sheet(content: bytes) -> Sheet:
    """Return the lines of a CSV or XLSX file. Raises ReadingError."""
    if not content.strip():
        raise ReadingError(_("The file is empty: export it again."))
    if len(content) > MAX_BYTES:
        raise ReadingError(_("The file is larger than 10 MB: leave out columns that aren't needed."))
    rows = _workbook_rows(content) if content.startswith(b"PK") else _text_rows(content)
    numbered = [(number, cells) for number, cells in enumerate(rows, start=1) if any(cells)]
    if len(numbered) < 2:
        raise ReadingError(_("There is no row under the headings: is this the right file?"))
    if len(numbered) > MAX_ROWS:
        raise ReadingError(_("There are more than 200,000 rows: split the file."))
    headings = [cell.strip() for cell in numbered[0][1]]
    named = [heading.casefold() for heading in headings if heading]
    if len(named) != len(set(named)):
        raise ReadingError(_("Two columns have the same heading: give each its own."))
    return Sheet(headings, numbered[1:])


def _text_rows(content: bytes) -> list[list[str]]:
    text = _decoded(content)
    if "\0" in text:
        raise ReadingError(_("This is neither a CSV nor an XLSX file: save the sheet as one of these."))
    head = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=head.count)
    if not head.count(delimiter):
        raise ReadingError(_("The first line holds no headings separated by commas, semicolons or tabs."))
    try:
        return [
            [_clean(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        ]
    except csv.Error as error:
        raise ReadingError(_("The file breaks off inside a quotation: export it again.")) from error


def _decoded(content: bytes) -> str:
    """UTF-8 with or without a mark, UTF-16 with one, else the Windows code page of western offices."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _workbook_rows(content: bytes) -> list[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
                raise ReadingError(_("The workbook is too large once unpacked: save the one sheet alone."))
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        return [[_clean(_cell(value)) for value in row] for row in sheet.iter_rows(values_only=True)]
    except ReadingError:
        raise
    except Exception as error:  # openpyxl raises whatever a damaged part happens to cause
        raise ReadingError(_("The workbook can't be opened: save it again as XLSX or CSV.")) from error


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _clean(cell: str) -> str:
    """The same letters always as the same characters, and no space around."""
    return unicodedata.normalize("NFC", cell).strip(" \u00a0\u200b\ufeff")[:MAX_CELL]
