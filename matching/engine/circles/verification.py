"""How a trace of circles is checked: rules, sizes, value and the prices' bound, with numpy alone and no solver.

The circles, the prices and the search's word are taken from the trace; everything else is worked out again and must
be the same. The search's bound alone is a search's word: where it is below the prices' bound, that nothing better
exists can only be checked by searching again.
"""

from collections import Counter
from dataclasses import fields

from matching.engine.certificate import VerificationError
from matching.engine.circles.assembly import Made, assemble, named
from matching.engine.circles.board import Board
from matching.engine.circles.problem import CircleProblem
from matching.engine.circles.programme import whole_programme
from matching.engine.circles.proof import prove
from matching.engine.circles.rules import broken_rules, told
from matching.engine.circles.trace import CIRCLES_VERSION, Circle, CircleTrace
from matching.engine.reading import shown

VERSIONS = {"engine", "numpy", "scipy"}
FACILITATORS = 2
"""A circle has no more facilitators than this, and one where the season does not want a second."""


def verify(problem: CircleProblem, trace: CircleTrace) -> None:
    """Return if the trace holds for this problem; else raise VerificationError."""
    if set(trace.versions) != VERSIONS or trace.versions["engine"] != CIRCLES_VERSION:
        raise VerificationError(f"versions: not a trace of circles {CIRCLES_VERSION}")
    if trace.input_hash != problem.input_hash:
        raise VerificationError("input_hash: the trace is of another problem")
    board = Board(problem)
    check_circles(board, trace.circles)
    prices = prove(whole_programme(board), trace.prices.scale, trace.prices.rows)
    made = [Made(circle.kind, circle.members, circle.facilitators) for circle in trace.circles]
    expected = assemble(board, made, trace.search, prices, trace.versions)
    if not expected.value <= trace.search.bound <= prices.bound or trace.search.nodes < 0:
        raise VerificationError("search: bound: must lie between the value and what the prices prove")
    for field in fields(CircleTrace):
        if getattr(trace, field.name) != getattr(expected, field.name):
            raise VerificationError(f"{field.name}: not what the problem and the circles give")


def check_circles(board: Board, circles: tuple[Circle, ...]) -> None:
    """Raise VerificationError at the first rule that these circles break."""
    for circle in circles:
        where = f"circles: {shown(circle.id)}"
        for name, people, known in (
            ("members", circle.members, board.row),
            ("facilitators", circle.facilitators, board.guide),
        ):
            if any(person not in known for person in people) or list(people) != sorted(set(people)):
                raise VerificationError(f"{where}: {name}: must be ids of the problem, each once, in order")
        most = FACILITATORS if board.problem.settings.second_facilitator else 1
        if len(circle.facilitators) > most:
            raise VerificationError(f"{where}: facilitators: must be {most} at most")
        broken = broken_rules(board, circle.kind, circle.members, circle.facilitators, circle.id)
        if broken:
            raise VerificationError(f"{where}: breaks {', '.join(told(broken))}")
    if len({circle.id for circle in circles}) < len(circles):
        raise VerificationError("circles: id: appears twice")
    seats = Counter(member for circle in circles for member in circle.members)
    for person, count in sorted(seats.items()):
        if count > 1:
            raise VerificationError(f"circles: {shown(person)} is in {count} circles")
    guided = Counter(one for circle in circles for one in circle.facilitators)
    for facilitator in board.problem.facilitators:
        if guided[facilitator.id] > facilitator.capacity:
            raise VerificationError(f"circles: {shown(facilitator.id)} guides too many")
    for pin in board.problem.pins:
        if pin.peer not in seats:
            raise VerificationError(f"{pin}: is in no circle")
    if named(board, [Made(c.kind, c.members, c.facilitators) for c in circles]) != circles:
        raise VerificationError("circles: must be in order, each with its own id")
