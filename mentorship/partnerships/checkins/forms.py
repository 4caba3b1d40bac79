"""The one question of the month, and a coordinator's letter."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mentorship.partnerships.models import CheckIn

MOST = 1500


class CheckInForm(forms.Form):
    """How it is going, in words beside the figure; how the match fits only where that is asked already."""

    use_required_attribute = False
    going = forms.TypedChoiceField(label=_("How is it going?"), widget=forms.RadioSelect, coerce=int)
    fit = forms.ChoiceField(
        label=_("How does the match fit?"), widget=forms.RadioSelect, choices=CheckIn.Fit.choices, required=False
    )
    note = forms.CharField(
        label=_("Anything you want to add"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=MOST,
        required=False,
    )
    wants_call = forms.BooleanField(label=_("I'd like a coordinator to call me"), required=False)

    def __init__(self, *args: Any, asks_fit: bool, partner: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        going = self.fields["going"]
        assert isinstance(going, forms.TypedChoiceField)
        going.label = _("How is it going with %(partner)s?") % {"partner": partner}
        going.choices = [(mark, f"{mark} · {words}") for mark, words in CheckIn.Going.choices]
        if not asks_fit:
            del self.fields["fit"]

    def answer(self) -> dict[str, Any]:
        """Return what `answer_check_in` takes."""
        return {"fit": "", **self.cleaned_data}


class LetterForm(forms.Form):
    """A coordinator's words, of which the ready ones are a beginning."""

    use_required_attribute = False
    words = forms.CharField(label=_("Your message"), widget=forms.Textarea(attrs={"rows": 9}), max_length=MOST)
