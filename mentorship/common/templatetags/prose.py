"""Texts that coordinators write: in the reader's language, and their Markdown as clean HTML."""

import re
from typing import Any

import markdown as markdown_library
import nh3
from django import template
from django.utils.safestring import SafeString, mark_safe

from mentorship.common import bilingual

register = template.Library()

TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "blockquote", "h2", "h3", "h4"}
_HEADING = re.compile(r"<(/?)h[1-6]>")


@register.filter
def localized(row: Any, field: str) -> str:
    """Return the row's text in the reader's language: `{{ season|localized:"intro"|markdown }}`."""
    return bilingual.localized(row, field)


@register.filter
def markdown(text: str, level: int = 3) -> SafeString:
    """Return `text` as HTML of a few plain tags. Whatever else was written is left out; headings become h`level`."""
    html = markdown_library.markdown(text or "", extensions=["sane_lists"])
    html = _HEADING.sub(lambda match: f"<{match[1]}h{level}>", html)
    clean = nh3.clean(html, tags=TAGS, attributes={"a": {"href"}}, url_schemes={"https", "http", "mailto", "tel"})
    return mark_safe(clean)
