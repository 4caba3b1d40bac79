"""Numbers in templates, as people of the reader's language write them."""

from django import template

from mentorship.common import numbers

register = template.Library()


@register.filter
def number(value: float) -> str:
    """A number with its thousands grouped, and at most one decimal."""
    return numbers.count(value)


@register.filter
def percent(value: int) -> str:
    """A whole number of per cent with its sign, which stay on one line."""
    return numbers.percent(value)


@register.filter
def unbroken(text: str) -> str:
    """Words in which no line ends between a number and its sign or unit."""
    return numbers.unbroken(text)
