"""A sender in a storm, started as `python -m mentorship.portal.benchmarks.storm`: it may be killed at any moment.

It sends what is due until nothing is, and comes back when its database connection is cut. Its process number is in
the sender's address, so that the storm knows whom to kill for a mail. With `--inside-transaction` it sends before it
commits that it does: the mistake that the outbox's claim is there to avoid.
"""

import os
import sys
import time
from typing import Any

import django

NOTE, REMINDER = "storm-note", "storm-reminder"


def register_rules() -> None:
    """Two messages that say nothing but their own key, in their action's address; one counts as a weekly reminder."""
    from mentorship.reminders.links import absolute
    from mentorship.reminders.models import Delivery
    from mentorship.reminders.registry import Rule, register

    def context(delivery: Delivery) -> dict[str, Any]:
        return {"action": "Open", "action_url": absolute(f"/storm/{delivery.pk}")}

    register(Rule(key=NOTE, title="Storm", context=context, essential=True))
    register(Rule(key=REMINDER, title="Storm", context=context))


def main(inside_transaction: bool) -> None:
    from django.conf import settings
    from django.db import InterfaceError, OperationalError, connection
    from django.utils import timezone

    from mentorship.reminders.models import Delivery
    from mentorship.reminders.sender import send_due

    register_rules()
    settings.DEFAULT_FROM_EMAIL = f"{os.getpid()}@storm.example"
    while True:
        try:
            send = send_inside_transaction if inside_transaction else send_due
            if not send(now=timezone.now()) and not Delivery.objects.due(timezone.now()).exists():
                return
        except (InterfaceError, OperationalError):
            connection.close()
        time.sleep(0.01)


def send_inside_transaction(*, now: Any) -> int:
    """Send one message, and write down that it was sent in the same transaction."""
    from django.core.mail import get_connection
    from django.db import transaction

    from mentorship.reminders.models import Delivery
    from mentorship.reminders.sender import compose, send_through

    with transaction.atomic():
        rows = Delivery.objects.due(now).select_for_update(skip_locked=True, of=("self",))
        delivery = rows.select_related("recipient__profile").first()
        if delivery is None:
            return 0
        send_through(get_connection(), compose(delivery))
        Delivery.objects.filter(pk=delivery.pk).update(state="sent", sent_at=now)
    return 1


if __name__ == "__main__":
    django.setup()
    main("--inside-transaction" in sys.argv)
