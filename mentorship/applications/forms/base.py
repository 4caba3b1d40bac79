"""What all screens of an application share: what is well-formed is kept even where something is still missing."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from mentorship.applications.models import Application


class SectionForm(forms.Form):
    """One section of one application.

    `kept` is what may be saved of a draft, field by field, although the section isn't complete. `asked` counts the
    answers that the section demands.
    """

    use_required_attribute = False
    section: ClassVar[str]

    def __init__(self, data: Mapping[str, Any] | None = None, *, application: Application) -> None:
        self.application = application
        self.kept: dict[str, Any] = {}
        super().__init__(data, initial=self.stored())

    def stored(self) -> dict[str, Any]:
        """Return what the application holds, as the fields' initial values."""
        raise NotImplementedError

    def demand(self) -> None:
        """Add an error for what is still missing, beyond empty required fields."""

    def clean(self) -> None:
        self.kept = dict(self.cleaned_data)
        self.demand()

    @property
    def is_only_incomplete(self) -> bool:
        """Whether nothing that was typed would be lost: what is wrong was either kept or left empty."""
        wrong = [name for name in self.errors if name not in self.kept]
        return all(name in self.fields and not self[name].data for name in wrong)

    @property
    def asked(self) -> int:
        """How many answers one can't go on without."""
        return sum(field.required for field in self.fields.values())
