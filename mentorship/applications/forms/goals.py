"""The screens about goals: which ones, and how much each matters (or, for mentors, which they are strong in)."""

from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from mentorship.applications.forms.base import SectionForm
from mentorship.applications.models import ApplicationGoal
from mentorship.applications.sections import (
    MENTOR,
    MOST_OFFERED,
    MOST_STARRED,
    fewest_goals,
    goals_to_choose,
)
from mentorship.seasons.models import Goal

IMPORTANCE = [(3, _("Most")), (2, _("A lot")), (1, _("A little"))]


class GoalsForm(SectionForm):
    """Which goals somebody wants to work on, or can help with."""

    section = "goals"

    goals = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, label=_("Goals"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = goals_to_choose(self.application)
        self.fewest = fewest_goals(self.application, len(self.offered))
        field = self.fields["goals"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = _families(self.offered)
        field.required = self.fewest > 0
        helps = self.application.role == MENTOR
        field.label = _("What could you help a colleague with?") if helps else _("What would you like to work on?")
        field.error_messages["required"] = self._too_few()
        if helps:
            field.help_text = _("Up to %(most)d.") % {"most": MOST_OFFERED}
        elif self.fewest > 1:
            field.help_text = _("Choose %(fewest)d or more.") % {"fewest": self.fewest}

    def stored(self) -> dict[str, Any]:
        return {"goals": [str(row.goal_id) for row in self.application.goals.all()]}

    def demand(self) -> None:
        chosen = self.cleaned_data.get("goals")
        if chosen is not None and len(chosen) < self.fewest:
            self.add_error("goals", self._too_few())

    def clean_goals(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["goals"]
        if self.application.role == MENTOR and len(chosen) > MOST_OFFERED:
            raise forms.ValidationError(
                _("Choose at most %(most)d; you chose %(chosen)d.") % {"most": MOST_OFFERED, "chosen": len(chosen)}
            )
        return chosen

    def _too_few(self) -> str:
        return ngettext("Choose at least one.", "Choose at least %(fewest)d.", self.fewest) % {"fewest": self.fewest}

    @property
    def asked(self) -> int:
        return self.fewest


def _families(goals: list[Goal]) -> list[tuple[str, list[tuple[str, str]]]]:
    by_family = groupby(goals, key=lambda goal: goal.family)
    grouped: dict[str, tuple[str, list[tuple[str, str]]]] = {}
    for family, members in by_family:
        rows = list(members)
        _title, choices = grouped.setdefault(family, (rows[0].family_title, []))
        choices += [(str(goal.pk), str(goal)) for goal in rows]
    return list(grouped.values())


def _chosen(form: SectionForm) -> list[ApplicationGoal]:
    return sorted(form.application.goals.all(), key=lambda row: (row.goal.order, row.goal.slug))


class ImportanceForm(SectionForm):
    """How much each of the chosen goals matters, 1 to 3. Every answer has a default, so none is demanded."""

    section = "goals"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in _chosen(self):
            self.fields[str(row.goal_id)] = forms.TypedChoiceField(
                label=str(row.goal), widget=forms.RadioSelect, choices=IMPORTANCE, coerce=int
            )

    def stored(self) -> dict[str, Any]:
        return {str(row.goal_id): row.weight for row in self.application.goals.all()}

    def clean(self) -> None:
        super().clean()
        self.kept = {"weights": self.kept}

    @property
    def asked(self) -> int:
        return 0


class StrengthsForm(SectionForm):
    """In which of the offered goals a mentor is strong: up to three."""

    section = "goals"

    strong = forms.MultipleChoiceField(
        label=_("Which of these are you strong in?"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = _chosen(self)
        field = self.fields["strong"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(row.goal_id), str(row.goal)) for row in self.rows]
        field.help_text = _("Star up to %(most)d. They count twice when we look for your match.") % {
            "most": MOST_STARRED
        }

    def stored(self) -> dict[str, Any]:
        return {"strong": [str(row.goal_id) for row in self.application.goals.all() if row.weight > 1]}

    def clean_strong(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["strong"]
        if len(chosen) > MOST_STARRED:
            raise forms.ValidationError(
                _("Choose at most %(most)d; you chose %(chosen)d.") % {"most": MOST_STARRED, "chosen": len(chosen)}
            )
        return chosen

    def clean(self) -> None:
        super().clean()
        if "strong" in self.kept:
            strong = set(self.kept["strong"])
            self.kept = {"weights": {str(row.goal_id): 2 if str(row.goal_id) in strong else 1 for row in self.rows}}
