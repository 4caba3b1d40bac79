"""What is said to those who work together; each module registers its own rules."""

from mentorship.partnerships.messages import announcing, circles, endings, meetings, quiet
from mentorship.partnerships.messages.announcing import remind_mentors
from mentorship.reminders.registry import add_due_source

__all__ = ["register_all", "remind_mentors"]


def register_all() -> None:
    """Called once, when the program starts."""
    announcing.register_rules()
    circles.register_rules()
    meetings.register_rules()
    quiet.register_rules()
    endings.register_rules()
    for source in (
        remind_mentors,
        meetings.remind_of_meetings,
        meetings.ask_whether_they_met,
        quiet.remind_quiet_pairs,
        endings.close_with_the_season,
    ):
        add_due_source(source)
