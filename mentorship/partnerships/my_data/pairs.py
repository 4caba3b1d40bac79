"""What somebody reads of their own partnerships: with whom, why, and how far it has come, in their words."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mentorship.applications.my_data import application_words
from mentorship.partnerships.my_data.with_whom import LABEL, others
from mentorship.partnerships.words import goal_titles, together, why
from mentorship.records.reading import Matter, Reading


def load_reasons(rows: Any) -> Iterable[Any]:
    """Attach to each partnership the titles of the goals that its reasons name."""
    pairs = list(rows)
    titles = goal_titles(*(pair.reasons for pair in pairs))
    for pair in pairs:
        pair.titles = titles
    return pairs


def reason_words(pair: Any) -> list[str]:
    """Return one line for each kind of reason."""
    found = why(pair.reasons, pair.titles)
    lines = [
        (_("goals"), found.goals_together),
        (_("times"), together(found.times)),
        (_("ways to meet"), found.modes_together),
        (_("languages"), found.languages_together),
    ]
    return [f"{what}: {given}" for what, given in lines if given]


PAIRS = Reading(
    Matter.PAIRS,
    gettext_lazy("Your pairs and circles"),
    labels={
        "season": gettext_lazy("season"),
        "reasons": gettext_lazy("why you were matched"),
        "approved_by": gettext_lazy("approved by"),
    },
    words={
        "reasons": reason_words,
        "fit": lambda row: "" if row.fit is None else _("%(fit)d of 100") % {"fit": row.fit},
    },
    load=load_reasons,
)
PARTS = Reading(
    Matter.PAIRS,
    gettext_lazy("Your part in them"),
    labels={
        "partnership": LABEL,
        "person": gettext_lazy("person"),
        "season": gettext_lazy("season"),
        "kind": gettext_lazy("kind"),
        "role": gettext_lazy("role"),
        "active": gettext_lazy("still going on"),
        "joined_at": gettext_lazy("since"),
        "answered_at": gettext_lazy("said yes"),
        "left_at": gettext_lazy("until"),
        "application": gettext_lazy("application"),
    },
    words={
        "partnership": others,
        "application": lambda row: application_words(row.application) if row.application else "",
    },
    hidden="person",
    load=lambda rows: rows.select_related("application__season").prefetch_related(
        "partnership__memberships__person__profile"
    ),
)
PLACES = Reading(
    Matter.PAIRS,
    gettext_lazy("Your places as a mentor"),
    labels={"application": gettext_lazy("application")},
    line=lambda row: (
        application_words(row.application),
        ngettext("%(places)d mentee", "%(places)d mentees", row.capacity) % {"places": row.capacity},
    ),
    load=lambda rows: rows.select_related("application__season"),
)
