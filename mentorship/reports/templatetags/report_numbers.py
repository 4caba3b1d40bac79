"""Numbers in reports' templates, as people of the reader's language write them."""

from django import template

from mentorship.reports.numbers import count

register = template.Library()


@register.filter
def number(value: float) -> str:
    """A number with its thousands grouped, and at most one decimal."""
    return count(value)
