"""How and when people can meet: the keys that profiles, applications and the engine share, with their words."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

DAYS = {
    "mon": _("Monday"),
    "tue": _("Tuesday"),
    "wed": _("Wednesday"),
    "thu": _("Thursday"),
    "fri": _("Friday"),
    "sat": _("Saturday"),
    "sun": _("Sunday"),
}
PARTS = {"am": _("mornings"), "pm": _("afternoons"), "eve": _("evenings")}
SLOTS = [f"{day}-{part}" for day in DAYS for part in PARTS]
MODES = {"video": _("Video call"), "phone": _("Phone"), "in-person": _("In person")}
LANGUAGES = {
    "en": _("English"),
    "es": _("Spanish"),
    "zh": _("Chinese"),
    "ko": _("Korean"),
    "hy": _("Armenian"),
    "tl": _("Tagalog"),
    "fa": _("Persian"),
    "ru": _("Russian"),
    "vi": _("Vietnamese"),
    "fr": _("French"),
    "ase": _("American Sign Language"),
}


def slot_words(slots: list[str]) -> list[str]:
    """Return one line a day: "Monday: mornings, evenings"."""
    lines = []
    for day, name in DAYS.items():
        held = [str(words) for part, words in PARTS.items() if f"{day}-{part}" in slots]
        if held:
            lines.append(gettext("%(day)s: %(parts)s") % {"day": name, "parts": ", ".join(held)})
    return lines
