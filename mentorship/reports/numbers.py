"""How a report counts time: months by name, minutes as hours."""

from datetime import date

from django.utils import formats


def month(first: date) -> str:
    """A month with its year."""
    return formats.date_format(first, "YEAR_MONTH_FORMAT")


def whole_hours(minutes: int) -> int:
    """Minutes as whole hours, halves upwards."""
    return (minutes + 30) // 60
