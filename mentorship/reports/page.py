"""What the report's page shows beside the figures: the one next step of its reader, and the charts' measures."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from mentorship.reports.report import Report
from mentorship.reports.tables import funnel_table, month_table, role_table, scale_words, training_table
from mentorship.seasons.states import Phase
from surveys.anonymity import SMALLEST
from surveys.home import survey_url
from surveys.tables import StatementRow, comment_groups


@dataclass(frozen=True)
class NextStep:
    """The one button of the page, with the sentence above it."""

    text: str
    label: str
    url: str
    clones: bool = False


def next_step(user: Any, report: Report, stage: Phase) -> NextStep | None:
    """What a coordinator does with the season from here; None where nothing waits and for everybody else."""
    if not user.has_role("coordinator"):
        return None
    season = report.season
    if stage == Phase.ARCHIVED:
        return NextStep(
            _("The season is archived. The next one can start from its rules, texts and dates."),
            _("New season like this one"),
            reverse("admin:seasons_season_clone", args=[season.pk]),
            clones=True,
        )
    if report.over and report.survey is None:
        return NextStep(
            _("The report says nothing of what people thought until the survey's results are published."),
            _("Go to the survey"),
            survey_url(season),
        )
    if stage == Phase.CLOSED:
        return NextStep(
            _("The report is complete. Archiving ends the season and deletes what people wrote in confidence."),
            _("Archive the season"),
            reverse("admin:seasons_season_archive", args=[season.pk]),
        )
    return None


def page_of(user: Any, report: Report, stage: Phase) -> dict[str, Any]:
    """The context of the report's page."""
    left, right = reach_of(report.statements)
    months = month_table(report)
    return {
        "report": report,
        "figures": report.figures,
        "next": next_step(user, report, stage),
        "clone": user.has_role("coordinator") and stage in {Phase.CLOSED, Phase.ARCHIVED},
        "charts": [
            table for table in (funnel_table(report), role_table(report), training_table(report)) if table.rows
        ],
        "months": months,
        "months_hidden": any(None in row for row in months.rows),
        "few_answers": report.survey is not None and report.survey.submitted < SMALLEST,
        "scale": list(enumerate(scale_words(), start=1)),
        "statements": report.statements,
        "reach_left": left,
        "reach_right": right,
        "comments": comment_groups(report.survey) if report.survey else [],
    }


def reach_of(statements: list[StatementRow]) -> tuple[float, float]:
    """How far the longest bars reach to both sides of the line, in per cent of the answers; at least 5 each."""
    left = right = 5.0
    for row in statements:
        if total := sum(row.points):
            middle = row.points[2] / 2
            left = max(left, 100 * (row.points[0] + row.points[1] + middle) / total)
            right = max(right, 100 * (row.points[3] + row.points[4] + middle) / total)
    return left, right
