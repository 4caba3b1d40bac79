"""The forms of a page, read from its markup as a browser does."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit


@dataclass
class Form:
    """One form: where it goes, and what a browser would send if nothing was typed. `files` are its file inputs.

    `typed`: something can be typed or chosen in it; without, it is a mere button.
    """

    method: str
    url: str
    values: dict[str, list[str]] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    typed: bool = False

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def names(self) -> list[str]:
        return sorted({*self.values, *self.files})


class FormParser(HTMLParser):
    """Collects the forms of the page at `url`."""

    def __init__(self, url: str, page: str) -> None:
        super().__init__()
        self.url = url
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._by_id: dict[str, Form] = {}
        self._select = ""
        self._area = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._form = Form(given.get("method", "get").upper(), urljoin(self.url, given.get("action", "")))
            self.forms.append(self._form)
            self._by_id[given.get("id", "")] = self._form
        form = self._by_id.get(given["form"], self._form) if given.get("form") else self._form
        if form is None:
            return
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag in {"input", "button", "select", "textarea"} and name and name != "csrfmiddlewaretoken":
            self._note(form, tag, name, kind, given)
        if tag == "option" and self._select and ("selected" in given or self._select not in form.values):
            form.values[self._select] = [given.get("value", "")]

    def _note(self, form: Form, tag: str, name: str, kind: str, given: dict[str, Any]) -> None:
        form.typed |= tag != "button" and kind not in {"hidden", "submit"}
        if kind == "file":
            form.files.append(name)
        elif tag == "select":
            self._select = name
        elif tag == "textarea":
            self._area = name
            form.values[name] = [""]
        elif kind in {"checkbox", "radio"}:
            form.values.setdefault(name, [])
            if "checked" in given:
                form.values[name].append(given.get("value", "on"))
        else:
            form.values.setdefault(name, []).append(given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._area and self._form is not None:
            self._form.values[self._area] = [self._form.values[self._area][0] + data]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""


def forms_of(url: str, page: str) -> list[Form]:
    """Return the forms of the page at `url`."""
    return FormParser(url, page).forms
