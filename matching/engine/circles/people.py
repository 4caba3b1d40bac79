"""Who takes part in a season's circles: peers and facilitators, as frozen values that hold nothing of identity."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, Self

from matching.engine.people import HEAVIEST, only, unique
from matching.engine.reading import (
    ProblemError,
    check_within,
    read_list,
    read_object,
    read_text,
    read_texts,
    read_weights,
    read_whole,
    shown,
)

TEXTS = ("managers", "slots", "modes", "languages", "avoid")
"""The lists of texts that peers and facilitators have in common; each is a set."""


@dataclass(frozen=True, kw_only=True)
class Participant:
    """What peers and facilitators have in common.

    Empty `slots` mean any time, empty `modes` and `languages` any. `managers` is the whole chain above the person.
    """

    role: ClassVar[str] = "participant"

    id: str
    unit: str = ""
    managers: tuple[str, ...] = ()
    slots: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.id:
            raise ProblemError(f"{self.role}: id: must be a text that is not empty")
        for name in TEXTS:
            self._settle(name, unique(getattr(self, name)))

    def __str__(self) -> str:
        return f"{self.role} {shown(self.id)}"

    def _settle(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def among(self, known: Mapping[str, object]) -> Self:
        """This person in a season: only the ids of people who are in it."""
        return replace(self, managers=only(self.managers, known), avoid=only(self.avoid, known))

    def to_dict(self) -> dict[str, object]:
        """The JSON object of the problem format; what is empty is left out."""
        record: dict[str, object] = {"id": self.id}
        if self.unit:
            record["unit"] = self.unit
        for name in TEXTS:
            if texts := getattr(self, name):
                record[name] = list(texts)
        return record


@dataclass(frozen=True, kw_only=True)
class Peer(Participant):
    """Somebody who would share a circle on one of these themes (weights from 1 to 3: how much they want it)."""

    role: ClassVar[str] = "peer"

    themes: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__post_init__()
        for theme, weight in self.themes.items():
            check_within(weight, f"{self}: themes.{shown(theme)}", 0, HEAVIEST)
        self._settle("themes", {theme: self.themes[theme] for theme in sorted(self.themes) if self.themes[theme]})

    def share(self, theme: str) -> int:
        """How much of their strongest wish this theme is, 0..100; a long list of wishes counts no less than one."""
        return 100 * self.themes.get(theme, 0) // max(self.themes.values(), default=1)

    def to_dict(self) -> dict[str, object]:
        """The JSON object of the problem format."""
        return super().to_dict() | ({"themes": dict(self.themes)} if self.themes else {})


@dataclass(frozen=True, kw_only=True)
class Facilitator(Participant):
    """Somebody who guides up to `capacity` circles; empty `themes` mean any."""

    role: ClassVar[str] = "facilitator"

    themes: tuple[str, ...] = ()
    capacity: int = 1

    def __post_init__(self) -> None:
        super().__post_init__()
        check_within(self.capacity, f"{self}: capacity", 0)
        self._settle("themes", unique(self.themes))

    def to_dict(self) -> dict[str, object]:
        """The JSON object of the problem format."""
        record = super().to_dict() | {"capacity": self.capacity}
        if self.themes:
            record["themes"] = list(self.themes)
        return record


COMMON_FIELDS = frozenset(Participant.__dataclass_fields__)


def read_record(value: object, place: str, fields: Collection[str]) -> dict[str, object]:
    """An object that is there and has no other fields."""
    if not isinstance(value, dict):
        raise ProblemError(f"{place}: must be an object")
    return read_object(value, place, fields)


def _read_common(
    value: object, place: str, role: str, own: set[str]
) -> tuple[dict[str, object], str, dict[str, object]]:
    if not isinstance(value, dict):
        raise ProblemError(f"{place}: must be an object")
    identifier = read_text(value.get("id"), f"{place}: id", required=True)
    name = f"{role} {shown(identifier)}"
    record = read_object(value, name, COMMON_FIELDS | own)
    common: dict[str, object] = {"id": identifier, "unit": read_text(record.get("unit"), f"{name}: unit")}
    for text in TEXTS:
        common[text] = read_texts(record.get(text), f"{name}: {text}")
    return record, name, common


def read_peers(value: object) -> tuple[Peer, ...]:
    """The peers of a problem."""
    peers = []
    for place, entry in enumerate(read_list(value, "peers")):
        record, name, common = _read_common(entry, f"peers[{place}]", Peer.role, {"themes"})
        themes = read_weights(record.get("themes"), f"{name}: themes")
        peers.append(Peer(themes=themes, **common))  # type: ignore[arg-type]
    return tuple(peers)


def read_facilitators(value: object) -> tuple[Facilitator, ...]:
    """The facilitators of a problem."""
    facilitators = []
    for place, entry in enumerate(read_list(value, "facilitators")):
        record, name, common = _read_common(entry, f"facilitators[{place}]", Facilitator.role, {"themes", "capacity"})
        facilitators.append(
            Facilitator(
                themes=read_texts(record.get("themes"), f"{name}: themes"),
                capacity=read_whole(record.get("capacity"), f"{name}: capacity", 1),
                **common,  # type: ignore[arg-type]
            )
        )
    return tuple(facilitators)
