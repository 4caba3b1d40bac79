"""Texts, their self-check and paths as coordinators edit them."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentorship.learning.checking import problem_with_check
from mentorship.learning.models import TEXTS, LearnerRole, Path, PathStep, Resource, SelfCheckQuestion
from mentorship.questionnaires.admin.forms import OptionLines, OptionsField
from mentorship.seasons.models import Season, SeasonTemplate

RESERVED = {"everything"}
TALL = forms.Textarea(attrs={"rows": 18})


class ResourceForm(forms.ModelForm):  # type: ignore[type-arg]
    """A text of the library's own. A new one counts its versions from the first local one."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("For whom"),
        choices=LearnerRole.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("What is for supervisors can be read by everybody on the staff."),
    )

    class Meta:
        model = Resource
        fields = ("slug", *TEXTS, "roles", "active", "goals")
        widgets = {"body_en": TALL, "body_es": TALL}

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if slug in RESERVED:
            raise forms.ValidationError(_("This key is taken by a page."))
        if Resource.objects.filter(slug=slug).exists():
            raise forms.ValidationError(_("There is a text with this key; make a new version of it instead."))
        return slug


class CheckQuestionForm(forms.ModelForm):  # type: ignore[type-arg]
    """One question of a self-check, with its options as lines."""

    options = OptionsField(
        label=gettext_lazy("Options"),
        widget=OptionLines(attrs={"rows": 4}),
        help_text=gettext_lazy("One a line: key | English | Spanish."),
    )

    class Meta:
        model = SelfCheckQuestion
        fields = ("key", "order", "label_en", "label_es", "options", "right", "why_en", "why_es")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and (problem := problem_with_check(cleaned["options"], cleaned["right"])):
            self.add_error("options", problem)
        return cleaned


class PathForm(forms.ModelForm):  # type: ignore[type-arg]
    """For whom a path is: everywhere, in one kind of season, or in one season."""

    class Meta:
        model = Path
        fields = ("role", "template_slug", "season")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "template_slug" in self.fields:
            kinds = [(row.slug, str(row)) for row in SeasonTemplate.objects.newest()]
            self.fields["template_slug"] = forms.ChoiceField(
                label=_("In seasons made from"), required=False, choices=[("", _("any template")), *kinds]
            )


class StepForm(forms.ModelForm):  # type: ignore[type-arg]
    """One step, chosen among the texts in use."""

    class Meta:
        model = PathStep
        fields = ("slug", "order")

    def __init__(self, *args: Any, titles: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            choices = list(titles)
            if self.instance.slug and self.instance.slug not in dict(choices):
                gone = _("%(slug)s (not in use)") % {"slug": self.instance.slug}
                choices.append((self.instance.slug, gone))
            self.fields["slug"] = forms.ChoiceField(label=_("Text"), choices=[("", "---------"), *choices])


class StepFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    """All steps of a path; the texts are read once for all of them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.titles = [(row.slug, str(row)) for row in Resource.objects.in_use().order_by("title_en")]

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {**super().get_form_kwargs(index), "titles": self.titles}


class SeasonChoiceForm(forms.Form):
    """The season that gets a path of its own."""

    season = forms.ModelChoiceField(label=gettext_lazy("In which season?"), queryset=Season.objects.none())

    def __init__(self, *args: Any, seasons: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["season"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = seasons
