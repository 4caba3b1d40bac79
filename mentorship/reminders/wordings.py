"""A library's own words for a message: which ones speak, and how their {placeholders} are filled."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import markdown
import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from mentorship.reminders.models import Wording
from mentorship.reminders.registry import Rule

PLACEHOLDER = re.compile(r"\{(\w+)\}")
# Whatever somebody may have meant as one: {first name}, {{ name }}, %(name)s, or a brace left alone.
MEANT = re.compile(r"\{+[^{}]*\}+|%\(\w+\)s|[{}]")
TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "h2", "h3", "blockquote", "hr", "code"}


def speaking(rule: Rule, language: str, season_id: Any) -> Wording | None:
    """Return the library's own words for `rule`, the season's before those for everywhere."""
    return Wording.objects.speaking(rule.key, language, season_id).first()


class UnknownPlaceholders(Exception):
    """A text asks for what its message can't fill in; `unknown` lists it as it stands."""

    def __init__(self, unknown: list[str]) -> None:
        super().__init__(", ".join(unknown))
        self.unknown = unknown


def unknown_placeholders(rule: Rule, text: str) -> list[str]:
    """Return, as they stand, the placeholders in `text` that the rule can't fill."""
    known = {f"{{{name}}}" for name in rule.placeholders}
    return sorted(set(MEANT.findall(text)) - known)


def check(rule: Rule, *texts: str) -> None:
    """Raises UnknownPlaceholders where one of the texts asks for what the rule can't fill."""
    if unknown := sorted({name for text in texts for name in unknown_placeholders(rule, text)}):
        raise UnknownPlaceholders(unknown)


def as_text(rule: Rule, text: str, values: Mapping[str, Any]) -> str:
    """Return Markdown as it stands with its placeholders filled: it reads well as plain text."""
    return _fill(rule, text, values, str)


def as_html(rule: Rule, text: str, values: Mapping[str, Any]) -> SafeString:
    """Return Markdown as clean HTML. Values are filled in last and escaped, so a name can't become a link."""
    html = nh3.clean(markdown.markdown(text), tags=TAGS, attributes={"a": {"href"}}, url_schemes={"https", "mailto"})
    return mark_safe(_fill(rule, html, values, escape))


def _fill(rule: Rule, text: str, values: Mapping[str, Any], write: Callable[[Any], str]) -> str:
    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        return write(_in_words(values.get(name, ""))) if name in rule.placeholders else match.group(0)

    return PLACEHOLDER.sub(value, text)


def _in_words(value: Any) -> str:
    """Lists, of goals for example, as they are read aloud."""
    return ", ".join(str(part) for part in value) if isinstance(value, (list, tuple)) else str(value)
