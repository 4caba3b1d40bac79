"""What the engine hands back for circles: who meets with whom, who is left and why, and what nothing exceeds."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from matching.engine.circles.problem import Kind
from matching.engine.problem import canonical_json
from matching.engine.records import to_plain
from matching.engine.trace import read_trace

CIRCLES_VERSION = "1"
"""Moves whenever the same problem could give other circles or another form of them."""


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle: members and facilitators by id, in the order of their ids.

    `id` is that of the kept circle it goes on from, or a new one.
    """

    id: str
    kind: Kind
    members: tuple[str, ...]
    facilitators: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoCircle:
    """Why a peer is in no circle.

    `code`: `no_theme` (named none) · `forbidden` (the coordinator ruled out every theme they named) ·
    `too_few_for_theme` (no theme of theirs had four people) · `no_common_time`, `no_shared_mode`,
    `no_shared_language` (four people on a theme, but not at one time, in one way, in one language) · `rules` (four
    people, but not without a rule of circles broken) · `competition` (a circle was possible; its people are of more
    use in others). `people` is the most who came together before that, them included, on `theme`.
    """

    code: str
    theme: str = ""
    people: int = 0


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A peer without a circle, and why."""

    peer: str
    reason: NoCircle


@dataclass(frozen=True, slots=True)
class Search:
    """What the solver says that nothing can exceed, and after how many nodes. Nothing but a search can check it."""

    bound: int
    nodes: int


@dataclass(frozen=True, slots=True)
class Prices:
    """A proof that needs no solver: prices by row of the programme, in units of 1/`scale`, and what they prove."""

    bound: int
    scale: int
    rows: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class CircleFigures:
    """The season's circles in numbers. `value` is `placements + wishes + guidance + stays`."""

    peers: int
    placed: int
    circles: int
    with_facilitator: int
    sizes: Mapping[str, int]
    kept_together: int
    value: int
    placements: int
    wishes: int
    guidance: int
    stays: int


@dataclass(frozen=True, slots=True)
class CircleTrace:
    """Solved circles with what it takes to check them. `gap` is bound − value; where it is 0 they are best.

    `bound` is the smaller of the search's and the prices'. The checksum is over everything else: it tells a slip,
    not a forger.
    """

    circles: tuple[Circle, ...]
    unplaced: tuple[Unplaced, ...]
    value: int
    bound: int
    gap: int
    search: Search
    prices: Prices
    figures: CircleFigures
    input_hash: str
    seed: str
    versions: Mapping[str, str]
    checksum: str = ""

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read a trace; TraceError says where the text is not one. Whether it holds is for `verify`."""
        return read_trace(cls, text)

    def to_json(self) -> str:
        """The canonical text: ASCII, sorted keys, no line breaks; what has its default is left out."""
        return canonical_json(to_plain(self))

    def sealed(self) -> "CircleTrace":
        """This trace with its checksum."""
        bare = replace(self, checksum="")
        return replace(bare, checksum=hashlib.sha256(bare.to_json().encode("ascii")).hexdigest())
