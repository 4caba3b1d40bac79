"""Numbers as people of the reader's language write them, each kept on one line with its sign or unit."""

import re

from django.utils import formats
from django.utils.safestring import SafeData, mark_safe
from django.utils.translation import gettext as _

NO_BREAK = "\u00a0"
# "80 %", "67 staff": a figure at a line's end says nothing without the word that begins the next.
BEFORE_ITS_UNIT = re.compile(r"(?<=\d) (?=[^\W\d_]|%)")


def count(value: float) -> str:
    """A number with its thousands grouped, and at most one decimal."""
    whole = value == int(value)
    return formats.number_format(int(value) if whole else value, 0 if whole else 1, force_grouping=True)


def percent(value: int) -> str:
    """A whole number of per cent with its sign."""
    return unbroken(_("%(number)s %%") % {"number": count(value)})


def hours(minutes: int) -> float:
    """Minutes as hours, whole where they are, else with one decimal, halves upwards."""
    tenths = (minutes * 10 + 30) // 60
    return tenths // 10 if tenths % 10 == 0 else tenths / 10


def unbroken(text: str) -> str:
    """The same words, in which no line ends between a number and the sign or word after it; safe text stays safe."""
    kept = BEFORE_ITS_UNIT.sub(NO_BREAK, text)
    # Nothing is added but spaces.
    return mark_safe(kept) if isinstance(text, SafeData) else kept
