"""The screen with what the library knows of a person's work."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mentorship.applications.forms.base import SectionForm
from mentorship.seasons.models import ParticipationRole

RIGHT, WRONG = "right", "wrong"


class WorkForm(SectionForm):
    """Are the HR facts right, and (mentors) for how many mentees is there time?"""

    section = "work"

    facts = forms.ChoiceField(
        label=_("Is this right?"),
        widget=forms.RadioSelect,
        choices=[(RIGHT, _("Yes, this is right")), (WRONG, _("Something is wrong or missing"))],
    )
    facts_note = forms.CharField(
        label=_("What is wrong or missing?"),
        help_text=_("In a sentence. Coordinators read it; you can go on meanwhile."),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    capacity = forms.TypedChoiceField(
        label=_("How many mentees do you have time for?"),
        help_text=_("Count on about two hours a month for each."),
        coerce=int,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.application.role != ParticipationRole.MENTOR:
            del self.fields["capacity"]
            return
        most = max(self.application.season.max_mentees_per_mentor, 1)
        field = self.fields["capacity"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(number, str(number)) for number in range(1, most + 1)]

    def stored(self) -> dict[str, Any]:
        application = self.application
        answered = self.section in application.sections or application.facts_note
        return {
            "facts": ((RIGHT if application.facts_confirmed else WRONG) if answered else None),
            "facts_note": application.facts_note,
            "capacity": application.capacity,
        }

    def clean(self) -> None:
        super().clean()
        facts = self.cleaned_data.get("facts")
        if facts == RIGHT and "facts_note" in self.kept:
            self.kept["facts_note"] = ""
        if facts:
            self.kept["facts_confirmed"] = facts == RIGHT
        self.kept.pop("facts", None)

    def demand(self) -> None:
        if self.cleaned_data.get("facts") == WRONG and self.cleaned_data.get("facts_note") == "":
            self.add_error("facts_note", _("Say in a sentence what is wrong or missing."))
