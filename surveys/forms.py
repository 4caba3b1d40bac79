"""One screen of a survey as a form, and the closing day that a coordinator chooses."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mentorship.questionnaires.forms import QuestionnaireForm
from surveys.asking import COMMENT, CONSENT


class ScreenForm(QuestionnaireForm):
    """The questions of one screen; `answers` holds what is valid, also where something else isn't."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for key in self.fields:
            consent = CONSENT + key.removeprefix(COMMENT)
            if key.startswith(COMMENT) and cleaned.get(key) and consent in self.fields and not cleaned.get(consent):
                self.add_error(consent, _("Please say whether your comment may be published."))
        return cleaned


class ClosingDayForm(forms.Form):
    """Until when people can answer."""

    use_required_attribute = False
    closes_on = forms.DateField(
        label=_("The survey closes on"),
        help_text=_("At 17:00."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
