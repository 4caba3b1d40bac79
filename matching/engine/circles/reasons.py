"""Why somebody is in no circle: how far the season comes with them, as data that the application puts into words."""

import numpy as np

from matching.engine.circles.board import Board
from matching.engine.circles.problem import LEAST, MOST_OF_UNIT
from matching.engine.circles.trace import NoCircle
from matching.engine.tables import Mask

STEPS = ("no_common_time", "no_shared_mode", "no_shared_language")


def why_unplaced(board: Board, row: int) -> NoCircle:
    """The reason for this peer: the first step at which no theme of theirs has four people left."""
    peer = board.peers[row]
    if not peer.themes:
        return NoCircle("no_theme")
    open_themes = [theme for theme in peer.themes if not _ruled_out(board, peer.id, theme)]
    if not open_themes:
        return NoCircle("forbidden")
    people, theme = _most({theme: _choosers(board, theme).sum() for theme in open_themes})
    if people < LEAST:
        return NoCircle("too_few_for_theme", theme, people)
    for step, code in enumerate(STEPS, start=1):
        closer, nearest = _most({name: _together(board, row, name, step) for name in open_themes})
        if closer < LEAST:
            return NoCircle(code, theme, people)
        people, theme = closer, nearest
    most, nearest = _most({name: _within_rules(board, row, name) for name in open_themes})
    if most < LEAST:
        return NoCircle("rules", theme, people)
    return NoCircle("competition", nearest, most)


def _most(counts: dict[str, int]) -> tuple[int, str]:
    theme = min(counts, key=lambda name: (-counts[name], name))
    return int(counts[theme]), theme


def _ruled_out(board: Board, peer: str, theme: str) -> bool:
    return any(f.peer == peer and f.theme == theme and not f.slot for f in board.problem.forbid)


def _choosers(board: Board, theme: str) -> Mask:
    """Who may be in a circle on this theme at all."""
    return np.array(
        [
            theme in peer.themes
            and not _ruled_out(board, peer.id, theme)
            and not (peer.id in board.pins and board.pins[peer.id].theme not in ("", theme))
            for peer in board.peers
        ],
        dtype=bool,
    )


def _together(board: Board, row: int, theme: str, step: int) -> int:
    """The most people, this one among them, who come together on this theme by time (1), mode (2), language (3)."""
    choosers = np.nonzero(_choosers(board, theme))[0].tolist()
    counts: dict[tuple[str, ...], int] = {}
    for combination in board.combinations:
        key = combination[:step]
        if key not in counts and _suits(board, row, theme, key):
            counts[key] = sum(_suits(board, other, theme, key) for other in choosers)
    return max(counts.values(), default=0)


def _suits(board: Board, row: int, theme: str, key: tuple[str, ...]) -> bool:
    peer = board.peers[row]
    for named, wanted in zip((peer.slots, peer.modes, peer.languages), key, strict=False):
        if named and wanted not in named:
            return False
    return not any(f.peer == peer.id and f.theme == theme and f.slot == key[0] for f in board.problem.forbid)


def _within_rules(board: Board, row: int, theme: str) -> int:
    """The most people of a kind who could be with this one, counting a unit twice at most."""
    most = 0
    for cell in board.cells:
        if cell.kind.theme == theme and row in cell.peers:
            others = cell.peers[(cell.peers != row) & ~board.conflicts[row, cell.peers]]
            units = board.units[np.append(others, row)]
            numbers, counts = np.unique(units, return_counts=True)
            most = max(most, int(np.where(numbers < 0, counts, np.minimum(counts, MOST_OF_UNIT)).sum()))
    return most
