"""Asking for help, and writing back and forth about it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mentorship.partnerships import care
from mentorship.people.models import User

MOST = 1500


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice of people, by the names that others see."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.display_name)


class HelpForm(forms.Form):
    """What it is about, in the person's words, and who is not to read it."""

    use_required_attribute = False
    words = forms.CharField(
        label=_("What would you like help with?"), widget=forms.Textarea(attrs={"rows": 6}), max_length=MOST
    )
    about_partner = forms.BooleanField(label=_("It is about the person I meet with"), required=False)
    kept_from = PersonField(
        label=_("A coordinator who should not handle it"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Any coordinator may handle it"),
        help_text=_("For them it doesn't exist. Your own supervisor and those near the two of you never see it."),
    )

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kept_from"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = care.coordinators().named().exclude(pk=person.pk)


class WordsForm(forms.Form):
    """One more message."""

    use_required_attribute = False
    words = forms.CharField(label=_("Your message"), widget=forms.Textarea(attrs={"rows": 5}), max_length=MOST)
