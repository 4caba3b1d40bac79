"""What happens to partnerships, from the coordinator's yes through their meetings to their end."""

from mentorship.partnerships.services.agreements import (
    NothingToAccept,
    accept_agreement,
)
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
from mentorship.partnerships.services.circles import CircleApproval, CircleDraft, approve_circles
from mentorship.partnerships.services.closing import (
    NotOverYet,
    close_season_pairs,
    complete_early,
    complete_pair,
    end_pair,
)
from mentorship.partnerships.services.feeds import (
    close_feed,
    make_feed,
    person_behind,
)
from mentorship.partnerships.services.goals import (
    MOST_GOALS,
    TooManyGoals,
    add_goals,
    add_own_goal,
    remove_goal,
    set_progress,
)
from mentorship.partnerships.services.helping import (
    offer_help,
)
from mentorship.partnerships.services.logging import (
    NobodyThere,
    can_undo,
    correct_meeting,
    log_meeting,
    log_unplanned_meeting,
    mark_missed,
    undo_log,
)
from mentorship.partnerships.services.meetings import (
    NothingChanged,
    Plan,
    WrongMoment,
    cancel_meeting,
    change_meeting,
    ends_at,
    plan_meeting,
)
from mentorship.partnerships.services.membership import (
    Closed,
)
from mentorship.partnerships.services.notes import (
    remove_note,
    write_note,
)
from mentorship.partnerships.services.wishes import (
    settle_wishes,
    take_back_wish,
    wish_change,
)

__all__ = [
    "ANSWER_DAYS",
    "MOST_GOALS",
    "Approval",
    "CircleApproval",
    "CircleDraft",
    "Closed",
    "NobodyThere",
    "NotOverYet",
    "NotReady",
    "NotTheirs",
    "NothingChanged",
    "NothingToAccept",
    "NothingToAnnounce",
    "PairDraft",
    "Plan",
    "TooManyGoals",
    "WrongMoment",
    "accept_agreement",
    "add_goals",
    "add_own_goal",
    "announce",
    "answer_question",
    "approve_circles",
    "approve_pairs",
    "ask_again",
    "ask_mentors",
    "can_undo",
    "cancel_meeting",
    "change_meeting",
    "close_feed",
    "close_season_pairs",
    "complete_early",
    "complete_pair",
    "correct_meeting",
    "end_pair",
    "ends_at",
    "in_the_way",
    "is_overdue",
    "log_meeting",
    "log_unplanned_meeting",
    "make_feed",
    "mark_missed",
    "offer_help",
    "person_behind",
    "plan_meeting",
    "remove_goal",
    "remove_note",
    "set_progress",
    "settle_wishes",
    "take_back",
    "take_back_wish",
    "treat_as_declined",
    "undo_log",
    "wish_change",
    "write_note",
]
