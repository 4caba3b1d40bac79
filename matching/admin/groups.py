"""How a season's matches fall on groups of people: by role, kind of unit and years here, as far as that may be shown.

Groups under five are never shown by themselves; together with what else has to be hidden beside them they are one
line, of at least five people, so that subtraction leads to nobody. A median is shown where the same holds for those
who have a match.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from matching.models import MatchRun
from matching.querysets import Median, ProposalQuerySet, is_good
from mentorship.applications.models import Application
from mentorship.common.small_groups import shown_groups
from mentorship.people.models import UnitKind
from mentorship.people.tenure import Tenure, tenure_in_sql
from mentorship.seasons.phases import today

PROFILE = "mentee__applicant__profile"


@dataclass(frozen=True)
class Group:
    """Some people of one kind; `median` is the goal fit of those with a match, None where it is hidden."""

    label: str
    people: int
    matched: int
    median: int | None

    @property
    def percent(self) -> int:
        return (200 * self.matched + self.people) // (2 * self.people)


@dataclass(frozen=True)
class Breakdown:
    """One way to look at everybody; without groups all of them are too small."""

    key: str
    title: str
    groups: list[Group]


@dataclass(frozen=True)
class _Count:
    people: int
    matched: int
    median: int | None


def breakdowns(run: MatchRun, rows: ProposalQuerySet, user: Any, now: Any) -> list[Breakdown]:
    """The three breakdowns of `rows`, those of `overview.proposals` that concern others; four queries."""
    theirs = rows.filter(barred=False).order_by()
    kinds = {kind.slug: str(kind) for kind in UnitKind.objects.all()}
    tenure = {band.value: str(band.label) for band in Tenure}
    return [
        _breakdown("role", _("By role"), _roles(run, theirs, user), _role_words()),
        _breakdown("kind", _("Mentees by kind of unit"), _by(theirs, f"{PROFILE}__unit__kind__slug"), kinds),
        _breakdown("tenure", _("Mentees by years here"), _by_tenure(theirs, today(run.season, now)), tenure),
    ]


def _role_words() -> dict[str, str]:
    return {"mentee": _("Mentees with a mentor"), "mentor": _("Mentors with a mentee")}


def _roles(run: MatchRun, theirs: ProposalQuerySet, user: Any) -> dict[str, _Count]:
    good = is_good()
    found = theirs.aggregate(
        people=Count("pk"),
        matched=Count("pk", filter=good),
        mentors=Count("mentor", filter=good, distinct=True),
        median=Median("fit", filter=good),
    )
    pool = Application.objects.screenable_by(user).matchable().filter(season=run.season_id, role="mentor").count()
    return {
        "mentee": _Count(found["people"], found["matched"], found["median"]),
        "mentor": _Count(max(pool, found["mentors"]), found["mentors"], found["median"]),
    }


def _by(theirs: ProposalQuerySet, attribute: str) -> dict[str, _Count]:
    good = is_good()
    counted = theirs.values_list(attribute).annotate(
        people=Count("pk"), matched=Count("pk", filter=good), median=Median("fit", filter=good)
    )
    return {key or "": _Count(people, matched, median) for key, people, matched, median in counted}


def _by_tenure(theirs: ProposalQuerySet, day: date) -> dict[str, _Count]:
    return _by(theirs.annotate(band=tenure_in_sql(f"{PROFILE}__service_start", day)), "band")


def _breakdown(key: str, title: str, counts: Mapping[str, _Count], labels: Mapping[str, str]) -> Breakdown:
    shown = shown_groups({name: count.people for name, count in counts.items()})
    told = {name: count for name, count in counts.items() if name in shown}
    rest = [count for name, count in counts.items() if name not in shown]
    with_median = shown_groups({name: count.matched for name, count in counts.items()}) & shown
    groups = [
        Group(label, told[name].people, told[name].matched, told[name].median if name in with_median else None)
        for name, label in labels.items()
        if name in told
    ]
    if groups and (people := sum(count.people for count in rest)):
        groups.append(Group(_("All others together"), people, sum(count.matched for count in rest), None))
    return Breakdown(key, title, groups)
