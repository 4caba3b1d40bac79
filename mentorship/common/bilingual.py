"""Texts that a library edits in both languages: a pair of columns, `name_en` and `name_es`."""

from typing import Any

from django.conf import settings
from django.utils.translation import get_language


def localized(row: Any, field: str, language: str | None = None) -> str:
    """Return `row.<field>_<language>`; an empty one falls back to the installation's first language."""
    language = (language or get_language() or settings.LANGUAGE_CODE)[:2]
    text = getattr(row, f"{field}_{language}", "")
    return str(text or getattr(row, f"{field}_{settings.LANGUAGE_CODE}"))
