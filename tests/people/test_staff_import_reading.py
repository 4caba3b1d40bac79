"""Staff lists as HR departments send them: dialects, encodings, headings, dates."""

import contextlib
import io
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from mentorship.people.staff_import.columns import date_order, guess, heading_hash, missing, plain, read_date
from mentorship.people.staff_import.reading import ReadingError, read_sheet

ROWS = "Employee ID{0}First Name{0}Location\r\n1{0}Zoë{0}Ascot\r\n2{0}Noor{0}Venice\r\n"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_every_usual_dialect_reads_the_same(delimiter, encoding):
    sheet = read_sheet(ROWS.format(delimiter).encode(encoding))
    assert sheet.headings == ["Employee ID", "First Name", "Location"]
    assert sheet.lines == [(2, ["1", "Zoë", "Ascot"]), (3, ["2", "Noor", "Venice"])]


def test_a_workbook_reads_as_text_with_iso_dates_and_whole_numbers():
    book = Workbook()
    book.active.append(["Employee ID", "First Name", "Hire Date"])
    book.active.append([100.0, "Zoë", datetime(2020, 5, 4)])  # noqa: DTZ001 - workbooks know no zones
    target = io.BytesIO()
    book.save(target)
    assert read_sheet(target.getvalue()).lines == [(2, ["100", "Zoë", "2020-05-04"])]


def test_a_quoted_line_break_stays_in_its_cell_and_empty_lines_keep_the_numbers_of_the_others():
    sheet = read_sheet(b'id,name\n\n1,"two\nlines"\n,\n2,b\n')
    assert sheet.lines == [(3, ["1", "two\nlines"]), (5, ["2", "b"])]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"id,name\n", "no row"),
        (b"id,ID\n1,2\n", "same heading"),
        (b"PK\x03\x04 not a workbook", "can't be opened"),
        (b"one column only\n1\n", "no headings"),
        (b"\x00\x01\x02,\x00\n\x00,\x00", "neither a CSV nor an XLSX"),
        (b"a,b\n" + b"x" * (10 * 1024 * 1024), "10 MB"),
    ],
)
def test_a_file_that_is_none_says_what_to_do(content, words):
    with pytest.raises(ReadingError, match=words):
        read_sheet(content)


@given(st.binary(max_size=400))
def test_no_bytes_whatever_end_in_anything_but_a_sheet_or_a_clear_error(content):
    with contextlib.suppress(ReadingError):
        assert read_sheet(content).lines


def test_headings_are_told_by_their_usual_names_in_any_order_and_spelling():
    assert guess(["MLS", "HIRE_DATE", "emp. id", "E-Mail Address", "Primer nombre", "Site", "Shoe size"]) == {
        "employee_number": "emp. id",
        "given_name": "Primer nombre",
        "email": "E-Mail Address",
        "location": "Site",
        "service_start": "HIRE_DATE",
        "degree": "MLS",
    }


def test_what_no_heading_tells_is_missing():
    assert [column.key for column in missing(guess(["Employee ID", "Branch"]))] == ["given_name"]


def test_the_order_of_columns_does_not_change_how_a_file_is_remembered():
    assert heading_hash(["A b", "C"]) == heading_hash(["c", "a_B"]) != heading_hash(["a", "c"])
    assert plain("Título de Biblioteconomía") == "titulo de biblioteconomia"


@pytest.mark.parametrize(
    ("values", "order"),
    [
        (["05/20/2020", "01/02/2020"], "mdy"),
        (["20.05.2020", "01.02.2020"], "dmy"),
        (["01/02/2020", "03/04/2020"], ""),
        (["05/20/2020", "20/05/2020"], ""),
        (["2020-05-20"], "mdy"),
        ([], "mdy"),
    ],
)
def test_the_order_of_dates_is_told_by_the_days_over_twelve(values, order):
    assert date_order(values) == order


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("05/20/2020", "mdy", date(2020, 5, 20)),
        ("20/05/2020", "dmy", date(2020, 5, 20)),
        ("2020-05-20", "dmy", date(2020, 5, 20)),
        ("2020-05-20 00:00:00", "mdy", date(2020, 5, 20)),
        ("5/2/98", "mdy", date(1998, 5, 2)),
        ("", "mdy", None),
    ],
)
def test_dates_are_read_as_meant(text, order, day):
    assert read_date(text, order) == day


@pytest.mark.parametrize("text", ["02/30/2020", "yesterday", "20/20/2020", "2020"])
def test_what_is_no_date_is_an_error(text):
    with pytest.raises(ValueError):
        read_date(text, "mdy")
