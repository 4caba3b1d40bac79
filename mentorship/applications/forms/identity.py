"""The optional identity page: who one is, and whether to be matched on it."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mentorship.applications.forms.base import SectionForm
from mentorship.seasons.models import IdentityOption

RATHER_NOT = "rather-not-say"
OWN_WORDS = 80
# What fits into one padded block of the stored value, so that a dump shows nothing by its length.
MOST_BYTES = 2048 - 4
MATCH = [(0, _("No")), (1, _("Prefer it")), (2, _("Strongly prefer it"))]
Dimension = IdentityOption.Dimension
QUESTIONS = {
    Dimension.ETHNICITY: _("Race and ethnicity"),
    Dimension.GENDER: _("Gender"),
}


class IdentityForm(SectionForm):
    """Per dimension: values, own words, match me on this, show it to a partner who asked the same, count me."""

    section = "identity"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options: dict[str, list[tuple[str, str]]] = {}
        for option in IdentityOption.objects.filter(active=True):
            options.setdefault(option.dimension, []).append((option.slug, str(option)))
        for dimension in Dimension.values:
            self.fields[f"{dimension}-values"] = forms.MultipleChoiceField(
                label=_("Which of these describe you?"),
                help_text=_("Select all that apply."),
                widget=forms.CheckboxSelectMultiple,
                choices=[*options.get(dimension, []), (RATHER_NOT, _("I'd rather not say"))],
                required=False,
            )
            self.fields[f"{dimension}-own_words"] = forms.CharField(
                label=_("In your own words"), max_length=OWN_WORDS, required=False
            )
            self.fields[f"{dimension}-match"] = forms.TypedChoiceField(
                label=_("Match me with someone who shares this"),
                help_text=_("Counts only where the other person asked for the same. It never costs you a match."),
                widget=forms.RadioSelect,
                choices=MATCH,
                coerce=int,
                empty_value="0",
                required=False,
            )
            self.fields[f"{dimension}-show"] = forms.BooleanField(
                label=_("A partner who asked for the same may see that we share this"), required=False
            )
            self.fields[f"{dimension}-count"] = forms.BooleanField(
                label=_("Count me in published totals, never in a group under five"), required=False
            )

    def dimension_fields(self) -> list[dict[str, Any]]:
        """Return the bound fields of each dimension, for the page."""
        return [
            {
                "title": QUESTIONS[Dimension(dimension)],
                "fields": [self[name] for name in self.fields if name.startswith(f"{dimension}-")],
            }
            for dimension in Dimension.values
        ]

    def stored(self) -> dict[str, Any]:
        given = self.application.identity.given
        initial: dict[str, Any] = {}
        for dimension in Dimension.values:
            part = given.get(dimension, {})
            initial |= {
                f"{dimension}-values": part.get("values", []),
                f"{dimension}-own_words": part.get("own_words", ""),
                f"{dimension}-match": part.get("match", 0),
                f"{dimension}-show": part.get("show", False),
                f"{dimension}-count": part.get("count", False),
            }
        return initial

    def demand(self) -> None:
        """Turn the fields into what is stored; "rather not say" takes back everything else of its dimension."""
        given = {}
        for dimension in Dimension.values:
            part = {
                name: self.cleaned_data.get(f"{dimension}-{name}", empty)
                for name, empty in (
                    ("values", []),
                    ("own_words", ""),
                    ("match", 0),
                    ("show", False),
                    ("count", False),
                )
            }
            part["match"] = int(part["match"])
            if RATHER_NOT in part["values"]:
                part = {"values": [RATHER_NOT], "own_words": "", "match": 0, "show": False, "count": False}
            if any(part.values()):
                given[dimension] = part
        if len(json.dumps(given, ensure_ascii=False).encode()) > MOST_BYTES:
            self.add_error(None, _("That is more than we can keep. Choose fewer, or use shorter words."))
        # All or nothing: a part alone would overwrite the rest of what was given before.
        self.kept = {} if self.errors else {"given": given}
