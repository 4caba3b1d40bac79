"""What forms of all apps share beside the crispy pack: choices that explain themselves."""


class Choice(str):
    """A choice's label with a second line: `("mentor", Choice(_("Mentor"), _("About two hours a month")))`.

    It is text, so make it where the form is made, not when the module loads.
    """

    hint: str

    def __new__(cls, label: object, hint: object = "") -> "Choice":
        choice = super().__new__(cls, label)
        choice.hint = str(hint)
        return choice
