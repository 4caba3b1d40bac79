"""The files: they open, hold the report's figures, can be read aloud, and run nothing."""

import csv
from io import BytesIO, StringIO

import pytest
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook

from mentorship.reports.exports import to_csv, to_pdf, to_xlsx
from mentorship.reports.report import report_of
from surveys.models import Comment
from surveys.services import release_comment
from tests.factories import UserFactory
from tests.reports.cast import CLOSED, meet_all, over, publish, reported, survey

pytestmark = pytest.mark.django_db
FORMULAS = ("=1+1", "+1", "-cmd|' /C calc'!A0", "@SUM(A1)", "\t=1+1", "\r=1+1")


@pytest.fixture
def season(coordinator):
    """Its published comments begin as formulas do."""
    found = over()
    meet_all(found)
    wave = survey(found, coordinator, [5] * 12, comment_helped="Words.", consent_helped="anonymous")
    publish(wave, coordinator)
    for comment, words in zip(wave.comments.order_by("pk"), FORMULAS, strict=False):
        Comment.objects.filter(pk=comment.pk).update(text=words)
        release_comment(comment=comment, by=coordinator, now=CLOSED)
    return found


def rows_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(data.decode("utf-8-sig"))))


def test_the_csv_holds_every_figure_with_n_and_definition(season):
    report = report_of(season, CLOSED)
    first, *rows = rows_of(to_csv(report))
    assert first == ["Part", "What", "Value", "n", "Definition"]
    figures = {row[1]: row[2:] for row in rows if row[0] == "Figures"}
    assert figures["people"][:2] == ["12", "12"]
    assert figures["hours, counted per person"][:2] == ["15.8", "12"]
    assert figures["agreed that it helped them grow"][:2] == ["100", "12"]
    assert len(figures) == len(report.figures)
    assert ["Hours by month", "July 2026 · Hours, counted per person", "12"] in [row[:3] for row in rows]


def test_no_text_of_the_csv_begins_as_a_formula(season):
    comments = [row[2] for row in rows_of(to_csv(report_of(season, CLOSED))) if row[0] == "Comments"]
    assert sorted(comments) == ["'+1", "'-cmd\\|' /C calc'!A0", "'=1+1", "'=1+1", "'=1+1", "'@SUM(A1)"]


def test_control_the_bare_writer_would_let_formulas_through():
    out = StringIO()
    csv.writer(out).writerow(["=1+1"])
    assert out.getvalue().strip() == "=1+1"


def test_the_workbook_opens_with_a_sheet_for_each_table_and_holds_no_formula(season):
    book = load_workbook(BytesIO(to_xlsx(report_of(season, CLOSED))))
    assert book.sheetnames == [
        "Figures", "From application to completion", "People by role", "Hours by month", "What people said",
        "Comments",
    ]  # fmt: skip
    figures = {row[0]: row[1:3] for row in book["Figures"].iter_rows(min_row=2, values_only=True)}
    assert (figures["people"], figures["agreed that it helped them grow"]) == ((12, 12), (100, 12))
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}
    comments = sorted(row[1] for row in book["Comments"].iter_rows(min_row=2, values_only=True))
    assert comments == ["+1", "-cmd|' /C calc'!A0", "=1+1", "=1+1", "=1+1", "@SUM(A1)"]


def test_the_document_is_a_tagged_pdf_that_claims_pdf_ua(season):
    pdf = to_pdf(report_of(season, CLOSED), CLOSED)
    assert pdf[:5] == b"%PDF-"
    assert pdf.rstrip().endswith(b"%%EOF")
    for mark in (b"/StructTreeRoot", b"<pdfuaid:part>1</pdfuaid:part>", b"/Lang", b"/Marked true"):
        assert mark in pdf
    assert b"AtkinsonHyperlegibleNext" in pdf


def test_the_document_is_set_in_spanish_too(season):
    with translation.override("es"):
        pdf = to_pdf(report_of(season, CLOSED), CLOSED)
    assert b"(es)" in pdf
    with translation.override("en"):
        assert b"(es)" not in to_pdf(report_of(season, CLOSED), CLOSED)


def test_what_people_write_is_never_markup(season):
    Comment.objects.filter(state="released").update(text='#panic("run") $x$ *bold* <label> \\ “=”')
    assert to_pdf(report_of(season, CLOSED), CLOSED)[:5] == b"%PDF-"


@pytest.mark.parametrize("pairs", [0, 1, 5])
def test_small_and_empty_seasons_make_files_too(pairs):
    report = report_of(over(pairs=pairs), CLOSED)
    assert to_pdf(report, CLOSED)[:5] == b"%PDF-"
    assert load_workbook(BytesIO(to_xlsx(report))).sheetnames[0] == "Figures"
    assert rows_of(to_csv(report))[0][0] == "Part"


def test_hidden_statements_make_files_too(coordinator):
    report = report_of(reported(coordinator, [5, 5, 5, 1]), CLOSED)
    assert to_pdf(report, CLOSED)[:5] == b"%PDF-"
    assert load_workbook(BytesIO(to_xlsx(report)))["What people said"]["B2"].value == "hidden (small group)"


@pytest.mark.parametrize(
    ("name", "content_type", "begins"),
    [
        ("pdf", "application/pdf", b"%PDF-"),
        ("csv", "text/csv; charset=utf-8", b"\xef\xbb\xbfPart"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
    ],
)
def test_each_file_is_linked_from_the_report_and_downloads(season, sign_in, time_machine, name, content_type, begins):
    time_machine.move_to(CLOSED.replace(microsecond=625903))
    client = sign_in(UserFactory(roles=["leadership"]))
    address = reverse(f"reports:{name}", args=["autumn"])
    assert f'href="{address}"' in client.get(reverse("reports:season", args=["autumn"])).content.decode()
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, content_type)
    assert answer["Content-Disposition"] == f'attachment; filename="autumn-report.{name}"'
    assert answer.content.startswith(begins)
