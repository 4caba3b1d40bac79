"""What every circle must keep, each as a named value that a person can read aloud, and what a circle is worth."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from matching.engine.circles.board import GUIDED, PLACED, STAYS, Board
from matching.engine.circles.people import Participant
from matching.engine.circles.problem import LEAST, MOST, MOST_OF_UNIT, Kind
from matching.engine.rules import OTHER


@dataclass(frozen=True)
class CircleRule:
    """A rule: its reason code, the rule in words, and whether it is told as "other"."""

    code: str
    sentence: str
    private: bool = False

    @property
    def told(self) -> str:
        """The code under which coordinators see this rule."""
        return OTHER if self.private else self.code


CIRCLE_RULES = (
    CircleRule("too_small", f"A circle has at least {LEAST} peers."),
    CircleRule("too_large", f"A circle has at most {MOST} peers."),
    CircleRule("same_unit", f"At most {MOST_OF_UNIT} peers of a circle work in the same unit."),
    CircleRule("theme", "Somebody did not choose the theme."),
    CircleRule("time", "Somebody is not free at that time."),
    CircleRule("mode", "Somebody cannot meet that way."),
    CircleRule("language", "Somebody does not speak that language."),
    CircleRule("forbidden", "The coordinator said that somebody is not to be in such a circle."),
    CircleRule("pin", "The coordinator said that somebody is to be in another circle."),
    CircleRule("exclusion", "The coordinator said that two of them are not to share a circle."),
    CircleRule("supervisor_chain", "One of them supervises another, directly or further up."),
    CircleRule("same_person", "The facilitator is a peer of the circle.", private=True),
    CircleRule("avoidance", "One of them asked not to be with another.", private=True),
)
CODES = {rule.code: rule for rule in CIRCLE_RULES}


def told(codes: Iterable[str]) -> tuple[str, ...]:
    """Codes of circle rules as coordinators may see them: each once, private ones as "other"."""
    wanted = set(codes)
    return tuple(dict.fromkeys(rule.told for rule in CIRCLE_RULES if rule.code in wanted))


def broken_rules(
    board: Board, kind: Kind, members: Sequence[str], facilitators: Sequence[str] = (), kept: str = ""
) -> tuple[str, ...]:
    """The codes that this circle breaks, in the order of the rules; `kept` is the kept circle it goes on from."""
    found: set[str] = set()
    if len(members) < LEAST:
        found.add("too_small")
    if len(members) > MOST:
        found.add("too_large")
    units = [unit for member in members if (unit := board.peers[board.row[member]].unit)]
    if any(units.count(unit) > MOST_OF_UNIT for unit in units):
        found.add("same_unit")
    for member in members:
        found |= _member_breaks(board, kind, member, kept)
    for facilitator in facilitators:
        found |= set(board.hindrances(board.facilitators[board.guide[facilitator]], kind))
        found |= {"same_person"} if facilitator in members else set()
    found |= _between(board, [*members, *(one for one in facilitators if one not in members)], set(members))
    return tuple(rule.code for rule in CIRCLE_RULES if rule.code in found)


def _member_breaks(board: Board, kind: Kind, member: str, kept: str) -> set[str]:
    peer = board.peers[board.row[member]]
    hindrances = set(board.hindrances(peer, kind))
    pin = board.pins.get(member)
    if pin is not None and pin.circle and pin.circle == kept and kind == board.kept[kept].kind:
        return hindrances - set(pin.waived)
    if pin is not None and not board.held_open(pin, kind):
        return hindrances | {"pin"}
    return hindrances


def _between(board: Board, people: list[str], members: set[str]) -> set[str]:
    """Rules between two people; two facilitators of one circle are nobody's business but their own."""
    found = set()
    for place, one in enumerate(people):
        for other in people[place + 1 :]:
            if one in members or other in members:
                found |= set(clashes(board, one, other))
    return found


def clashes(board: Board, one: str, other: str) -> set[str]:
    """The rules that keep these two out of one circle."""
    found = set()
    if (min(one, other), max(one, other)) in board.problem.apart:
        found.add("exclusion")
    for mine, theirs in ((one, other), (other, one)):
        for person in _records(board, mine):
            if theirs in person.managers:
                found.add("supervisor_chain")
            if theirs in person.avoid:
                found.add("avoidance")
    return found


def _records(board: Board, identifier: str) -> list[Participant]:
    records: list[Participant] = []
    if identifier in board.row:
        records.append(board.peers[board.row[identifier]])
    if identifier in board.guide:
        records.append(board.facilitators[board.guide[identifier]])
    return records


@dataclass(frozen=True)
class Worth:
    """What circles are worth, by part."""

    placements: int
    wishes: int
    guidance: int
    stays: int

    @property
    def value(self) -> int:
        """The whole of it."""
        return self.placements + self.wishes + self.guidance + self.stays


def circle_worth(board: Board, kind: Kind, members: Sequence[str], facilitators: Sequence[str]) -> Worth:
    """What a circle is worth, whether or not it keeps the rules."""
    peers = [board.peers[board.row[member]] for member in members]
    return Worth(
        placements=PLACED * len(peers),
        wishes=sum(peer.share(kind.theme) for peer in peers),
        guidance=GUIDED if facilitators else 0,
        stays=STAYS * sum(board.stays(peer, kind) for peer in peers),
    )
