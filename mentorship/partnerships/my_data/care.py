"""What somebody reads of their check-ins, wishes and requests for help; whom these are about never reads of them."""

from typing import Any

from django.utils.translation import gettext_lazy

from mentorship.partnerships.checkins.words import going_words, month_words
from mentorship.partnerships.my_data.with_whom import LABEL, load_others, others_of
from mentorship.records.reading import Matter, Reading, plain_words, where_so


def _letter_line(row: Any) -> tuple[str, list[str]]:
    """Who wrote and when, then the lines of what they wrote."""
    return f"{row.author} · {plain_words(row.written_at)}", [line for line in row.words.splitlines() if line.strip()]


CHECK_INS = Reading(
    Matter.PAIRS,
    gettext_lazy("Your check-ins"),
    labels={"membership": LABEL, "wants_call": gettext_lazy("I would like a call")},
    words={
        "membership": others_of,
        "month": month_words,
        "going": going_words,
        "wants_call": where_so("wants_call"),
        "note": lambda row: row.note,
    },
    hidden="state",  # the dates tell it
    load=load_others,
)
LETTERS = Reading(
    Matter.MESSAGES,
    gettext_lazy("What coordinators wrote to you"),
    labels={"membership": LABEL},
    words={"words": lambda row: row.words},
    line=_letter_line,
    hidden="membership check_in",
)
WISHES = Reading(
    Matter.PAIRS,
    gettext_lazy("Wishes for a different match"),
    labels={"membership": LABEL},
    words={"membership": others_of},
    load=load_others,
)
HELP_CASES = Reading(
    Matter.PAIRS,
    gettext_lazy("Your requests for help"),
    labels={
        "membership": LABEL,
        "about_partner": gettext_lazy("about somebody I meet with"),
        "taken_at": gettext_lazy("in hand since"),
    },
    words={"membership": others_of, "about_partner": where_so("about_partner")},
    hidden="waits_since",
    load=load_others,
)
HELP_MESSAGES = Reading(
    Matter.PAIRS,
    gettext_lazy("What was written about them"),
    labels={"case": gettext_lazy("request for help")},
    words={"words": lambda row: row.words},
    line=_letter_line,
    hidden="case",
)
