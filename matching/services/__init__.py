"""Everything that changes a season's matching: runs, the coordinator's decisions, approvals, and telling people."""

from matching.alone import left_without, unmatched
from matching.services.adjusting import (
    Change,
    KeptTogether,
    NothingToChange,
    Outdated,
    Preview,
    apply_change,
    preview_change,
)
from matching.services.approvals import Approved, approve_proposals, take_back_proposal
from matching.services.decisions import (
    PinRefused,
    allow_pair,
    exclude_pair,
    lock_proposal,
    lock_proposals,
    pin_pair,
    reject_proposal,
    restore_proposal,
    unlock_proposal,
    unpin_pair,
    waivable,
)
from matching.services.requesting import fail_run
from matching.services.runs import NobodyToMatch, execute_run, start_run
from matching.services.standing import RunUnderWay
from matching.services.telling import (
    Announced,
    NotAnnounced,
    announce_season,
    mark_called,
    tell_without_call,
)
from matching.services.undoing import CantUndo, obstacles, undo_adjustment
from mentorship.partnerships.services import NotTheirs

__all__ = [
    "Announced",
    "Approved",
    "CantUndo",
    "Change",
    "KeptTogether",
    "NobodyToMatch",
    "NotAnnounced",
    "NotTheirs",
    "NothingToChange",
    "Outdated",
    "PinRefused",
    "Preview",
    "RunUnderWay",
    "allow_pair",
    "announce_season",
    "apply_change",
    "approve_proposals",
    "exclude_pair",
    "execute_run",
    "fail_run",
    "left_without",
    "lock_proposal",
    "lock_proposals",
    "mark_called",
    "obstacles",
    "pin_pair",
    "preview_change",
    "reject_proposal",
    "restore_proposal",
    "start_run",
    "take_back_proposal",
    "tell_without_call",
    "undo_adjustment",
    "unlock_proposal",
    "unmatched",
    "unpin_pair",
    "waivable",
]
