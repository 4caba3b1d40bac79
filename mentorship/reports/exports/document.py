"""The report as a PDF that screen readers read (PDF/UA-1), set by typst from a template and data passed as JSON."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mentorship.common.numbers import percent
from mentorship.reports.report import Report
from mentorship.reports.tables import Table, funnel_table, month_table, role_table, training_table, written
from mentorship.seasons.phases import WORDS, phase, zone
from surveys.tables import StatementRow, comment_groups

HERE = Path(__file__).parent
FONTS = HERE.parent / "fonts"
TEMPLATE = HERE / "report.typ"
HEADLINE_FIGURES = ("people", "work_units", "person_hours", "agreement_percent")


def to_pdf(report: Report, now: datetime) -> bytes:
    """Set the report in the reader's language. What people wrote is data to typst, never markup."""
    return typst.compile(
        TEMPLATE,
        root=HERE,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards="ua-1",
        timestamp=now.replace(microsecond=0),
        sys_inputs={"data": json.dumps(_data(report, now), ensure_ascii=False)},
    )


def _data(report: Report, now: datetime) -> dict[str, Any]:
    day = formats.date_format(now.astimezone(zone(report.season)), "DATE_FORMAT")
    tables = [funnel_table(report), role_table(report), month_table(report), training_table(report)]
    return {
        "lang": (get_language() or "en")[:2],
        "library": settings.LIBRARY_NAME,
        "season": str(report.season),
        "title": _("Report: %(season)s") % {"season": report.season},
        "as_of": _("%(phase)s · as of %(day)s") % {"phase": WORDS[phase(report.season, now)], "day": day},
        "page": _("Page"),
        "headline": report.headline,
        "figures": [
            {"value": figure.text, "label": figure.label, "n": figure.n_text if figure.n is not None else ""}
            for figure in (report.figures[key] for key in HEADLINE_FIGURES)
        ],
        "tables": [_table(table) for table in tables if table.rows],
        "survey": _survey(report),
        "definitions_title": _("How each figure is counted"),
        "definitions_columns": [_("Figure"), _("Value"), "n", _("Definition")],
        "definitions": [
            [figure.label, figure.text, figure.n_text, figure.definition] for figure in report.figures.values()
        ],
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "title": table.title,
        "note": table.note,
        "columns": list(table.columns),
        "rows": [[written(cell) for cell in row] for row in table.rows],
        "bars": list(table.bars),
    }


def _survey(report: Report) -> dict[str, Any]:
    """What people said; without statements where nothing is published."""
    survey = report.survey
    return {
        "title": _("What people said"),
        "absent": "" if survey else _("The survey's results are not published yet."),
        "columns": [_("Statement"), _("From strongly disagree to strongly agree"), _("Agreement"), "n"],
        "rows": [_statement(row) for row in report.statements],
        "note": _("Left of the line: disagree; right: agree; the middle answer lies across it. Groups under five are "
                  "never shown."),
        "comments_title": _("In their own words"),
        "comments": [
            {"question": title, "texts": [{"text": row.text, "role": row.role} for row in rows]}
            for title, rows in (comment_groups(survey) if survey else [])
        ],
    }  # fmt: skip


def _statement(row: StatementRow) -> dict[str, Any]:
    return {
        "title": row.title,
        "points": row.points,
        "agreement": _("hidden (small group)") if row.percent is None else percent(row.percent),
        "n": "–" if row.percent is None else written(row.n),
    }
