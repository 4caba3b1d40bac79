"""Everything that changes a season's circles before they are told: runs, changes by hand, facilitators, the yes."""

from matching.services.circles.approvals import (
    ApprovedCircles,
    approve_suggested_circles,
    hold_circle,
    release_circle,
    take_back_circle,
)
from matching.services.circles.changes import (
    CircleChange,
    CirclePreview,
    MeanwhileChanged,
    NothingMoves,
    RulesBroken,
    apply_circle_change,
    preview_circle_change,
)
from matching.services.circles.facilitators import (
    AlreadyGuides,
    TooManyGuides,
    assign_facilitators,
    drop_facilitator,
    name_facilitator,
)
from matching.services.circles.runs import KIND, TooFewPeers, execute_circle_run, start_circle_run

__all__ = [
    "KIND",
    "AlreadyGuides",
    "ApprovedCircles",
    "CircleChange",
    "CirclePreview",
    "MeanwhileChanged",
    "NothingMoves",
    "RulesBroken",
    "TooFewPeers",
    "TooManyGuides",
    "apply_circle_change",
    "approve_suggested_circles",
    "assign_facilitators",
    "drop_facilitator",
    "execute_circle_run",
    "hold_circle",
    "name_facilitator",
    "preview_circle_change",
    "release_circle",
    "start_circle_run",
    "take_back_circle",
]
