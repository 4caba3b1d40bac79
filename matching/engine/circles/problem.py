"""What a season puts before the engine for its circles, as one value in one canonical form.

It comes out sorted, without duplicates and without ids that mean nothing here, however it was made.
"""

import hashlib
from dataclasses import dataclass, replace
from typing import Self

from matching.engine.circles.people import Facilitator, Peer, read_facilitators, read_peers, read_record
from matching.engine.people import only, unique
from matching.engine.problem import IdPair, by_id, canonical_json
from matching.engine.reading import (
    ProblemError,
    read_flag,
    read_json,
    read_list,
    read_object,
    read_text,
    read_texts,
    shown,
)

LEAST, MOST, MOST_OF_UNIT = 4, 8, 2
"""A circle has four to eight peers, and at most two of one work unit."""
WAIVABLE = ("theme", "time", "mode", "language")
"""What a coordinator may expressly set aside for a pin."""


@dataclass(frozen=True, kw_only=True)
class CircleSettings:
    """What the season has decided. `seed` draws the order in which equals are looked at."""

    seed: str = ""
    second_facilitator: bool = False

    def to_dict(self) -> dict[str, object]:
        """The JSON object of the problem format."""
        return {"seed": self.seed, "second_facilitator": self.second_facilitator}


@dataclass(frozen=True, order=True)
class Kind:
    """When, how and on what a circle meets. An empty slot, mode or language: nobody named any."""

    theme: str
    slot: str = ""
    mode: str = ""
    language: str = ""


@dataclass(frozen=True, kw_only=True, order=True)
class KeptCircle:
    """A circle of an earlier run: who was together in it stays together where that costs nobody a place."""

    id: str
    theme: str
    slot: str = ""
    mode: str = ""
    language: str = ""
    members: tuple[str, ...] = ()
    facilitators: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"kept circle {shown(self.id)}"

    @property
    def kind(self) -> Kind:
        """When, how and on what it met."""
        return Kind(self.theme, self.slot, self.mode, self.language)

    def to_dict(self) -> dict[str, object]:
        """The JSON object of the problem format."""
        return {
            "id": self.id,
            "theme": self.theme,
            "slot": self.slot,
            "mode": self.mode,
            "language": self.language,
            "members": list(self.members),
            "facilitators": list(self.facilitators),
        }


@dataclass(frozen=True, kw_only=True, order=True)
class CirclePin:
    """A peer who must be in a circle of this theme (and slot, if one is named), or in this kept circle.

    `waived` are the codes among `WAIVABLE` that are set aside for it; only a pin to a kept circle may waive.
    """

    peer: str
    theme: str = ""
    slot: str = ""
    circle: str = ""
    waived: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"pin {shown(self.peer)}"

    def to_dict(self) -> dict[str, object]:
        """The JSON object of the problem format; what is empty is left out."""
        fields = {"theme": self.theme, "slot": self.slot, "circle": self.circle, "waived": list(self.waived)}
        return {"peer": self.peer} | {name: value for name, value in fields.items() if value}


@dataclass(frozen=True, kw_only=True, order=True)
class CircleForbid:
    """A peer who must not be in any circle of this theme (at this slot, if one is named)."""

    peer: str
    theme: str
    slot: str = ""

    def to_dict(self) -> dict[str, object]:
        """The JSON object of the problem format; what is empty is left out."""
        record: dict[str, object] = {"peer": self.peer, "theme": self.theme}
        return record | ({"slot": self.slot} if self.slot else {})


@dataclass(frozen=True, kw_only=True)
class CircleProblem:
    """One season's circles, ready to solve. `apart` are pairs that the coordinator keeps out of one circle.

    Raises ProblemError for an id used twice on one side, and for a pin that names nobody or nothing.
    """

    settings: CircleSettings
    peers: tuple[Peer, ...] = ()
    facilitators: tuple[Facilitator, ...] = ()
    pins: tuple[CirclePin, ...] = ()
    forbid: tuple[CircleForbid, ...] = ()
    apart: tuple[IdPair, ...] = ()
    keep: tuple[KeptCircle, ...] = ()

    def __post_init__(self) -> None:
        peers, facilitators = by_id(self.peers), by_id(self.facilitators)
        known = {**peers, **facilitators}
        self._settle("peers", tuple(peer.among(known) for peer in peers.values()))
        self._settle("facilitators", tuple(facilitator.among(known) for facilitator in facilitators.values()))
        kept: dict[str, KeptCircle] = {}
        members: dict[str, str] = {}
        for circle in sorted(self.keep):
            if circle.id in kept:
                raise ProblemError(f"{circle}: id: appears twice")
            for member in only(unique(circle.members), peers):
                if members.setdefault(member, circle.id) != circle.id:
                    raise ProblemError(f"{circle}: members: {shown(member)} is in two circles")
            kept[circle.id] = replace(
                circle,
                members=only(unique(circle.members), peers),
                facilitators=only(unique(circle.facilitators), facilitators),
            )
        self._settle("keep", tuple(kept.values()))
        self._settle("forbid", tuple(sorted({forbid for forbid in self.forbid if forbid.peer in peers})))
        apart = {(min(pair), max(pair)) for pair in self.apart if pair[0] in known and pair[1] in known}
        self._settle("apart", tuple(sorted(pair for pair in apart if pair[0] != pair[1])))
        pins: dict[str, CirclePin] = {}
        for pin in sorted({replace(pin, waived=unique(pin.waived)) for pin in self.pins}):
            if pin.peer not in peers:
                raise ProblemError(f"{pin}: peer: nobody has this id")
            if pin.peer in pins:
                raise ProblemError(f"{pin}: peer: is pinned twice")
            _check_pin(pin, kept)
            pins[pin.peer] = pin
        self._settle("pins", tuple(pins.values()))

    def _settle(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read a problem from JSON text; ProblemError says what is wrong with it, in one line."""
        return cls.from_dict(read_json(text))

    @classmethod
    def from_dict(cls, value: object) -> Self:
        """Read a problem from what JSON holds; ProblemError names the record and the field."""
        fields = ("settings", "peers", "facilitators", "pins", "forbid", "apart", "keep")
        record = read_record(value, "problem", fields)
        settings = read_object(record.get("settings"), "settings", ("seed", "second_facilitator"))
        return cls(
            settings=CircleSettings(
                seed=read_text(settings.get("seed"), "settings: seed"),
                second_facilitator=read_flag(
                    settings.get("second_facilitator"), "settings: second_facilitator", False
                ),
            ),
            peers=read_peers(record.get("peers")),
            facilitators=read_facilitators(record.get("facilitators")),
            pins=_read_pins(record.get("pins")),
            forbid=_read_forbid(record.get("forbid")),
            apart=_read_apart(record.get("apart")),
            keep=_read_keep(record.get("keep")),
        )

    def to_json(self) -> str:
        """The canonical text: equal problems, and only they, have the same one. ASCII, without line breaks."""
        lists = ("peers", "facilitators", "pins", "forbid", "keep")
        record: dict[str, object] = {name: [entry.to_dict() for entry in getattr(self, name)] for name in lists}
        return canonical_json(record | {"settings": self.settings.to_dict(), "apart": self.apart})

    @property
    def input_hash(self) -> str:
        """SHA-256 of the canonical text, in hexadecimal."""
        return hashlib.sha256(self.to_json().encode("ascii")).hexdigest()


def _check_pin(pin: CirclePin, kept: dict[str, KeptCircle]) -> None:
    if pin.circle and (pin.theme or pin.slot):
        raise ProblemError(f"{pin}: circle: a pin names a theme or a kept circle, not both")
    if pin.circle and pin.circle not in kept:
        raise ProblemError(f"{pin}: circle: no kept circle has this id")
    if not pin.circle and not pin.theme:
        raise ProblemError(f"{pin}: theme: must be a text that is not empty")
    for code in pin.waived:
        if code not in WAIVABLE or not pin.circle:
            raise ProblemError(f"{pin}: waived: may name {', '.join(WAIVABLE)}, and only for a kept circle")


def _read_pins(value: object) -> tuple[CirclePin, ...]:
    pins = []
    for place, entry in enumerate(read_list(value, "pins")):
        where = f"pins[{place}]"
        record = read_record(entry, where, ("peer", "theme", "slot", "circle", "waived"))
        texts = {name: read_text(record.get(name), f"{where}: {name}") for name in ("theme", "slot", "circle")}
        peer = read_text(record.get("peer"), f"{where}: peer", required=True)
        pins.append(CirclePin(peer=peer, waived=read_texts(record.get("waived"), f"{where}: waived"), **texts))
    return tuple(pins)


def _read_forbid(value: object) -> tuple[CircleForbid, ...]:
    forbid = []
    for place, entry in enumerate(read_list(value, "forbid")):
        where = f"forbid[{place}]"
        record = read_record(entry, where, ("peer", "theme", "slot"))
        peer, theme = (read_text(record.get(name), f"{where}: {name}", required=True) for name in ("peer", "theme"))
        forbid.append(CircleForbid(peer=peer, theme=theme, slot=read_text(record.get("slot"), f"{where}: slot")))
    return tuple(forbid)


def _read_apart(value: object) -> tuple[IdPair, ...]:
    pairs = []
    for place, entry in enumerate(read_list(value, "apart")):
        ids = read_texts(entry, f"apart[{place}]")
        if len(ids) != 2:
            raise ProblemError(f"apart[{place}]: must be two ids")
        pairs.append((ids[0], ids[1]))
    return tuple(pairs)


def _read_keep(value: object) -> tuple[KeptCircle, ...]:
    circles = []
    for place, entry in enumerate(read_list(value, "keep")):
        where = f"keep[{place}]"
        names = ("id", "theme", "slot", "mode", "language")
        record = read_record(entry, where, (*names, "members", "facilitators"))
        texts = {
            name: read_text(record.get(name), f"{where}: {name}", required=name in ("id", "theme")) for name in names
        }
        people = {name: read_texts(record.get(name), f"{where}: {name}") for name in ("members", "facilitators")}
        circles.append(KeptCircle(**texts, **people))  # type: ignore[arg-type]
    return tuple(circles)
