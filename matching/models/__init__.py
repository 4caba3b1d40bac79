"""Who should work with whom: runs of the engine, what they suggest, and the coordinator's wishes."""

from matching.models.circles import CircleFacilitator, CircleGuide, CircleProposal, CircleRun, CircleSeat
from matching.models.pairs import Adjustment, AdjustmentMove, CallListEntry, Exclusion, MatchRun, Pin, Proposal
from matching.models.runs import Run

__all__ = [
    "Adjustment",
    "AdjustmentMove",
    "CallListEntry",
    "CircleFacilitator",
    "CircleGuide",
    "CircleProposal",
    "CircleRun",
    "CircleSeat",
    "Exclusion",
    "MatchRun",
    "Pin",
    "Proposal",
    "Run",
]
