"""What happens to surveys: opened, answered, closed, published."""

from surveys.services.answering import AlreadyAnswered, NotInvited, SurveyClosed, submit_response
from surveys.services.closing import close_wave, forget_season
from surveys.services.opening import (
    CannotOpen,
    WrongClosingDay,
    invite_latecomers,
    move_closing_day,
    open_wave,
    people_to_invite,
)
from surveys.services.publishing import TooFewForComments, publish_release, release_comment, withhold_comment

__all__ = [
    "AlreadyAnswered",
    "CannotOpen",
    "NotInvited",
    "SurveyClosed",
    "TooFewForComments",
    "WrongClosingDay",
    "close_wave",
    "forget_season",
    "invite_latecomers",
    "move_closing_day",
    "open_wave",
    "people_to_invite",
    "publish_release",
    "release_comment",
    "submit_response",
    "withhold_comment",
]
