"""The forms for one's own choice of mail and for a library's own words."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from mentorship.reminders import wordings
from mentorship.reminders.models import Wording
from mentorship.reminders.registry import Rule, all_rules, rule_of
from mentorship.reminders.season_rules import Choice

BODY_HINT = _("Markdown: **bold**, lists, [links](https://…). The button is added below by itself.")


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
            "body": BODY_HINT,
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
        refuse_unknown(self, rule)
        others = Wording.objects.filter(rule=rule.key, language=data["language"], season_id=self.instance.season_id)
        if others.exclude(pk=self.instance.pk).exists():
            self.add_error("rule", gettext("There are own words for this message in this language already."))
        return data


class SeasonWordingForm(forms.ModelForm):  # type: ignore[type-arg]
    """A season's own words for the message of its instance."""

    class Meta:
        model = Wording
        fields = ("subject", "body")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"].help_text = known_placeholders(rule_of(self.instance.rule))
        self.fields["body"].help_text = BODY_HINT

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        refuse_unknown(self, rule_of(self.instance.rule))
        return data


class SeasonRulesForm(forms.Form):
    """The switch and the days of each of a season's messages; the days a message goes by can't be left empty."""

    def __init__(
        self, *args: Any, rules: list[Rule], choices: dict[str, Choice], locked: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rules, self.choices = rules, choices
        for rule in rules:
            choice = choices[rule.key]
            if not rule.essential:
                label = format_lazy(_("Send “{message}”"), message=rule.title)
                self.fields[f"on-{rule.key}"] = forms.BooleanField(
                    label=label, required=False, initial=choice.on, disabled=locked
                )
            if rule.days is not None:
                self.fields[f"days-{rule.key}"] = forms.IntegerField(
                    label=format_lazy(_("Days for “{message}”"), message=rule.title),
                    min_value=1,
                    max_value=rule.most_days,
                    initial=choice.days,
                    disabled=locked,
                )

    def switch(self, rule: Rule) -> Any:
        return None if rule.essential else self[f"on-{rule.key}"]

    def days(self, rule: Rule) -> Any:
        return None if rule.days is None else self[f"days-{rule.key}"]

    def days_of(self, rule: Rule) -> int | None:
        return self.choices[rule.key].days

    def changes(self) -> list[Choice]:
        data = self.cleaned_data
        return [
            Choice(rule.key, data.get(f"on-{rule.key}", True), data.get(f"days-{rule.key}")) for rule in self.rules
        ]


def refuse_unknown(form: Any, rule: Rule) -> None:
    """Add an error to each text that asks for what its message can't fill in."""
    for name in ("subject", "body"):
        if unknown := wordings.unknown_placeholders(rule, form.cleaned_data.get(name, "")):
            names = ", ".join(unknown)
            text = ngettext(
                "%(names)s can't be filled in here.", "%(names)s can't be filled in here.", len(unknown)
            ) % {"names": names}
            form.add_error(name, f"{text} {known_placeholders(rule)}")


def known_placeholders(rule: Rule) -> str:
    if not rule.placeholders:
        return gettext("This message knows no placeholders.")
    listed = ", ".join(f"{{{name}}}" for name in rule.placeholders)
    return f"{gettext('This message knows:')} {listed}"
