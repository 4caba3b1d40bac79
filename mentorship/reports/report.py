"""A season's report: the figures, the tables beside them and the sentence, gathered in a fixed number of queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from mentorship.common.numbers import hours
from mentorship.learning.figures import TrainingFigures, training_of
from mentorship.partnerships.models import Membership
from mentorship.reports import figures, numbers
from mentorship.reports.counting import Counts, Month, counts_of, months_of, shown_months, shown_roles
from mentorship.reports.figures import Figure, TrainingRow
from mentorship.reports.sentence import headline
from mentorship.seasons.models import Season
from mentorship.seasons.phases import meetings_end_at
from mentorship.seasons.ribbon import month_of
from surveys.models import Release, Wave
from surveys.reading import Results, results
from surveys.tables import StatementRow, statement_rows


@dataclass(frozen=True)
class MonthRow:
    """One month; both hours are None where the group that met is too small."""

    name: str
    key: str
    person_hours: float | None
    meeting_hours: float | None


@dataclass(frozen=True)
class Summary:
    """What seasons are compared by: the headline figures of one season, and its sentence."""

    season: Season
    over: bool
    counts: Counts
    survey: Results | None

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """Every figure by its key, in the order of the report."""
        _month, months = month_of(self.season, self.season.ends_on)
        days = (self.season.ends_on - self.season.starts_on).days + 1
        found = [
            *figures.of_people(self.counts),
            *figures.of_hours(self.counts, months=months, days=days),
            *figures.of_survey(self.survey),
            *figures.of_funnel(self.counts),
        ]
        return {figure.key: figure for figure in found}

    @property
    def headline(self) -> str:
        agreed = self.figures["agreement_percent"].value
        return headline(
            self.counts,
            months=int(self.figures["months"].value or 1),
            over=self.over,
            agreement=None if agreed is None else int(agreed),
        )

    @property
    def side_by_side(self) -> list[Figure]:
        return [self.figures[key] for key in figures.SIDE_BY_SIDE]


@dataclass(frozen=True)
class Report(Summary):
    """One season's whole report."""

    months: Sequence[Month]
    training: Sequence[TrainingFigures]

    @cached_property
    def figures(self) -> dict[str, Figure]:
        training = figures.of_training(self.training)
        return super().figures | {training.key: training}

    @property
    def funnel(self) -> list[Figure]:
        return [self.figures[key] for key in figures.FUNNEL]

    @property
    def roles(self) -> list[tuple[str, int]]:
        """Role and number of people, as far as the groups are large enough."""
        return [(str(Membership.Role(role).label), people) for role, people in self._roles.items()]

    @property
    def month_rows(self) -> list[MonthRow]:
        shown = shown_months(self.months)
        return [
            MonthRow(
                numbers.month(month.first),
                month.first.isoformat()[:7],
                hours(month.person_minutes) if month.first in shown else None,
                hours(month.meeting_minutes) if month.first in shown else None,
            )
            for month in self.months
        ]

    @property
    def training_rows(self) -> list[TrainingRow]:
        return figures.training_rows(self.training)

    @property
    def statements(self) -> list[StatementRow]:
        return statement_rows(self.survey) if self.survey else []

    def to_dict(self) -> dict[str, dict[str, Any]]:
        """Everything by key, each entry with its value, n and definition; for programs."""
        found = {key: figure.to_dict() for key, figure in self.figures.items()}
        survey = self.survey
        return {
            "headline": {
                "value": self.headline,
                "n": self.counts.announced,
                "definition": _("The season in a sentence; n: people."),
            },
            **found,
            "roles": {
                "value": self._roles,
                "n": self.counts.announced,
                "definition": _("People by role; groups that are too small are left out. n: people."),
            },
            "by_month": {
                "value": [
                    {"month": row.key, "person_hours": row.person_hours, "meeting_hours": row.meeting_hours}
                    for row in self.month_rows
                ],
                "n": self.counts.meetings,
                "definition": _("Hours by month, in the season's zone; null where fewer than five people met. "
                                "n: meetings that took place."),
            },
            "training_by_role": {
                "value": {
                    row.role: {"people": row.people, "began": row.began, "finished": row.finished}
                    for row in self.training_rows
                },
                "n": self.figures["training_finished"].n,
                "definition": _("How far each role has come with its path; null where that would tell of fewer than "
                                "five people. n: people whose role has a path, counted once in each role."),
            },
            "statements": {
                "value": [
                    {"statement": row.title, "agreement_percent": row.percent, "n": row.n, "points": row.points}
                    for row in self.statements
                ],
                "n": survey.submitted if survey else None,
                "definition": survey.definition("agreement") if survey else _("not published yet"),
            },
        }  # fmt: skip

    @property
    def _roles(self) -> dict[str, int]:
        return shown_roles(self.counts.roles)


def report_of(season: Season, now: datetime) -> Report:
    """Gather one season's report as it stands at `now`."""
    return Report(
        season=season,
        over=is_over(season, now),
        counts=counts_of([season])[season.pk],
        survey=results(season),
        months=months_of(season),
        training=training_of(season),
    )


def summaries_of(seasons: Iterable[Season], now: datetime) -> list[Summary]:
    """The figures of several seasons in their order; as many queries as for one."""
    seasons = list(seasons)
    counts = counts_of(seasons)
    releases = {
        release.wave.season_id: Results(release.wave, release.figures, release.published_at, [])
        for release in Release.objects.filter(
            wave__season__in=seasons, wave__kind=Wave.Kind.END_OF_SEASON
        ).select_related("wave")
    }
    return [Summary(season, is_over(season, now), counts[season.pk], releases.get(season.pk)) for season in seasons]


def is_over(season: Season, now: datetime) -> bool:
    """Whether the last day for meetings is behind us, or the season is archived."""
    return now >= meetings_end_at(season) or bool(season.archived_at and season.archived_at <= now)
