"""The message catalogue: gathered from code and templates with Babel, so that no system package is needed.

`locale/es/LC_MESSAGES/django.po` is the source, `django.mo` beside it what runs; both are kept in the repository.
"""

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOTS = ("mentorship", "matching", "surveys", "templates")
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
FIRST_WRITTEN = datetime(2026, 11, 21, tzinfo=UTC)
Key = tuple[str | None, str | tuple[str, ...]]


def path_of(language: str) -> Path:
    """Return the catalogue's source file."""
    return Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"


def used_messages() -> dict[Key, list[str]]:
    """Return {(context, message or (singular, plural)): files} of everything marked for translation."""
    found: dict[Key, list[str]] = {}
    for path in _sources():
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            # Babel reads it as Python, where a line's indentation would mean something.
            text = re.sub(r"^[ \t]+", "", templatize(text, origin=str(path)), flags=re.MULTILINE)
        name = str(path.relative_to(settings.BASE_DIR))
        for _line, messages, _comments, context in extract(
            "python", io.BytesIO(text.encode()), KEYWORDS, options={"encoding": "utf-8"}
        ):
            key = messages if isinstance(messages, str) else tuple(messages)
            if key:
                found.setdefault((context, key), []).append(name)
    return found


def _sources() -> Iterator[Path]:
    for root in ROOTS:
        for path in sorted((Path(settings.BASE_DIR) / root).rglob("*")):
            if path.suffix in {".py", ".html", ".txt"} and "migrations" not in path.parts:
                yield path


def read(language: str) -> Catalog:
    """Return the catalogue as it stands; an empty one where there is none yet."""
    path = path_of(language)
    if not path.is_file():
        return Catalog(locale=language, fuzzy=False)
    with path.open("rb") as source:
        return read_po(source, locale=language)


def update(language: str) -> Catalog:
    """Add what is new to the catalogue, drop what nobody uses, write source and compiled file."""
    old = read(language)
    # A date would change the compiled file whenever the catalogue is written.
    catalog = Catalog(
        locale=language,
        header_comment="# Perennial in Spanish.",
        project="Perennial",
        version="1",
        creation_date=FIRST_WRITTEN,
        revision_date=FIRST_WRITTEN,
        last_translator="Perennial",
        language_team="Perennial",
        msgid_bugs_address="none",
        fuzzy=False,
    )
    for (context, key), files in sorted(
        used_messages().items(), key=lambda item: (str(item[0][1]), item[0][0] or "")
    ):
        known = old.get(key if isinstance(key, str) else key[0], context)
        catalog.add(
            key,
            known.string if known else None,
            locations=[(name, 0) for name in sorted(set(files))],
            flags=["python-format"] if "%(" in str(key) else [],
            context=context,
        )
    path_of(language).parent.mkdir(parents=True, exist_ok=True)
    with path_of(language).open("wb") as target:
        write_po(target, catalog, width=118, omit_header=False, include_lineno=False, sort_output=False)
    path_of(language).with_suffix(".mo").write_bytes(compiled(catalog))
    return catalog


def compiled(catalog: Catalog) -> bytes:
    target = io.BytesIO()
    write_mo(target, catalog)
    return target.getvalue()


def problems(language: str) -> list[str]:
    """Return one line per message that is untranslated, out of use, or differs in its placeholders."""
    catalog, used, found = read(language), used_messages(), []
    for (context, key), files in used.items():
        entry = catalog.get(key if isinstance(key, str) else key[0], context)
        told = entry.string if entry else None
        strings = [told] if isinstance(told, str) else list(told or ())
        sources = [key] if isinstance(key, str) else list(key)
        if not strings or not all(strings):
            found.append(f"untranslated in {files[0]}: {key}")
        elif entry is not None and entry.fuzzy:
            found.append(f"only guessed: {key}")
        elif any(
            set(PLACEHOLDER.findall(text)) - set(PLACEHOLDER.findall(" ".join(sources))) for text in strings
        ) or (set(PLACEHOLDER.findall(sources[-1])) - set(PLACEHOLDER.findall(strings[-1]))):
            found.append(f"other placeholders in {files[0]}: {key}")
    known = {
        (entry.context, entry.id if isinstance(entry.id, str) else tuple(entry.id)) for entry in catalog if entry.id
    }
    found += [f"no longer used: {key}" for _context, key in sorted(known - set(used), key=str)]
    path = path_of(language).with_suffix(".mo")
    if not path.is_file() or path.read_bytes() != compiled(catalog):
        found.append(f"{path.name} is not what {path_of(language).name} compiles to")
    return found
