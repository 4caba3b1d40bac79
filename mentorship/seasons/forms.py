"""The coordinator's forms for seasons: a new one with few inputs, all of one, a rule, the identity switch."""

import zoneinfo
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from mentorship.common.bilingual import localized
from mentorship.common.forms import DAYS, Choice
from mentorship.seasons import services
from mentorship.seasons.eligibility import KINDS
from mentorship.seasons.models import EligibilityRule, Season, SeasonTemplate
from mentorship.seasons.working_hours import monday_of


class DayInput(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


def zones() -> list[tuple[str, str]]:
    """Return the time zones of places, in order."""
    return [(name, name) for name in sorted(zoneinfo.available_timezones()) if "/" in name and "Etc/" not in name]


class NewSeasonForm(forms.Form):
    """What has to be said of a season that starts from something: its name and its opening day."""

    name_en = forms.CharField(label=_("Name in English"), max_length=120, help_text=_("For example: Spring 2027"))
    name_es = forms.CharField(label=_("Name in Spanish"), max_length=120, required=False)
    opens_on = forms.DateField(
        label=_("Applications open on"),
        widget=DayInput,
        validators=DAYS,
        help_text=_("A Monday works best. Every later date follows from it, and you can change each one afterwards."),
    )


class TemplateForm(NewSeasonForm):
    """A new season from a template."""

    template = forms.ChoiceField(label=_("What kind of season is it?"), widget=forms.RadioSelect)
    field_order = ("template", "name_en", "name_es", "opens_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        templates = SeasonTemplate.objects.newest()
        choices = [(row.slug, Choice(localized(row, "title"), localized(row, "summary"))) for row in templates]
        field = self.fields["template"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
        if choices:
            field.initial = choices[-1][0]


class IdentityForm(forms.Form):
    """The note without which matching on identities isn't switched on."""

    note = forms.CharField(
        label=_("Who reviewed this, when, and what they said"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("It is kept with the season, and the review ends with it."),
    )


class SeasonForm(forms.ModelForm):  # type: ignore[type-arg]
    """Everything of a season that coordinators edit; the admin says which fields, and sets `now` for each request.

    `words` are what each matching setting does and did (`settings_words.words_of`).
    """

    now: datetime
    words: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "zone" in self.fields:
            self.fields["zone"] = forms.ChoiceField(label=_("Time zone"), choices=zones())
        for field in self.fields.values():
            if isinstance(field, forms.DateField):
                field.validators = [*field.validators, *DAYS]
        for name in self.words.keys() & self.fields.keys():
            self.fields[name].help_text = self.words[name]

    def clean_blackout_weeks(self) -> Any:
        """Whatever day of a week was written, its Monday is kept."""
        return sorted({monday_of(day) for day in self.cleaned_data["blackout_weeks"] or []})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and (problem := services.problem_with(self.instance, self.changes(), self.now)):
            raise forms.ValidationError(problem)
        return cleaned

    def changes(self) -> dict[str, Any]:
        """Return the changed columns; the goals, which are rows of their own, are left out."""
        columns = {field.name for field in Season._meta.concrete_fields}
        return {name: self.cleaned_data[name] for name in self.changed_data if name in columns}


class EligibilityRuleForm(forms.ModelForm):  # type: ignore[type-arg]
    """A rule by its name, with a value where it takes one."""

    class Meta:
        model = EligibilityRule
        fields = ("role", "kind", "value", "wording_en", "wording_es", "order")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "kind" in self.fields:
            kinds = [("", "---------"), *((key, kind.title) for key, kind in KINDS.items())]
            self.fields["kind"] = forms.ChoiceField(label=_("Rule"), choices=kinds)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        kind = KINDS.get(cleaned.get("kind", ""))
        if kind is not None and kind.needs_value and cleaned.get("value") is None:
            self.add_error("value", _("This rule needs a number."))
        if kind is not None and not kind.needs_value:
            cleaned["value"] = None
        return cleaned
