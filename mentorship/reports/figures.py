"""The figures of a report: each a value with its n and its definition, or the words that say why there is none."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from mentorship.common.numbers import count, hours, percent
from mentorship.common.small_groups import shown_groups, shown_rows
from mentorship.learning.figures import TrainingFigures
from mentorship.partnerships.models import Membership
from mentorship.reports.counting import Counts
from surveys.anonymity import SMALLEST
from surveys.reading import Results

FUNNEL = ("applied", "eligible", "matched", "announced", "met", "completed")
SIDE_BY_SIDE = (
    "people", "work_units", "person_hours", "meeting_hours", "meetings_per_pair",
    "agreement_percent", "response_rate",
)  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """One figure. `value` is None where there is none to show; `absent` then says why.

    `n` is what it is counted over, as the definition says; None where there is nothing to count.
    """

    key: str
    label: str
    value: float | None
    n: int | None
    definition: str
    unit: str = ""
    absent: str = ""

    @property
    def text(self) -> str:
        """The value as the reader writes it, or why there is none."""
        if self.value is None:
            return self.absent
        return percent(int(self.value)) if self.unit == "percent" else count(self.value)

    @property
    def n_text(self) -> str:
        return "–" if self.n is None else count(self.n)

    def to_dict(self) -> dict[str, Any]:
        return {"value": self.value, "n": self.n, "definition": self.definition}


def of_people(counts: Counts) -> list[Figure]:
    """How many took part, from how many units."""
    return [
        Figure(
            "people",
            _("people"),
            counts.announced,
            counts.announced,
            _("Everybody who was told of a match, each counted once; those who left early are counted too."),
        ),
        Figure(
            "work_units",
            _("work units"),
            counts.work_units,
            counts.with_unit,
            _("Different work units (a department at a location) of these people, as their work details stand now; "
              "n: people whose unit is known."),
        ),
    ]  # fmt: skip


def of_funnel(counts: Counts) -> list[Figure]:
    """How many came how far, from the application to the end."""
    words = {
        "applied": (
            _("sent an application"),
            _("People who sent an application, those who withdrew later included."),
        ),
        "eligible": (
            _("were eligible"),
            _("People whose application is found eligible, and those who were matched and withdrew later."),
        ),
        "matched": (
            _("were matched"),
            _("People in a match that was approved and neither declined nor taken back."),
        ),
        "announced": (_("were told"), _("People who were told of a match.")),
        "met": (_("came to a meeting"), _("People who were present at one logged meeting at least.")),
        "completed": (
            _("completed their season"),
            _("People whose pair or circle was completed, early completion included."),
        ),
    }
    of_all = _("n: people who applied.")
    return [
        Figure(key, words[key][0], getattr(counts, key), counts.applied, f"{words[key][1]} {of_all}")
        for key in FUNNEL
    ]


def of_hours(counts: Counts, *, months: int, days: int) -> list[Figure]:
    """How long they met, and over how long."""
    none = _("no meetings logged")
    met = bool(counts.meetings)
    return [
        Figure(
            "person_hours",
            _("hours, counted per person"),
            hours(counts.person_minutes) if met else None,
            counts.met,
            _("The length of each meeting that took place, times the people who were present; "
              "n: people who were present at one meeting at least."),
            absent=none,
        ),
        Figure(
            "meeting_hours",
            _("hours of meetings"),
            hours(counts.meeting_minutes) if met else None,
            counts.meetings,
            _("The length of each meeting that took place, added up; n: meetings that took place."),
            absent=none,
        ),
        Figure(
            "meetings",
            _("meetings"),
            counts.meetings,
            counts.meetings,
            _("Meetings that were logged as having taken place."),
        ),
        Figure(
            "meetings_per_pair",
            _("meetings a pair"),
            counts.meetings_per_pair,
            counts.pairs,
            _("The median: half of the announced pairs met at least so often. Pairs that never met are counted; "
              "n: announced pairs."),
            absent=_("no pairs"),
        ),
        Figure(
            "months",
            _("months"),
            months,
            days,
            _("From the first to the last day for meetings, in whole months; n: days."),
        ),
    ]  # fmt: skip


def of_training(training: Iterable[TrainingFigures]) -> Figure:
    """How many finished their training; people with two roles are counted in each."""
    rows = [row for row in training if row.steps]
    people = sum(row.people for row in rows)
    return Figure(
        "training_finished",
        _("finished their training"),
        sum(row.finished for row in rows) if people else None,
        people,
        _("People who have read every text of the path for their role; n: people whose role has a path, counted once "
          "in each role."),
        absent=_("no training"),
    )  # fmt: skip


@dataclass(frozen=True)
class TrainingRow:
    """One role; `began` and `finished` are None where they would tell of fewer than five people."""

    role: str
    name: str
    people: int
    began: int | None
    finished: int | None


def training_rows(training: Iterable[TrainingFigures]) -> list[TrainingRow]:
    """Each role whose group may be shown, and how far it has come where that tells of no small group.

    Those who finished and the others are two groups of a role, whose totals are published too; how many began parts
    the others in two. The only role there is, is that total itself.
    """
    rows = {row.role: row for row in training if row.steps}
    sizes = {role: row.people for role, row in rows.items()}
    named = shown_groups(sizes) if len(rows) > 1 else set(rows)
    finished = begun = named
    if len(rows) > 1:
        finished = shown_rows({role: [row.finished, row.people - row.finished] for role, row in rows.items()}, named)
        begun = shown_rows({role: _stages(row) for role, row in rows.items()}, finished)
    return [
        TrainingRow(
            role,
            str(Membership.Role(role).label),
            row.people,
            row.began if role in begun else None,
            row.finished if role in finished else None,
        )
        for role, row in rows.items()
        if role in named
    ]


def _stages(row: TrainingFigures) -> list[int]:
    """How many of a role have finished, are on their way, haven't begun."""
    return [row.finished, row.began - row.finished, row.people - row.began]


def of_survey(results: Results | None) -> list[Figure]:
    """What the survey says: nothing at all until it is published."""
    unpublished = _("not published yet")
    growth = results.growth if results else None
    hidden = unpublished
    if results is not None:
        few = results.submitted < SMALLEST
        hidden = _("fewer than five people answered") if few else _("hidden (small group)")
    return [
        Figure(
            "agreement_percent",
            _("agreed that it helped them grow"),
            growth.percent if growth else None,
            growth.n if growth else None,
            _("Those who agree or strongly agree that the programme positively influenced their growth, out of all "
              "who gave an answer from 1 to 5, as a whole per cent; n: such answers. Fewer than five are not shown."),
            unit="percent",
            absent=hidden,
        ),
        Figure(
            "response_rate",
            _("answered the survey"),
            results.response_percent if results else None,
            results.invited if results else None,
            _("Answers that were sent, out of everybody who was told of a match, as a whole per cent; n: invited."),
            unit="percent",
            absent=_("nobody was invited") if results else unpublished,
        ),
        Figure(
            "comments",
            _("published comments"),
            len(results.comments) if results else None,
            results.submitted if results else None,
            _("Comments whose writers agreed to see them published and that a coordinator read and published; "
              "n: people who answered the survey."),
            absent=unpublished,
        ),
    ]  # fmt: skip
