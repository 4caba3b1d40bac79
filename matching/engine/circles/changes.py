"""What if somebody moved, or two changed places: the exact difference, and the rules it would break."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from matching.engine.circles.board import Board
from matching.engine.circles.problem import CircleProblem
from matching.engine.circles.rules import broken_rules, circle_worth, told
from matching.engine.circles.trace import Circle
from matching.engine.reading import ProblemError, shown


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that a circle would break and does not break now, by the code under which coordinators see it."""

    circle: str
    code: str


@dataclass(frozen=True, slots=True)
class Change:
    """What a change comes to: difference in value and in people placed, rules newly broken, and the circles after."""

    value: int
    placed: int
    broken: tuple[Broken, ...]
    circles: tuple[Circle, ...]

    @property
    def allowed(self) -> bool:
        """Whether it breaks no rule."""
        return not self.broken


def what_if_moved(problem: CircleProblem, circles: Sequence[Circle], peer: str, to: str | None) -> Change:
    """This peer, wherever they are, in that circle; None: in none. ProblemError for an id that means nothing."""
    _check(problem, circles, (peer,), to)
    after = [_without(circle, peer) for circle in circles]
    return compared(problem, circles, [_with(circle, peer) if circle.id == to else circle for circle in after])


def what_if_swapped(problem: CircleProblem, circles: Sequence[Circle], one: str, other: str) -> Change:
    """These two in each other's place; whoever is in no circle leaves none to the other."""
    _check(problem, circles, (one, other), None)
    names = {one: other, other: one}
    after = [
        replace(circle, members=tuple(sorted(names.get(member, member) for member in circle.members)))
        for circle in circles
    ]
    return compared(problem, circles, after)


def compared(problem: CircleProblem, before: Sequence[Circle], after: Sequence[Circle]) -> Change:
    """The difference between two states of the same circles; one that is emptied is closed and breaks nothing."""
    board = Board(problem)
    old = {circle.id: circle for circle in before}
    broken = [
        Broken(circle.id, code)
        for circle in after
        if circle.members and circle != old[circle.id]
        for code in told(_breaks(board, circle))
        if code not in told(_breaks(board, old[circle.id]))
    ]
    return Change(
        value=total(board, after) - total(board, before),
        placed=sum(len(c.members) for c in after) - sum(len(c.members) for c in before),
        broken=tuple(broken),
        circles=tuple(circle for circle in after if circle.members),
    )


def total(board: Board, circles: Sequence[Circle]) -> int:
    """What these circles are worth together."""
    return sum(circle_worth(board, c.kind, c.members, c.facilitators if c.members else ()).value for c in circles)


def _breaks(board: Board, circle: Circle) -> tuple[str, ...]:
    return broken_rules(board, circle.kind, circle.members, circle.facilitators, circle.id)


def _without(circle: Circle, peer: str) -> Circle:
    return replace(circle, members=tuple(member for member in circle.members if member != peer))


def _with(circle: Circle, peer: str) -> Circle:
    return replace(circle, members=tuple(sorted((*circle.members, peer))))


def _check(problem: CircleProblem, circles: Sequence[Circle], peers: Sequence[str], to: str | None) -> None:
    known = {peer.id for peer in problem.peers}
    for peer in peers:
        if peer not in known:
            raise ProblemError(f"peer {shown(peer)}: id: nobody has this id")
    if to is not None and to not in {circle.id for circle in circles}:
        raise ProblemError(f"circle {shown(to)}: id: no circle has this id")
