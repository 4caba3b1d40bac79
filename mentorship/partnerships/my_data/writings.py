"""What somebody reads of what they wrote down, agreed to and want to reach with others."""

from collections.abc import Callable
from html import unescape
from typing import Any

from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy

from mentorship.common.templatetags.prose import markdown
from mentorship.partnerships.my_data.with_whom import LABEL, load_members, load_others, names_but, others_of
from mentorship.partnerships.words import together
from mentorship.records.reading import Matter, Reading, plain_words


def _note_line(writer: str) -> Callable[[Any], tuple[str, list[str]]]:
    """Return the line for a note of the person in the column `writer`: with whom and when, then its paragraphs."""

    def line(row: Any) -> tuple[str, list[str]]:
        names = together(names_but(row.partnership, getattr(row, writer)))
        return f"{names} · {plain_words(row.written_at)}", _paragraphs(row.text)

    return line


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in str(text).splitlines() if line.strip()]


def _goal_line(row: Any) -> tuple[str, str]:
    return together(names_but(row.partnership, row.added_by_id)), f"{row.title}: {row.get_progress_display()}"


SHARED_NOTES = Reading(
    Matter.PAIRS,
    gettext_lazy("Notes that you shared"),
    labels={"partnership": LABEL},
    words={"text": lambda row: _paragraphs(row.text)},
    line=_note_line("author_id"),
    hidden="author",
    load=load_members,
)
PRIVATE_NOTES = Reading(
    Matter.PAIRS,
    gettext_lazy("Notes for yourself"),
    labels={"partnership": LABEL},
    words={"text": lambda row: _paragraphs(row.text)},
    line=_note_line("owner_id"),
    hidden="owner",
    load=load_members,
)
GOALS = Reading(
    Matter.PAIRS,
    gettext_lazy("Goals that you added for your meetings"),
    labels={"partnership": LABEL, "words": gettext_lazy("a goal in my own words")},
    words={"words": lambda row: row.words},
    line=_goal_line,
    hidden="order added_by",
    load=load_members,
)
AGREEMENTS = Reading(
    Matter.PAIRS,
    gettext_lazy("Agreements that you accepted"),
    labels={"membership": LABEL},
    words={"membership": others_of, "text": lambda row: _paragraphs(unescape(strip_tags(markdown(row.text))))},
    load=load_others,
)
CALENDARS = Reading(
    Matter.PAIRS, gettext_lazy("Your calendar address"), labels={"made_at": gettext_lazy("made on")}, hidden="person"
)
