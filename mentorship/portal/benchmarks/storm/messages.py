"""The storm's two messages, which say nothing but their own key, in their action's address."""

import re
from typing import Any

from mentorship.reminders.links import absolute
from mentorship.reminders.models import Delivery
from mentorship.reminders.registry import Rule, register

NOTE, REMINDER = "storm-note", "storm-reminder"
# What one person is sent: messages that go at once, and reminders that go in one mail.
EACH = (NOTE, NOTE, REMINDER, REMINDER)
KEY = re.compile(r"/storm/([0-9a-f-]{36})")


def register_rules() -> None:
    """Have this process know both messages; the second one counts as a weekly reminder."""
    register(Rule(key=NOTE, title="Storm", context=_context, essential=True))
    register(Rule(key=REMINDER, title="Storm", context=_context))


def _context(delivery: Delivery) -> dict[str, Any]:
    return {"action": "Open", "action_url": absolute(f"/storm/{delivery.pk}")}
