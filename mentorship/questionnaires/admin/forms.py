"""A question as coordinators edit it: options as lines of text, limits as fields."""

from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentorship.questionnaires.definitions import ASKABLE, LIMITS, Kind, problem_with
from mentorship.questionnaires.models import Question, Questionnaire


class QuestionnaireEditForm(forms.ModelForm):  # type: ignore[type-arg]
    """A questionnaire of the library's own. A new one counts its versions from the first local one."""

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if Questionnaire.objects.filter(slug=slug).exists():
            raise forms.ValidationError(
                _("There is a questionnaire with this key; make a new version of it instead.")
            )
        return slug


class OptionLines(forms.Textarea):
    """Options as text, one a line: key | English | Spanish."""

    def format_value(self, value: Any) -> str:
        if isinstance(value, str):
            return value
        return "\n".join(f"{option['key']} | {option['en']} | {option['es']}" for option in value or [])


class OptionsField(forms.CharField):
    """Reads lines of options; a line without a key gets one from its English text."""

    widget = OptionLines

    def clean(self, value: Any) -> list[dict[str, str]]:  # type: ignore[override]
        text = super().clean(value)
        return [self._option(line) for line in text.splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        lines = "\n".join(line.strip() for line in str(data or "").splitlines() if line.strip())
        return OptionLines().format_value(initial) != lines

    @staticmethod
    def _option(line: str) -> dict[str, str]:
        parts = [part.strip() for part in line.split("|")]
        if len(parts) == 2:
            parts = [slugify(parts[0])[:60], *parts]
        if len(parts) != 3 or not all(parts):
            raise forms.ValidationError(
                _("“%(line)s” needs the form “key | English | Spanish”.") % {"line": line.strip()}
            )
        return dict(zip(("key", "en", "es"), parts, strict=True))


class QuestionForm(forms.ModelForm):  # type: ignore[type-arg]
    """One question. Its limits are fields here and one JSON object in the row."""

    options = OptionsField(
        label=gettext_lazy("Options"),
        required=False,
        widget=OptionLines(attrs={"rows": 5}),
        help_text=gettext_lazy(
            "For choices and rankings, one a line: key | English | Spanish. Answers are kept by the key, so leave it "
            "as it is when you change the words. A new line may leave it out."
        ),
    )
    least = forms.CharField(
        label=gettext_lazy("Least"),
        required=False,
        help_text=gettext_lazy("For numbers, or the first day for dates, as 2027-03-29."),
    )
    most = forms.CharField(label=gettext_lazy("Most"), required=False)
    longest = forms.IntegerField(
        label=gettext_lazy("Most characters"), required=False, min_value=1, help_text=gettext_lazy("For texts.")
    )
    most_choices = forms.IntegerField(
        label=gettext_lazy("Most choices"),
        required=False,
        min_value=1,
        help_text=gettext_lazy("For several choices and rankings."),
    )

    class Meta:
        model = Question
        fields = (
            "key",
            "order",
            "kind",
            "required",
            "label_en",
            "label_es",
            "hint_en",
            "hint_es",
            "options",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "kind" not in self.fields:
            return
        kinds = [("", "---------"), *((kind.value, kind.label) for kind in ASKABLE)]
        self.fields["kind"] = forms.ChoiceField(label=_("Kind"), choices=kinds)
        limits = self.instance.limits
        self.initial.update(
            least=limits.get("min", ""),
            most=limits.get("max", ""),
            longest=limits.get("max_length"),
            most_choices=limits.get("max_choices"),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        try:
            limits = self._limits(cleaned)
        except ValueError:
            self.add_error("least", _("The least and the most need to be numbers."))
            return cleaned
        probe = Question(key=cleaned["key"], kind=cleaned["kind"], options=cleaned["options"], limits=limits)
        if problem := problem_with(probe):
            raise forms.ValidationError(problem)
        self.instance.limits = limits
        return cleaned

    @staticmethod
    def _limits(cleaned: dict[str, Any]) -> dict[str, Any]:
        ends = {"min": cleaned.get("least"), "max": cleaned.get("most")}
        limits: dict[str, Any] = {name: text for name, text in ends.items() if text}
        if cleaned["kind"] != Kind.DATE:
            limits = {name: _number(text) for name, text in limits.items()}
        limits |= {
            name: cleaned[field]
            for name, field in (("max_length", "longest"), ("max_choices", "most_choices"))
            if cleaned.get(field)
        }
        # A limit left over from another kind is dropped with the kind.
        return {name: value for name, value in limits.items() if name in LIMITS[cleaned["kind"]]}


def _number(text: str) -> int | float:
    number = float(text)
    return int(number) if number.is_integer() else number
