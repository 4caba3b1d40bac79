"""Why these two, or why nobody, as data that coordinators may read: nothing of identity, score or price is in it."""

from collections.abc import Iterable, Mapping
from typing import Any

from matching.engine import NoMentor, Reason

LISTS = {"slot": "slots", "mode": "modes", "language": "languages", "waived": "waived"}
RANKS = {"mentee_favourite", "mentor_favourite"}
MARKS = {"no_common_slot", "pin", "keep"}


def paired(reasons: Iterable[Reason], *, rotates: bool) -> dict[str, Any]:
    """The engine's reasons for a pair, by what is said; what isn't named here, identity above all, is dropped.

    {"goals": [{"key", "weight", "strength"}], "slots": [], "modes": [], "languages": [], "mentee_favourite": rank,
    "mentor_favourite": rank, "no_common_slot": true, "pin": true, "waived": [rule codes], "keep": true,
    "rotates": true}; what doesn't hold is left out. Where a schedule rotates, times say nothing.
    """
    told: dict[str, Any] = {}
    for reason in reasons:
        if reason.code == "goal":
            goal = {"key": reason.key, "weight": reason.weight, "strength": reason.strength}
            told.setdefault("goals", []).append(goal)
        elif reason.code in LISTS:
            told.setdefault(LISTS[reason.code], []).append(reason.key)
        elif reason.code in RANKS:
            told[reason.code] = reason.rank
        elif reason.code in MARKS:
            told[reason.code] = True
    if rotates:
        told["rotates"] = True
        told.pop("slots", None)
        told.pop("no_common_slot", None)
    return told


def alone(reason: NoMentor) -> dict[str, Any]:
    """Why a mentee has nobody: {"nobody": code, "open": mentors left, "removed": {rule: mentors}, …competition}."""
    told: dict[str, Any] = {"nobody": reason.code, "open": reason.open, "removed": dict(reason.removed)}
    if reason.code == "competition":
        told |= {"mentees": reason.mentees, "mentors": reason.mentors, "places": reason.places}
    return told


def left_out() -> dict[str, Any]:
    """A coordinator leaves a mentee without a mentor."""
    return {"nobody": "left_out"}


def displaced(removed: Mapping[str, int]) -> dict[str, Any]:
    """A coordinator's change leaves nobody for a mentee; `removed` says what the rules took away besides."""
    return {"nobody": "displaced", "removed": dict(removed)}
