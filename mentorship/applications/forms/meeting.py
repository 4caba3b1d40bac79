"""The screens about meeting (times, ways, languages) and about shared experiences."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mentorship.applications.forms.base import SectionForm
from mentorship.applications.sections import tags_to_choose
from mentorship.people.meeting import LANGUAGES, MODES, SLOTS
from mentorship.people.slots import SlotGrid


class TimesField(forms.MultipleChoiceField):
    """Asked of everybody; those whose schedule rotates may leave it empty, which the form checks."""

    def validate(self, value: list[str]) -> None:
        if value:
            super().validate(value)


class MeetingForm(SectionForm):
    """When and how somebody can meet. No mode or language ticked means that any will do."""

    section = "meeting"

    slots = TimesField(
        label=_("When could you usually meet?"),
        help_text=_("Tick every time that works in a usual week."),
        widget=SlotGrid,
        choices=[(slot, slot) for slot in SLOTS],
    )
    schedule_rotates = forms.BooleanField(
        label=_("My schedule rotates"),
        help_text=_("Then tick what works most weeks, or nothing."),
        required=False,
    )
    modes = forms.MultipleChoiceField(
        label=_("How would you like to meet?"),
        help_text=_("Tick nothing if any way will do."),
        widget=forms.CheckboxSelectMultiple,
        choices=list(MODES.items()),
        required=False,
    )
    languages = forms.MultipleChoiceField(
        label=_("In which languages?"),
        help_text=_("Tick nothing if any will do."),
        widget=forms.CheckboxSelectMultiple,
        choices=list(LANGUAGES.items()),
        required=False,
    )

    def stored(self) -> dict[str, Any]:
        application = self.application
        return {name: getattr(application, name) for name in ("slots", "schedule_rotates", "modes", "languages")}

    def demand(self) -> None:
        if self.cleaned_data.get("slots") == [] and not self.cleaned_data.get("schedule_rotates"):
            self.add_error("slots", _("Tick at least one time, or say that your schedule rotates."))


class ExperiencesForm(SectionForm):
    """Experiences that people choose openly; a match may share them."""

    section = "experiences"

    tags = forms.MultipleChoiceField(
        label=_("Which of these are part of your story?"),
        help_text=_("Tick as many as you like, or none."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["tags"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(tag.pk), str(tag)) for tag in tags_to_choose()]

    def stored(self) -> dict[str, Any]:
        return {"tags": [str(tag.pk) for tag in self.application.tags.all()]}
