"""What a season's report costs with many participants: its figures, its page and its files."""

import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from mentorship.learning.models import Completion, Resource
from mentorship.partnerships.models import Membership
from mentorship.people.models import User
from mentorship.portal.benchmarks.counting import Cost, cost_of
from mentorship.portal.benchmarks.crowd import BATCH, Crowd, count_rows
from mentorship.portal.demo.answers import draw_answers, marks_of_growth
from mentorship.portal.demo.seasons import Stage, season_at
from mentorship.reports.exports import to_csv, to_pdf, to_xlsx
from mentorship.reports.page import page_of
from mentorship.reports.report import report_of
from mentorship.seasons.models import Season
from mentorship.seasons.phases import closes_at
from mentorship.seasons.states import Phase
from surveys.asking import questions_for
from surveys.models import Response, Ticket, Wave
from surveys.services import close_wave, open_wave, publish_release

SIZES = (67, 1_000, 10_000)
DAY = timedelta(days=1)
MEETINGS_A_PAIR = 6

ANSWERING = 0.8
# The survey asks a few things of one role alone.
ROLES = ("mentee", "mentor")


@dataclass(frozen=True)
class ReportFigures:
    """`report` are the figures and tables, `page` what is made of them for the screen, the others the files."""

    participants: int
    report: Cost
    page: Cost
    pdf: Cost
    csv: Cost
    xlsx: Cost

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def measure_report(*, participants: int, by: User, now: datetime) -> ReportFigures:
    """Build a closed season of so many people in one transaction, ask for its report, and roll all of it back."""
    with transaction.atomic():
        season = _build(participants, by, now)
        # What is looked up once in the life of a process isn't the report's.
        report = report_of(season, now)
        page_of(by, report, Phase.CLOSED)
        figures = ReportFigures(
            participants=report.counts.announced,
            report=cost_of(lambda: report_of(season, now).to_dict()),
            page=cost_of(lambda: page_of(by, report_of(season, now), Phase.CLOSED)),
            pdf=cost_of(lambda: to_pdf(report_of(season, now), now)),
            csv=cost_of(lambda: to_csv(report_of(season, now))),
            xlsx=cost_of(lambda: to_xlsx(report_of(season, now))),
        )
        transaction.set_rollback(True)
    return figures


def _build(participants: int, by: User, now: datetime) -> Season:
    """Pairs that met once a month and read a text, and a survey that is published; an odd number is made even."""
    season = season_at(Stage.CLOSED, "Report", "Report", by, now)
    begun = closes_at(season) + DAY
    season.announced_at = begun
    season.save(update_fields=["announced_at"])
    crowd = Crowd(season, by, begun, "completed")
    held = [begun + (14 + 28 * n) * DAY for n in range(MEETINGS_A_PAIR)]
    text = Resource.objects.in_use().order_by("slug").first()
    for batch in crowd.pairs((participants + 1) // 2, lambda place: held[-1]):
        for starts_at in held:
            crowd.meet(((pair, starts_at) for pair in batch), held=True, planned_on=begun)
        if text is not None:
            Completion.objects.bulk_create(
                Completion(person=member.person, resource=text, season=season, completed_at=begun)
                for pair in batch
                for member in pair.members
            )
    count_rows()
    _publish(season, by, now)
    count_rows()
    return season


def _publish(season: Season, by: User, now: datetime) -> None:
    wave = open_wave(season=season, by=by, now=now - 40 * DAY)
    answering = list(Membership.objects.filter(season=season).order_by("person__employee_number"))
    answering = answering[: int(len(answering) * ANSWERING)]
    rng = random.Random(str(len(answering)))  # noqa: S311 - believable, not secret
    questions = {role: questions_for(wave, role) for role in ROLES}
    growth: Sequence[int | str] = marks_of_growth(len(answering), rng)
    Response.objects.bulk_create(
        (
            Response(wave=wave, role=member.role, answers=draw_answers(questions[member.role], mark, rng))
            for member, mark in zip(answering, growth, strict=True)
        ),
        batch_size=BATCH,
    )
    people = [member.person_id for member in answering]
    Ticket.objects.filter(wave=wave, person__in=people).update(answered=True)
    wave = close_wave(wave=Wave.objects.get(pk=wave.pk), by=by, now=now - 10 * DAY)
    publish_release(wave=wave, by=by, now=now - 9 * DAY)
