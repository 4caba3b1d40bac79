"""Which lines of the workbench are shown: what to look at first, one kind of exception, one work unit, or all."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matching.querysets import DECLINED, FINE, FORBIDDEN, LOW_FIT, NO_MATCH, REJECTED, WITHDREW, ProposalQuerySet

FIRST, ALL, LOW, ALONE, CONFLICT, WAITED = "first", "all", "low", "alone", "conflict", "waited"
LABELS: dict[str, str | Promise] = {
    FIRST: gettext_lazy("Look at first"),
    ALONE: gettext_lazy("No mentor"),
    CONFLICT: gettext_lazy("Conflict"),
    LOW: gettext_lazy("Low fit"),
    WAITED: gettext_lazy("Waited last season"),
    ALL: gettext_lazy("All"),
}
CAPTIONS: dict[str, str | Promise] = {
    FIRST: gettext_lazy("Look at these first"),
    ALONE: gettext_lazy("Mentees without a mentor"),
    CONFLICT: gettext_lazy("Something has changed since"),
    LOW: gettext_lazy("Matches with a low fit"),
    WAITED: gettext_lazy("Left without a mentor last season"),
    ALL: gettext_lazy("All matches"),
}


@dataclass(frozen=True)
class Tab:
    """A filter with the number of its lines."""

    key: str
    label: str
    url: str
    count: int
    current: bool


@dataclass(frozen=True)
class Chosen:
    """What of the workbench is shown: a filter, and perhaps one work unit's mentees alone."""

    show: str = ""
    unit: UUID | None = None

    @property
    def query(self) -> dict[str, str]:
        """The parameters that lead back here."""
        return ({"show": self.show} if self.show else {}) | ({"unit": str(self.unit)} if self.unit else {})

    def url(self, **more: Any) -> str:
        return f"?{urlencode(self.query | more)}"


class UnitForm(forms.Form):
    """Whose mentees are shown; it is read from the query, never bound."""

    use_required_attribute = False

    unit = forms.ChoiceField(label=gettext_lazy("Work unit of the mentee"))

    def __init__(self, *args: Any, units: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [("", _("All units")), *units]  # type: ignore[attr-defined]


def chosen(asked: Any) -> Chosen:
    """What the query asks to be shown; what isn't known is left out."""
    show = asked.get("show", "")
    try:
        unit = UUID(asked.get("unit", ""))
    except ValueError:
        unit = None
    return Chosen(show if show in LABELS else "", unit)


def condition(show: str, waited: set[UUID]) -> Q:
    """Which of the lines of `overview.proposals` a filter shows; `waited` are people who had nobody last season."""
    if show == ALL:
        return Q()
    found = {
        FIRST: Q(attention__lt=FINE),
        LOW: Q(attention=LOW_FIT),
        ALONE: Q(attention__in=[NO_MATCH, WITHDREW, DECLINED, REJECTED]),
        CONFLICT: Q(attention__in=[WITHDREW, DECLINED, FORBIDDEN]),
        WAITED: Q(mentee__applicant__in=waited),
    }
    return found[show] & Q(barred=False)


def tabs(rows: ProposalQuerySet, now_shown: str, waited: set[UUID], unit: UUID | None) -> list[Tab]:
    """Every filter that has lines, and the one that is shown, each with its count; one query."""
    counts: dict[str, int] = rows.aggregate(
        **{key: Count("pk", filter=condition(key, waited) & Q(pk__isnull=False)) for key in LABELS}
    )
    return [
        Tab(key, str(label), Chosen(key, unit).url(), counts[key], key == now_shown)
        for key, label in LABELS.items()
        if counts[key] or key in {now_shown, ALL}
    ]


def units(rows: ProposalQuerySet) -> list[tuple[str, str]]:
    """The work units of these lines' mentees, each with its number of lines, by name."""
    unit = "mentee__applicant__profile__unit"
    counts = (
        rows.filter(barred=False, **{f"{unit}__isnull": False})
        .order_by()
        .values(unit, f"{unit}__location", f"{unit}__department")
        .annotate(lines=Count("pk"))
    )
    found = [
        (str(row[unit]), _unit(row[f"{unit}__location"], row[f"{unit}__department"], row["lines"])) for row in counts
    ]
    return sorted(found, key=lambda each: each[1])


def of_unit(rows: ProposalQuerySet, unit: UUID | None) -> ProposalQuerySet:
    """The lines of one unit's mentees; none of them is another coordinator's."""
    if unit is None:
        return rows
    found: ProposalQuerySet = rows.filter(barred=False, mentee__applicant__profile__unit=unit)
    return found


def _unit(location: str, department: str, count: int) -> str:
    name = f"{location} · {department}" if department else location
    return _("%(unit)s (%(n)d)") % {"unit": name, "n": count}
