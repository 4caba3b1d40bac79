"""What the engine hands back: pairs with reasons, who is left and why, the proofs, and the season's figures.

A trace never holds an identity value. That a dimension was matched, and scores and prices from which it could
be worked out, are in it: the trace of a season that matches on identity is for the server's eyes alone.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self, TypeVar

from matching.engine.problem import canonical_json
from matching.engine.records import RecordError, from_plain, to_plain

ENGINE_VERSION = "1"
"""Moves whenever the same problem could give another result or another form of it."""


AnyTrace = TypeVar("AnyTrace")


class TraceError(ValueError):
    """Text that is not a trace; one line naming the place."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason why these two, as data. What the fields mean depends on the code:

    `goal` (key, weight: how much the mentee wants it, strength: 1 some, 2 strong) · `slot`, `mode`, `language`
    (key: one that suits both) · `no_common_slot` (a warning: both named times, none is the same) ·
    `mentee_favourite`, `mentor_favourite` (rank: 1 first, on that person's list) · `identity` (key: a dimension
    on which both asked and share something; tell nobody but the two, and them only where both said it may be
    shown) · `pin` · `waived` (key: a rule set aside for the pin) · `keep`.
    """

    code: str
    key: str = ""
    weight: int = 0
    strength: int = 0
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Pair:
    """A mentee with their mentor; `fit` is goal fit (0..100), `score` the whole score (0..1000)."""

    mentee: str
    mentor: str
    fit: int
    score: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class NoMentor:
    """Why somebody is left without a mentor.

    `code` is `no_mentors` (there are none), `rules` (they removed every one) or `competition`. `removed` counts
    the mentors that rules removed, each under the first rule, private ones under "other"; `open` the mentors left.
    With competition: `mentees` people, this one among them, compete for the `places` of `mentors` mentors, and
    none of them may go to anybody else.
    """

    code: str
    open: int
    removed: Mapping[str, int]
    mentees: int = 0
    mentors: int = 0
    places: int = 0


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Somebody without a mentor, and why."""

    mentee: str
    reason: NoMentor


@dataclass(frozen=True, slots=True)
class Duals:
    """A certificate's prices by id; a price of 0 is left out."""

    mentees: Mapping[str, int]
    mentors: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Stage:
    """A tier: what the pairs reach in it, what nobody could exceed, and the prices that prove it.

    Value and bound count the pins, which the prices don't touch.
    """

    name: str
    value: int
    bound: int
    duals: Duals


@dataclass(frozen=True, slots=True)
class Blind:
    """What the quiet guard measured against: the best matching of one who cannot see identity.

    It shares the tiers before these with the trace it is part of.
    """

    pairs: tuple[tuple[str, str], ...]
    stages: tuple[Stage, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """So many asked for something, and so many of them got it."""

    asked: int
    met: int


@dataclass(frozen=True, slots=True)
class Spread:
    """Goal fit over pairs: sum, least, lower median, and pairs per band of ten (100 is in the last)."""

    total: int
    least: int
    median: int
    bands: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class BlindFigures:
    """The season beside its blind run: fit and wishes met there, and how many quiet mentees are lower here."""

    fit: Spread
    wishes_met: int
    quiet: int
    quiet_lower: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The season in numbers.

    `allowed` counts the pairs that no rule removes, `removed` the others under the first rule each, `below` the
    pairs under each cut. Of `priority`, `kept` and the favourites' shares, whoever has one counts once; a wish is
    one mentee and one dimension. `wishes` and `blind` are missing where the season or the guard has none.
    """

    mentees: int
    mentors: int
    places: int
    allowed: int
    removed: Mapping[str, int]
    pairs: int
    pinned: int
    priority: Share
    kept: Share
    below: Mapping[str, int]
    fit: Spread
    mentee_favourites: Share
    mentor_favourites: Share
    wishes: Share | None = None
    blind: BlindFigures | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """A solved season with everything it takes to check it. People come in the order of their ids."""

    pairs: tuple[Pair, ...]
    unmatched: tuple[Unmatched, ...]
    stages: tuple[Stage, ...]
    figures: Figures
    input_hash: str
    seed: str
    versions: Mapping[str, str]
    blind: Blind | None = None

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read a trace; TraceError says where the text is not one. Whether it holds is for `verify`."""
        return read_trace(cls, text)

    def to_json(self) -> str:
        """The canonical text: ASCII, sorted keys, no line breaks; what has its default is left out."""
        return canonical_json(to_plain(self))


def read_trace(kind: type[AnyTrace], text: str | bytes) -> AnyTrace:
    """The trace of this kind that the text holds; TraceError says where it is none."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise TraceError("trace: is not JSON") from None
    try:
        trace: AnyTrace = from_plain(kind, value, "trace")
    except RecordError as error:
        raise TraceError(str(error)) from None
    return trace
