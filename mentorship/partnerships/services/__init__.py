"""What happens to partnerships: the coordinator's yes, the question, the announcement."""

from mentorship.partnerships.services.approving import (
    ANSWER_DAYS,
    Approval,
    NothingToAnnounce,
    NotReady,
    NotTheirs,
    PairDraft,
    announce,
    answer_question,
    approve_pairs,
    ask_again,
    ask_mentors,
    in_the_way,
    is_overdue,
    take_back,
    treat_as_declined,
)

__all__ = [
    "ANSWER_DAYS",
    "Approval",
    "NotReady",
    "NotTheirs",
    "NothingToAnnounce",
    "PairDraft",
    "announce",
    "answer_question",
    "approve_pairs",
    "ask_again",
    "ask_mentors",
    "in_the_way",
    "is_overdue",
    "take_back",
    "treat_as_declined",
]
