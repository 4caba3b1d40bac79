"""What a season puts before the engine: settings, people and pairs with a say, as one value in one canonical form.

However a problem is made (read from JSON or built in Python), it comes out sorted by id, without duplicates,
without ids that mean nothing here and without identity that was not opted in. Its hash is taken over that form.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol, Self, TypeAlias, TypeVar

from matching.engine.people import Mentee, Mentor, read_mentees, read_mentors, unique
from matching.engine.reading import (
    LARGEST,
    ProblemError,
    check_within,
    read_flag,
    read_json,
    read_list,
    read_object,
    read_text,
    read_texts,
    read_whole,
    shown,
)

__all__ = ["Mentee", "Mentor", "Pin", "Problem", "ProblemError", "Settings", "parse"]

IdPair: TypeAlias = tuple[str, str]


class Named(Protocol):
    """Anybody with an id."""

    @property
    def id(self) -> str:
        """What lists know them by."""


AnyNamed = TypeVar("AnyNamed", bound=Named)

CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
EXACT, ROOM = 2**53, 16
"""Floats hold every whole number below this; a pair's weight stays this many times below, for a solver's sums."""
LARGEST_SUM = 2**63
"""The sum of all weights stays below this."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the season has decided; the defaults are those of the problem format.

    `cuts` are goal fits (1..100) under which as few pairs as possible may fall, the first named first.
    `rank_gap` bounds the mentor's rank minus the mentee's, both ends included.
    """

    cuts: tuple[int, ...] = (25, 50)
    identity: bool = False
    quiet_guard: bool = True
    seed: str = ""
    min_shared_slots: int = 0
    allow_same_unit: bool = False
    rank_gap: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        for cut in self.cuts:
            check_within(cut, "settings: cuts", 1, 100)
        object.__setattr__(self, "cuts", tuple(dict.fromkeys(self.cuts)))
        check_within(self.min_shared_slots, "settings: min_shared_slots", 0)
        if self.rank_gap is not None:
            least, most = self.rank_gap
            check_within(least, "settings: rank_gap", -LARGEST)
            check_within(most, "settings: rank_gap", least)

    def to_dict(self) -> dict[str, object]:
        """The JSON object of the problem format, every setting written out."""
        return {
            "cuts": list(self.cuts),
            "identity": self.identity,
            "quiet_guard": self.quiet_guard,
            "seed": self.seed,
            "min_shared_slots": self.min_shared_slots,
            "allow_same_unit": self.allow_same_unit,
            "rank_gap": None if self.rank_gap is None else list(self.rank_gap),
        }


@dataclass(frozen=True, order=True)
class Pin:
    """A pair that must be kept together; `waived` are the codes of the rules expressly set aside for it."""

    mentee: str
    mentor: str
    waived: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"pin {shown(self.mentee)}, {shown(self.mentor)}"

    def to_list(self) -> list[object]:
        """The JSON list of the problem format."""
        return [self.mentee, self.mentor, *([list(self.waived)] if self.waived else [])]


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One season's matching, ready to solve. Pairs of ids are (mentee, mentor).

    Raises ProblemError for an id used twice on one side, and for a pin that names nobody, is the second of its
    mentee or goes beyond its mentor's capacity. Whether rules block a pin is said when the problem is solved.
    """

    settings: Settings
    mentors: tuple[Mentor, ...] = ()
    mentees: tuple[Mentee, ...] = ()
    pins: tuple[Pin, ...] = ()
    forbid: tuple[IdPair, ...] = ()
    keep: tuple[IdPair, ...] = ()
    past: tuple[IdPair, ...] = ()

    def __post_init__(self) -> None:
        mentors, mentees = by_id(self.mentors), by_id(self.mentees)
        identity = self.settings.identity
        self._settle("mentors", tuple(mentor.among(mentees, identity=identity) for mentor in mentors.values()))
        self._settle("mentees", tuple(mentee.among(mentors, identity=identity) for mentee in mentees.values()))
        self._settle("pins", _merged(self.pins, mentees, mentors))
        for name in ("forbid", "keep", "past"):
            pairs: set[IdPair] = {p for p in getattr(self, name) if p[0] in mentees and p[1] in mentors}
            self._settle(name, tuple(sorted(pairs)))
        digit, digits = self.most_pairs + 1, len(self.settings.cuts) + 2
        if digit**digits >= LARGEST_SUM or ROOM * digit ** (digits - 1) >= EXACT:
            raise ProblemError(f"settings: cuts: {len(self.settings.cuts)} are too many for a season of this size")

    def _settle(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    @property
    def most_pairs(self) -> int:
        """No more pairs than this can be made: the number of mentees or of places, whichever is smaller."""
        return min(len(self.mentees), sum(mentor.capacity for mentor in self.mentors))

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read a problem from JSON text; ProblemError says what is wrong with it, in one line."""
        return cls.from_dict(read_json(text))

    @classmethod
    def from_dict(cls, value: object) -> Self:
        """Read a problem from what JSON holds; see `parse`."""
        fields = ("settings", "mentors", "mentees", "pins", "forbid", "keep", "past")
        if not isinstance(value, dict):
            raise ProblemError("problem: must be an object")
        record = read_object(value, "problem", fields)
        settings = _read_settings(record.get("settings"))
        return cls(
            settings=settings,
            mentors=read_mentors(record.get("mentors"), identity=settings.identity),
            mentees=read_mentees(record.get("mentees"), identity=settings.identity),
            pins=_read_pins(record.get("pins")),
            forbid=_read_pairs(record.get("forbid"), "forbid"),
            keep=_read_pairs(record.get("keep"), "keep"),
            past=_read_pairs(record.get("past"), "past"),
        )

    def to_json(self) -> str:
        """The canonical text: equal problems, and only they, have the same one. ASCII, without line breaks."""
        record: dict[str, object] = {
            "settings": self.settings.to_dict(),
            "mentors": [mentor.to_dict() for mentor in self.mentors],
            "mentees": [mentee.to_dict() for mentee in self.mentees],
            "pins": [pin.to_list() for pin in self.pins],
            "forbid": self.forbid,
            "keep": self.keep,
            "past": self.past,
        }
        return canonical_json(record)

    @cached_property
    def input_hash(self) -> str:
        """SHA-256 of the canonical text, in hexadecimal."""
        return hashlib.sha256(self.to_json().encode("ascii")).hexdigest()

    def between(self, mentee_id: str, mentor_id: str) -> "Problem":
        """The problem of these two alone, without pins; KeyError for an id that nobody has."""
        mentees = {mentee.id: mentee for mentee in self.mentees}
        mentors = {mentor.id: mentor for mentor in self.mentors}
        return replace(self, mentees=(mentees[mentee_id],), mentors=(mentors[mentor_id],), pins=())


def parse(value: object) -> Problem:
    """Read a problem from the dictionary that its JSON holds.

    Raises ProblemError with one line that names the record and the field.
    """
    return Problem.from_dict(value)


def canonical_json(value: object) -> str:
    """JSON with sorted keys, no spaces and ASCII only: one text for one value."""
    return CANONICAL.encode(value)


def by_id(people: Iterable[AnyNamed]) -> dict[str, AnyNamed]:
    """These people in the order of their ids; ProblemError where one appears twice."""
    known: dict[str, AnyNamed] = {}
    for person in people:
        if person.id in known:
            raise ProblemError(f"{person}: id: appears twice")
        known[person.id] = person
    return {identifier: known[identifier] for identifier in sorted(known)}


def _merged(pins: Iterable[Pin], mentees: Mapping[str, Mentee], mentors: Mapping[str, Mentor]) -> tuple[Pin, ...]:
    by_mentee: dict[str, Pin] = {}
    taken: dict[str, int] = {}
    for pin in sorted(pins):
        if pin.mentee not in mentees:
            raise ProblemError(f"{pin}: mentee: nobody has this id")
        if pin.mentor not in mentors:
            raise ProblemError(f"{pin}: mentor: nobody has this id")
        before = by_mentee.get(pin.mentee)
        if before is None:
            taken[pin.mentor] = taken.get(pin.mentor, 0) + 1
        elif before.mentor != pin.mentor:
            raise ProblemError(f"{pin}: mentee: is already pinned to {shown(before.mentor)}")
        waived = unique((*(before.waived if before else ()), *pin.waived))
        by_mentee[pin.mentee] = Pin(pin.mentee, pin.mentor, waived)
        if taken[pin.mentor] > mentors[pin.mentor].capacity:
            raise ProblemError(f"{pin}: mentor: has too few places for the pins")
    return tuple(by_mentee[mentee] for mentee in sorted(by_mentee))


def _read_settings(value: object) -> Settings:
    record = read_object(value, "settings", tuple(Settings.__dataclass_fields__))
    usual = Settings()
    cuts = tuple(read_whole(cut, "settings: cuts") for cut in read_list(record.get("cuts"), "settings: cuts"))
    gap = tuple(
        read_whole(end, "settings: rank_gap") for end in read_list(record.get("rank_gap"), "settings: rank_gap")
    )
    if record.get("rank_gap") is not None and len(gap) != 2:
        raise ProblemError("settings: rank_gap: must be null or [least, most]")
    return Settings(
        cuts=usual.cuts if record.get("cuts") is None else cuts,
        identity=read_flag(record.get("identity"), "settings: identity", usual.identity),
        quiet_guard=read_flag(record.get("quiet_guard"), "settings: quiet_guard", usual.quiet_guard),
        seed=read_text(record.get("seed"), "settings: seed"),
        min_shared_slots=read_whole(
            record.get("min_shared_slots"), "settings: min_shared_slots", usual.min_shared_slots
        ),
        allow_same_unit=read_flag(record.get("allow_same_unit"), "settings: allow_same_unit", usual.allow_same_unit),
        rank_gap=(gap[0], gap[1]) if len(gap) == 2 else None,
    )


def _read_pairs(value: object, name: str) -> tuple[IdPair, ...]:
    pairs = []
    for place, entry in enumerate(read_list(value, name)):
        ids = read_texts(entry, f"{name}[{place}]")
        if len(ids) != 2:
            raise ProblemError(f"{name}[{place}]: must be [mentee, mentor]")
        pairs.append((ids[0], ids[1]))
    return tuple(pairs)


def _read_pins(value: object) -> tuple[Pin, ...]:
    pins = []
    for place, entry in enumerate(read_list(value, "pins")):
        where = f"pins[{place}]"
        parts = read_list(entry, where)
        if len(parts) not in (2, 3):
            raise ProblemError(f"{where}: must be [mentee, mentor] or [mentee, mentor, [rule codes]]")
        mentee, mentor = (read_text(part, where, required=True) for part in parts[:2])
        waived = read_texts(parts[2], f"{where}: waived") if len(parts) == 3 else ()
        pins.append(Pin(mentee, mentor, waived))
    return tuple(pins)
