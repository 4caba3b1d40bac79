"""What happens to applications: written and sent by their owner, screened, told, looked at again, asked for."""

from mentorship.applications.services.applying import (
    save_section,
    start_application,
    submit_application,
    withdraw_application,
)
from mentorship.applications.services.errors import ApplicationError
from mentorship.applications.services.inviting import invite_to_apply
from mentorship.applications.services.release import release_decisions
from mentorship.applications.services.screening import (
    check_eligibility,
    screen_application,
    screen_clear,
)
from mentorship.applications.services.second_look import ask_second_look, decide_second_look

__all__ = [
    "ApplicationError",
    "ask_second_look",
    "check_eligibility",
    "decide_second_look",
    "invite_to_apply",
    "release_decisions",
    "save_section",
    "screen_application",
    "screen_clear",
    "start_application",
    "submit_application",
    "withdraw_application",
]
