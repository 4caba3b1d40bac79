"""Where coordinators look at the outbox, and put messages in their library's own words."""

from mentorship.reminders.admin import outbox, wordings

__all__ = ["outbox", "wordings"]
