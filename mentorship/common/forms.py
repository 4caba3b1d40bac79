"""What forms of all apps share beside the crispy pack: choices that explain themselves, days that can be reckoned."""

from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator

# Around the first and the last day that Python knows, the day before or after is an error.
DAYS = (MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2199, 12, 31)))


class Choice(str):
    """A choice's label with a second line: `("mentor", Choice(_("Mentor"), _("About two hours a month")))`.

    It is text, so make it where the form is made, not when the module loads.
    """

    hint: str

    def __new__(cls, label: object, hint: object = "") -> "Choice":
        choice = super().__new__(cls, label)
        choice.hint = str(hint)
        return choice
