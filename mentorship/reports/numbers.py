"""Numbers as people of the reader's language write them."""

from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _


def count(value: float) -> str:
    """A number with its thousands grouped, and at most one decimal."""
    whole = value == int(value)
    return formats.number_format(int(value) if whole else value, 0 if whole else 1, force_grouping=True)


def percent(value: int) -> str:
    return _("%(number)s %%") % {"number": count(value)}


def month(first: date) -> str:
    """A month with its year."""
    return formats.date_format(first, "YEAR_MONTH_FORMAT")


def hours(minutes: int) -> float:
    """Minutes as hours, whole where they are, else with one decimal, halves upwards."""
    tenths = (minutes * 10 + 30) // 60
    return tenths // 10 if tenths % 10 == 0 else tenths / 10


def whole_hours(minutes: int) -> int:
    """Minutes as whole hours, halves upwards."""
    return (minutes + 30) // 60
