"""How circles and their proof become a trace: one way for the solver to say it and the verifier to check it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from matching.engine.circles.board import Board
from matching.engine.circles.problem import Kind
from matching.engine.circles.reasons import why_unplaced
from matching.engine.circles.rules import circle_worth
from matching.engine.circles.trace import Circle, CircleFigures, CircleTrace, Prices, Search, Unplaced


@dataclass(frozen=True, order=True)
class Made:
    """A circle before it has a name: its kind, members and facilitators in the order of their ids."""

    kind: Kind
    members: tuple[str, ...]
    facilitators: tuple[str, ...] = ()


def assemble(
    board: Board, made: Sequence[Made], search: Search, prices: Prices, versions: Mapping[str, str]
) -> CircleTrace:
    """The trace of these circles."""
    circles = named(board, made)
    placed = {member for circle in circles for member in circle.members}
    figures = season_figures(board, circles)
    bound = min(search.bound, prices.bound)
    return CircleTrace(
        circles=circles,
        unplaced=tuple(
            Unplaced(peer.id, why_unplaced(board, board.row[peer.id]))
            for peer in board.problem.peers
            if peer.id not in placed
        ),
        value=figures.value,
        bound=bound,
        gap=bound - figures.value,
        search=search,
        prices=prices,
        figures=figures,
        input_hash=board.problem.input_hash,
        seed=board.problem.settings.seed,
        versions=dict(versions),
    ).sealed()


def named(board: Board, made: Sequence[Made]) -> tuple[Circle, ...]:
    """These circles in order, each with the id of the kept circle that it goes on from, or a new one.

    Whoever is pinned to a kept circle settles it; otherwise it is the one of its theme with most members in common.
    """
    ordered = sorted(made)
    names: dict[int, str] = {}
    for place, circle in enumerate(ordered):
        for member in circle.members:
            if member in board.pins and board.pins[member].circle:
                names[place] = board.pins[member].circle
    common = sorted(
        (-len(set(kept.members) & set(circle.members)), kept.id, place)
        for place, circle in enumerate(ordered)
        for kept in board.problem.keep
        if kept.theme == circle.kind.theme and set(kept.members) & set(circle.members)
    )
    for _, identifier, place in common:
        if place not in names and identifier not in names.values():
            names[place] = identifier
    fresh = (name for number in range(1, 2 * len(ordered) + 2 + len(board.kept)) if (name := f"new-{number}"))
    unused = (name for name in fresh if name not in board.kept)
    return tuple(
        Circle(names[place] if place in names else next(unused), circle.kind, circle.members, circle.facilitators)
        for place, circle in enumerate(ordered)
    )


def season_figures(board: Board, circles: Sequence[Circle]) -> CircleFigures:
    """The season's circles in numbers."""
    worths = [circle_worth(board, circle.kind, circle.members, circle.facilitators) for circle in circles]
    sizes: dict[str, int] = {}
    for circle in circles:
        sizes[str(len(circle.members))] = sizes.get(str(len(circle.members)), 0) + 1
    together = {pair for kept in board.problem.keep for pair in combinations(sorted(kept.members), 2)}
    return CircleFigures(
        peers=len(board.peers),
        placed=sum(len(circle.members) for circle in circles),
        circles=len(circles),
        with_facilitator=sum(bool(circle.facilitators) for circle in circles),
        sizes=sizes,
        kept_together=sum(pair in together for c in circles for pair in combinations(sorted(c.members), 2)),
        value=sum(worth.value for worth in worths),
        placements=sum(worth.placements for worth in worths),
        wishes=sum(worth.wishes for worth in worths),
        guidance=sum(worth.guidance for worth in worths),
        stays=sum(worth.stays for worth in worths),
    )
