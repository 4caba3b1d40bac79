"""Content files: how one is read, and how its rows are brought up to date without touching what a library changed."""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from mentorship.common.keys import UUIDModel

REQUIRED = ("slug", "version", "title", "licence", "source")
LANGUAGES = ("en", "es")


class ContentError(Exception):
    """A content file can't be loaded; the text names the file, the place in it and what to do."""


class Origin(models.TextChoices):
    """Where a row comes from: kept up to date from files, or the library's own, which loading never touches."""

    SHIPPED = "shipped", _("shipped with the program")
    LOCAL = "local", _("made here")


class ShippedRow(UUIDModel):
    """A row that content files bring and a library may edit: from then on it is the library's own.

    Loading writes past `save`, so whatever else saves a row makes it local.
    """

    origin = models.CharField(_("origin"), max_length=8, choices=Origin, default=Origin.LOCAL, editable=False)

    class Meta:
        abstract = True

    def save(self, **kwargs: Any) -> None:
        self.origin = Origin.LOCAL
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "origin"}
        super().save(**kwargs)


def content_files(folder: Path) -> list[Path]:
    """Return the TOML files of `folder` in the order of their names."""
    return sorted(folder.glob("*.toml"))


def read_content(path: Path) -> dict[str, Any]:
    """Return what a content file says. Raises ContentError unless it says what it is and under which licence."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ContentError(f"{path.name}: {error}") from error
    if absent := [key for key in REQUIRED if key not in content]:
        raise ContentError(f"{path.name}: {', '.join(absent)} is missing")
    if type(content["version"]) is not int or content["version"] < 1:
        raise ContentError(f"{path.name}: version must be a whole number from 1")
    both(path, content, "title")
    return content


def article_files(folder: Path) -> list[Path]:
    """Return the Markdown files of `folder` in the order of their names; `slug.language.md` by habit."""
    return sorted(folder.glob("*.md"))


def read_article(path: Path) -> dict[str, Any]:
    """Return what an article of one language says: its TOML front matter between two lines of +++, and its `body`.

    Raises ContentError unless it says what it is, in which language and under which licence.
    """
    try:
        before, *parts = path.read_text(encoding="utf-8").split("+++\n", 2)
        if before.strip() or len(parts) != 2:
            raise ContentError(f"{path.name}: begins with its keys between two lines of +++")
        content = tomllib.loads(parts[0])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ContentError(f"{path.name}: {error}") from error
    if absent := [key for key in (*REQUIRED, "language") if key not in content]:
        raise ContentError(f"{path.name}: {', '.join(absent)} is missing")
    if type(content["version"]) is not int or content["version"] < 1:
        raise ContentError(f"{path.name}: version must be a whole number from 1")
    if content["language"] not in LANGUAGES:
        raise ContentError(f"{path.name}: language must be one of {', '.join(LANGUAGES)}")
    return {**content, "body": parts[1].strip()}


def both(path: Path, table: dict[str, Any], key: str, *, required: bool = True) -> dict[str, str]:
    """Return {"<key>_en": …, "<key>_es": …} of a text that is given in both languages. Raises ContentError."""
    texts = table.get(key)
    if texts is None and not required:
        return {f"{key}_{language}": "" for language in LANGUAGES}
    if not isinstance(texts, dict) or set(texts) != set(LANGUAGES) or not all(map(_is_text, texts.values())):
        raise ContentError(f"{path.name}: {key} needs a text in {' and '.join(LANGUAGES)} near {_name(table)}")
    return {f"{key}_{language}": texts[language].strip() for language in LANGUAGES}


def mend_rows(
    model: type[models.Model], rows: Iterable[dict[str, Any]], *, key: tuple[str, ...], check: bool
) -> list[str]:
    """Bring the rows of `model` to what the files say and return a line per difference; `check` only looks.

    `model` is a ShippedRow; `key` are the columns that tell its rows apart. A library's own rows stay as they are.
    """
    manager = model._default_manager
    present = {tuple(getattr(row, name) for name in key): row for row in manager.all()}
    lines, new = [], []
    for values in rows:
        name = tuple(values[part] for part in key)
        row = present.get(name)
        label = f"{model._meta.label_lower} {' '.join(map(str, name))}"
        if row is None:
            lines.append(f"{label}: added")
            new.append(model(**values, origin=Origin.SHIPPED))
        elif row.origin == Origin.SHIPPED:  # type: ignore[attr-defined]
            changes = {field: value for field, value in values.items() if getattr(row, field) != value}
            if changes:
                lines.append(f"{label}: {', '.join(sorted(changes))} changed")
                if not check:
                    manager.filter(pk=row.pk).update(**changes)
    if not check:
        manager.bulk_create(new)
    return lines


def _is_text(text: Any) -> bool:
    return isinstance(text, str) and bool(text.strip())


def _name(table: dict[str, Any]) -> str:
    return str(table.get("slug") or table.get("key") or "the beginning")
