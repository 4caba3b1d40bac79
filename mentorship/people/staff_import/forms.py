"""The forms of a staff import: the file, and what its columns mean."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentorship.people.staff_import.columns import COLUMNS, DATE_ORDERS
from mentorship.people.staff_import.reading import ReadingError, read_sheet


class UploadForm(forms.Form):
    """One file, read at once, so that what can't be read is said here."""

    file = forms.FileField(
        label=gettext_lazy("Staff list"),
        help_text=gettext_lazy("CSV or XLSX, as your HR department exports it. At most 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
    )

    def clean_file(self) -> bytes:
        self.file_name = str(self.cleaned_data["file"].name)
        content: bytes = self.cleaned_data["file"].read()
        try:
            read_sheet(content)
        except ReadingError as error:
            raise forms.ValidationError(str(error)) from error
        return content


class ColumnsForm(forms.Form):
    """Which heading of the file is which column of ours; `columns` gives the answer without empty ones."""

    date_order = forms.ChoiceField(
        label=gettext_lazy("How dates such as 03/04/2024 are meant"),
        choices=list(DATE_ORDERS.items()),
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, headings: list[str], named: dict[str, str], order: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("not in this file")), *((heading, heading) for heading in headings if heading)]
        for column in COLUMNS:
            self.fields[column.key] = forms.ChoiceField(
                label=str(column.label), choices=choices, required=column.required, initial=named.get(column.key, "")
            )
        self.fields["date_order"].initial = order
        self.order_fields([*(column.key for column in COLUMNS), "date_order"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        taken: dict[str, str] = {}
        for column in COLUMNS:
            heading = cleaned.get(column.key)
            if heading and heading in taken:
                self.add_error(
                    column.key,
                    _("“%(heading)s” is already “%(column)s”: choose it once.")
                    % {"heading": heading, "column": taken[heading]},
                )
            elif heading:
                taken[heading] = str(column.label)
        return cleaned

    @property
    def columns(self) -> dict[str, str]:
        return {column.key: self.cleaned_data[column.key] for column in COLUMNS if self.cleaned_data[column.key]}
