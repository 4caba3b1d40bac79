"""The forms for one's own choice of mail and for a library's own words."""

from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from mentorship.reminders import wordings
from mentorship.reminders.models import Wording
from mentorship.reminders.registry import all_rules, rule_of


class PreferenceForm(forms.Form):
    """Whether one wants reminders."""

    reminders = forms.BooleanField(
        label=_("Send me reminders"),
        required=False,
        help_text=_("Messages about your application, your match and your meetings come in any case."),
    )


class WordingForm(forms.ModelForm):  # type: ignore[type-arg]
    """A library's own words; a placeholder that the message can't fill is refused."""

    rule = forms.ChoiceField(label=_("Message"))

    class Meta:
        model = Wording
        fields = ("rule", "language", "subject", "body")
        help_texts = {
            "body": _("Markdown: **bold**, lists, [links](https://…). The button is added below by itself."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rule_field = self.fields["rule"]
        assert isinstance(rule_field, forms.ChoiceField)
        rule_field.choices = [(rule.key, str(rule.title)) for rule in all_rules()]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "rule" not in data or "language" not in data:
            return data
        rule = rule_of(data["rule"])
        for name in ("subject", "body"):
            if unknown := wordings.unknown_placeholders(rule, data.get(name, "")):
                self.add_error(name, self._unknown(unknown, rule.placeholders))
        others = Wording.objects.filter(rule=rule.key, language=data["language"], season_id=self.instance.season_id)
        if others.exclude(pk=self.instance.pk).exists():
            self.add_error("rule", gettext("There are own words for this message in this language already."))
        return data

    @staticmethod
    def _unknown(unknown: list[str], known: tuple[str, ...]) -> str:
        names = ", ".join(unknown)
        text = ngettext("%(names)s can't be filled in here.", "%(names)s can't be filled in here.", len(unknown)) % {
            "names": names
        }
        if known:
            listed = ", ".join(f"{{{name}}}" for name in known)
            return f"{text} {gettext('This message knows:')} {listed}"
        return f"{text} {gettext('This message knows no placeholders.')}"
