"""The workbench of circles: looked at, changed, given a facilitator, approved, asked about and announced."""

from collections.abc import Callable
from typing import Any

from matching.admin.circles import approving, board, changing, deciding, facilitating, one

SEASON, CIRCLE, PEER = "circles/<uuid:season_id>/", "circle/<uuid:circle_id>/", "peer/<uuid:application_id>/"

VIEWS: list[tuple[str, Callable[..., Any], str]] = [
    (SEASON, board.board, "circles"),
    (SEASON + "run/", board.start, "circles_run"),
    (SEASON + "approve/", approving.approve, "circles_approve"),
    (SEASON + "ask/", approving.ask, "circles_ask"),
    (SEASON + "facilitators/", facilitating.facilitators, "facilitators"),
    (CIRCLE, one.circle, "circle"),
    (CIRCLE + "approve/", deciding.approve_one, "circle_approve"),
    (CIRCLE + "hold/", deciding.hold, "circle_hold"),
    (CIRCLE + "release/", deciding.release, "circle_release"),
    (CIRCLE + "take-back/", deciding.take_back, "circle_take_back"),
    (CIRCLE + "ask-again/", deciding.ask_again, "circle_ask_again"),
    (CIRCLE + "declined/", deciding.declined, "circle_declined"),
    (CIRCLE + "facilitators/", facilitating.assign, "circle_facilitators"),
    (CIRCLE + "merge/", changing.merge, "circle_merge"),
    (PEER + "move/", changing.places, "circle_places"),
    (PEER + "move/none/", changing.take_out, "circle_take_out"),
    (PEER + "move/<uuid:circle_id>/", changing.move, "circle_move"),
    (PEER + "swap/", changing.swap_with, "circle_swap_with"),
    (PEER + "swap/<uuid:other_id>/", changing.swap, "circle_swap"),
    ("facilitator/<uuid:facilitator_id>/drop/", facilitating.drop, "facilitator_drop"),
]
