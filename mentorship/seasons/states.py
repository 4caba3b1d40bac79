"""The phases of a season and which may follow which; pure, without Django."""

from enum import StrEnum

from mentorship.common.states import Move, StateTable


class Phase(StrEnum):
    """Where a season stands, in the order of its life."""

    DRAFT = "draft"
    UPCOMING = "upcoming"
    APPLYING = "applying"
    REVIEWING = "reviewing"
    RUNNING = "running"
    CLOSING = "closing"
    CLOSED = "closed"
    ARCHIVED = "archived"


PUBLISHED = frozenset(Phase) - {Phase.DRAFT}

PHASES = StateTable(
    "season",
    [
        Move("draft", "upcoming", "coordinator", "published before the opening day; nothing is missing"),
        Move("draft", "applying", "coordinator", "published after the opening day; nothing is missing"),
        Move("draft", "reviewing", "coordinator", "published after the closing day; nothing is missing"),
        Move("upcoming", "applying", "clock", "the opening day begins, or is moved to today"),
        Move("applying", "reviewing", "clock", "17:00 of the closing day, or the close is moved forward"),
        Move("reviewing", "applying", "coordinator", "the close is moved back before matches are announced"),
        Move("reviewing", "running", "coordinator", "matches are announced"),
        Move("running", "closing", "clock", "the last day of meetings is over"),
        Move("closing", "running", "coordinator", "the last day of meetings is moved back"),
        Move("closing", "closed", "clock", "the report is due"),
        Move("closed", "closing", "coordinator", "the report's day is moved back"),
        Move("closed", "running", "coordinator", "the last day of meetings is moved back"),
        Move("running", "closed", "coordinator", "the last days are moved forward"),
        Move("draft", "archived", "coordinator", "given up before anybody saw it"),
        Move("upcoming", "archived", "coordinator", "called off before anybody could apply"),
        Move("reviewing", "archived", "coordinator", "called off before anybody was matched"),
        Move("closed", "archived", "coordinator", "its time is over"),
    ],
)
