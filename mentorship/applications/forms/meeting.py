"""The screens about meeting (times, ways, languages) and about shared experiences."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mentorship.applications.forms.base import SectionForm
from mentorship.applications.sections import tags_to_choose
from mentorship.people.meeting import DAYS, LANGUAGES, MODES, PARTS, SLOTS


class MeetingForm(SectionForm):
    """When and how somebody can meet. No mode or language ticked means that any will do."""

    section = "meeting"

    slots = forms.MultipleChoiceField(
        label=_("When could you usually meet?"),
        help_text=_("Tick every time that works in a usual week."),
        widget=forms.CheckboxSelectMultiple,
        choices=[(slot, slot) for slot in SLOTS],
        required=False,
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

    def week(self) -> list[dict[str, Any]]:
        """Return the times as a table: a row for each day, a box for each part of it, numbered as Django would."""
        chosen = {str(slot) for slot in self["slots"].value() or []}
        return [
            {
                "day": day_words,
                "slots": [
                    {
                        "value": f"{day}-{part}",
                        "words": part_words,
                        "id": f"{self['slots'].auto_id}_{SLOTS.index(f'{day}-{part}')}",
                        "checked": f"{day}-{part}" in chosen,
                    }
                    for part, part_words in PARTS.items()
                ],
            }
            for day, day_words in DAYS.items()
        ]

    @property
    def parts_of_day(self) -> list[Any]:
        return list(PARTS.values())

    def demand(self) -> None:
        if self.cleaned_data.get("slots") == [] and not self.cleaned_data.get("schedule_rotates"):
            self.add_error("slots", _("Tick at least one time, or say that your schedule rotates."))

    @property
    def asked(self) -> int:
        return 1


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
