"""What somebody reads of themselves, their work and their ways to sign in, in their words."""

from collections.abc import Callable
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentorship.people.meeting import LANGUAGES, MODES, slot_words
from mentorship.people.models import Degree, Role
from mentorship.records.reading import Matter, Reading, plain_words, where_so

FACTS = ("unit", "job_class", "managerial", "supervisor", "service_start", "degree")
WAYS = {
    "recovery_codes": gettext_lazy("recovery codes"),
    "totp": gettext_lazy("codes from an app"),
    "webauthn": gettext_lazy("a passkey"),
}


def with_source(name: str) -> Callable[[Any], str]:
    """Return the function that says a fact of a profile and where it comes from."""

    def words(profile: Any) -> str:
        value = getattr(profile, name)
        if value is None or value == Degree.UNKNOWN:
            return ""
        said = profile.get_degree_display() if name == "degree" else plain_words(value)
        return f"{said} ({getattr(profile, f'get_{name}_source_display')()})"

    return words


def _roles(person: Any) -> list[Any]:
    return [dict(Role.choices).get(group.name, group.name) for group in person.groups.all()]


def _mailbox_line(row: Any) -> tuple[str, str]:
    told = _("confirmed") if row.verified else _("not confirmed")
    return _("Main address") if row.primary else _("Further address"), f"{row.email} ({told})"


def _away_line(row: Any) -> tuple[str, str]:
    first, last = formats.date_format(row.first_day), formats.date_format(row.last_day)
    return _("Away"), first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}


PERSON = Reading(
    Matter.WORK,
    gettext_lazy("You"),
    labels={
        "groups": gettext_lazy("roles"),
        "is_superuser": gettext_lazy("may do everything in the admin"),
        "user_permissions": gettext_lazy("single permissions"),
        "last_login": gettext_lazy("signed in last"),
    },
    words={
        "groups": _roles,
        **{name: where_so(name) for name in ("mailbox_is_shared", "is_staff", "is_superuser")},
    },
)
PROFILE = Reading(
    Matter.WORK,
    gettext_lazy("Your profile"),
    words={
        **{name: with_source(name) for name in FACTS},
        "languages": lambda row: [LANGUAGES.get(key, key) for key in row.languages],
        "modes": lambda row: [MODES.get(key, key) for key in row.modes],
        "slots": lambda row: slot_words(row.slots),
        "schedule_rotates": where_so("schedule_rotates"),
    },
    hidden=" ".join(f"{name}_source" for name in FACTS),
)
ABSENCES = Reading(Matter.WORK, gettext_lazy("Days away"), hidden="person", line=_away_line)
CODES = Reading(Matter.SIGN_IN, gettext_lazy("One-time codes printed for you"))
MAILBOXES = Reading(
    Matter.SIGN_IN,
    gettext_lazy("Your e-mail addresses"),
    labels={
        "email": gettext_lazy("e-mail"),
        "verified": gettext_lazy("confirmed"),
        "primary": gettext_lazy("main address"),
    },
    line=_mailbox_line,
)
SECOND_FACTORS = Reading(
    Matter.SIGN_IN,
    gettext_lazy("Your second step when you sign in"),
    labels={
        "type": gettext_lazy("kind"),
        "created_at": gettext_lazy("set up"),
        "last_used_at": gettext_lazy("used last"),
    },
    words={"type": lambda row: WAYS.get(row.type, row.type)},
)
SESSIONS = Reading(
    Matter.SIGN_IN,
    gettext_lazy("Where you are signed in"),
    labels={
        "created_at": gettext_lazy("signed in"),
        "ip": gettext_lazy("network address"),
        "last_seen_at": gettext_lazy("seen last"),
        "user_agent": gettext_lazy("browser"),
    },
    load=lambda rows: rows.order_by("-last_seen_at"),
)
LINKED = Reading(
    Matter.SIGN_IN,
    gettext_lazy("Accounts you sign in with"),
    labels={"last_login": gettext_lazy("used last"), "date_joined": gettext_lazy("linked")},
)
