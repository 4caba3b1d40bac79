"""The season as arrays: who may be in a circle of which kind, what that is worth, and who may not meet whom.

People stand in an order drawn from the season's seed, so that their ids decide nothing among equals.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np

from matching.engine.circles.people import Facilitator, Participant, Peer
from matching.engine.circles.problem import LEAST, CirclePin, CircleProblem, KeptCircle, Kind
from matching.engine.reading import ProblemError
from matching.engine.tables import Mask, Whole

PLACED = 1000
"""A peer in a circle is worth this, and up to 100 more by how much they want its theme."""
GUIDED = 100
"""A circle with a facilitator is worth this: as much as somebody's dearest theme, never a place."""
STAYS = 100
"""A peer who keeps the theme and the time of an earlier run is worth this."""


@dataclass(frozen=True)
class Cell:
    """A kind of circle, or one circle of its own, as the programme sees it.

    `peers` and `facilitators` are places on the board, `worth` is what each of the peers would be worth in it.
    At most `most` circles are opened in it; `must` says that it is one that must be, since peers are pinned to it.
    """

    kind: Kind
    peers: Whole
    worth: Whole
    facilitators: Whole
    most: int
    must: bool = False
    kept: str = ""


class Board:
    """The people of a problem, the cells they could meet in, and their conflicts."""

    def __init__(self, problem: CircleProblem) -> None:
        self.problem = problem
        seed = problem.settings.seed
        self.peers: Sequence[Peer] = sorted(problem.peers, key=lambda peer: _ticket(seed, peer))
        self.facilitators: Sequence[Facilitator] = sorted(problem.facilitators, key=lambda one: _ticket(seed, one))
        self.row = {peer.id: row for row, peer in enumerate(self.peers)}
        self.guide = {facilitator.id: place for place, facilitator in enumerate(self.facilitators)}
        self.pins = {pin.peer: pin for pin in problem.pins}
        self.kept = {circle.id: circle for circle in problem.keep}
        self.before: dict[str, KeptCircle] = {member: c for c in problem.keep for member in c.members}

    @cached_property
    def units(self) -> Whole:
        """Per peer: the number of their work unit, or −1 for none, which nobody shares."""
        numbers: dict[str, int] = {}
        return np.array(
            [numbers.setdefault(p.unit, len(numbers)) if p.unit else -1 for p in self.peers], dtype=np.int64
        )

    @cached_property
    def capacity(self) -> Whole:
        """Per facilitator: the circles they can guide, at most as many as there could be."""
        most = len(self.peers) // LEAST
        return np.array([min(one.capacity, most) for one in self.facilitators], dtype=np.int64)

    @cached_property
    def conflicts(self) -> Mask:
        """Pairs of peers who may never share a circle."""
        return self._conflicts(self.row)

    @cached_property
    def guide_conflicts(self) -> Mask:
        """Facilitators × peers: who may never share a circle; nobody guides the circle they are a peer of."""
        return self._conflicts(self.guide)

    def _conflicts(self, side: dict[str, int]) -> Mask:
        mask = np.zeros((len(side), len(self.peers)), dtype=bool)
        for one, other in self._meant_apart():
            for first, second in ((one, other), (other, one)):
                if first in side and second in self.row and (first != second or side is self.guide):
                    mask[side[first], self.row[second]] = True
        return mask

    def _meant_apart(self) -> Iterable[tuple[str, str]]:
        yield from self.problem.apart
        for person in (*self.peers, *self.facilitators):
            for other in (*person.managers, *person.avoid):
                yield person.id, other
        for identifier in self.guide:
            yield identifier, identifier

    def stays(self, peer: Peer, kind: Kind) -> bool:
        """Whether this kind keeps a peer's theme and time of an earlier run."""
        before = self.before.get(peer.id)
        return before is not None and (before.theme, before.slot) == (kind.theme, kind.slot)

    def worth(self, peer: Peer, kind: Kind) -> int:
        """What this peer is worth in a circle of this kind."""
        return PLACED + peer.share(kind.theme) + STAYS * self.stays(peer, kind)

    def forbidden(self, peer: Peer, kind: Kind) -> bool:
        """Whether the coordinator ruled this peer out of this kind."""
        return any(
            f.peer == peer.id and f.theme == kind.theme and f.slot in ("", kind.slot) for f in self.problem.forbid
        )

    def hindrances(self, person: Participant, kind: Kind) -> tuple[str, ...]:
        """Why this person cannot be in a circle of this kind: codes of `WAIVABLE`, and `forbidden`."""
        themes = person.themes if isinstance(person, Peer | Facilitator) else ()
        free = isinstance(person, Facilitator) and not themes
        found = [] if free or kind.theme in themes else ["theme"]
        for code, texts, wanted in (
            ("time", person.slots, kind.slot),
            ("mode", person.modes, kind.mode),
            ("language", person.languages, kind.language),
        ):
            if texts and wanted not in texts:
                found.append(code)
        if isinstance(person, Peer) and self.forbidden(person, kind):
            found.append("forbidden")
        return tuple(found)

    def held_open(self, pin: CirclePin, kind: Kind) -> bool:
        """Whether a pinned peer may be in a circle of this kind, apart from the kept circle they are pinned to."""
        return not pin.circle and pin.theme == kind.theme and pin.slot in ("", kind.slot)

    @cached_property
    def axes(self) -> tuple[list[str], list[str], list[str]]:
        """All slots, modes and languages that anybody names; where nobody names any, the empty one."""
        people = (*self.peers, *self.facilitators)
        slots, modes, languages = (
            sorted({text for person in people for text in getattr(person, name)}) or [""]
            for name in ("slots", "modes", "languages")
        )
        return slots, modes, languages

    @cached_property
    def fits(self) -> tuple[Mask, Mask]:
        """Per combination of slot, mode and language (in the axes' order): the peers and facilitators it suits."""
        masks: list[Mask] = []
        for people in (self.peers, self.facilitators):
            by_axis = [
                np.array(
                    [[not getattr(p, name) or text in getattr(p, name) for p in people] for text in texts],
                    dtype=bool,
                ).reshape(len(texts), len(people))
                for name, texts in zip(("slots", "modes", "languages"), self.axes, strict=True)
            ]
            slots, modes, languages = by_axis
            whole = slots[:, None, None, :] & modes[None, :, None, :] & languages[None, None, :, :]
            masks.append(whole.reshape(len(self.combinations), len(people)))
        return masks[0], masks[1]

    @cached_property
    def combinations(self) -> list[tuple[str, str, str]]:
        """Slot, mode and language of each row of `fits`."""
        return list(product(*self.axes))

    @cached_property
    def themes(self) -> list[str]:
        """All themes that peers name."""
        return sorted({theme for peer in self.peers for theme in peer.themes})

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """The kinds that could have a circle and the kept circles with pins, in canonical order.

        A kind is left out where another of its theme suits the same peers and more, for the same worth, and the
        same facilitators: whatever meets in the one could meet in the other.
        """
        pooled = [cell for theme in self.themes for cell in self._kinds_of(theme)]
        return (*self._held(), *pooled)

    def _kinds_of(self, theme: str) -> list[Cell]:
        chosen = np.array([theme in peer.themes for peer in self.peers], dtype=bool)
        willing = np.array([not one.themes or theme in one.themes for one in self.facilitators], dtype=bool)
        suits, guides = self.fits[0] & chosen, self.fits[1] & willing
        stays = np.zeros_like(suits)
        slots = np.array([slot for slot, _, _ in self.combinations])
        for forbid in self.problem.forbid:
            if forbid.theme == theme:
                suits[(slots == forbid.slot) | (not forbid.slot), self.row[forbid.peer]] = False
        for pin in self.problem.pins:
            out = [not self.held_open(pin, Kind(theme, slot)) for slot in slots.tolist()]
            suits[np.array(out, dtype=bool), self.row[pin.peer]] = False
        for member, circle in self.before.items():
            if circle.theme == theme:
                stays[slots == circle.slot, self.row[member]] = True
        enough = np.nonzero(suits.sum(axis=1) >= LEAST)[0]
        everything = np.concatenate((suits, suits & stays, guides), axis=1)[enough].astype(np.float32)
        sizes = everything.sum(axis=1)
        inside = (everything @ everything.T) == sizes[:, None]
        bigger = sizes[None, :] > sizes[:, None]
        earlier = np.arange(len(enough))[None, :] < np.arange(len(enough))[:, None]
        dominated = (inside & (bigger | ((sizes[None, :] == sizes[:, None]) & earlier))).any(axis=1)
        return [
            self._cell(Kind(theme, *self.combinations[combination]), suits[combination], guides[combination])
            for combination in enough[~dominated].tolist()
        ]

    def _cell(self, kind: Kind, suits: Mask, guides: Mask, *, must: bool = False, kept: str = "") -> Cell:
        peers = np.nonzero(suits)[0]
        worth = np.array([self.worth(self.peers[row], kind) for row in peers.tolist()], dtype=np.int64)
        most = 1 if must else len(peers) // LEAST
        return Cell(kind, peers, worth, np.nonzero(guides & (self.capacity > 0))[0], most, must, kept)

    def _held(self) -> list[Cell]:
        cells = []
        for identifier in sorted({pin.circle for pin in self.problem.pins if pin.circle}):
            kind = self.kept[identifier].kind
            suits = np.array([self._may_join(peer, identifier, kind) for peer in self.peers], dtype=bool)
            guides = np.array([not self.hindrances(one, kind) for one in self.facilitators], dtype=bool)
            cells.append(self._cell(kind, suits, guides, must=True, kept=identifier))
        return cells

    def _may_join(self, peer: Peer, circle: str, kind: Kind) -> bool:
        pin = self.pins.get(peer.id)
        hindrances = self.hindrances(peer, kind)
        if pin is None or pin.circle != circle:
            return not hindrances and (pin is None or self.held_open(pin, kind))
        if hindering := [code for code in hindrances if code not in pin.waived]:
            raise ProblemError(f"{pin}: circle: is ruled out by {', '.join(hindering)}")
        return True


def _ticket(seed: str, person: Participant) -> tuple[bytes, str]:
    return hashlib.sha256(f"{seed}\n{person.id}".encode()).digest(), person.id
