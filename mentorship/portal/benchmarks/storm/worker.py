"""What an installation's worker imports besides its tasks, to be one of the storm's.

It knows the storm's messages, names itself in the sender's address, so that the storm knows whom to kill for a mail,
and takes a sender for lost after seconds instead of minutes.
"""

import os
from datetime import datetime, timedelta
from time import monotonic

from django.conf import settings
from django.core.mail import get_connection
from django.db import transaction

from mentorship.portal.benchmarks.storm.messages import register_rules
from mentorship.portal.benchmarks.storm.plan import INSIDE_TRANSACTION
from mentorship.reminders import sender, tasks, ticking
from mentorship.reminders.models import Delivery

LEASE = timedelta(seconds=20)


def send_inside_transaction(*, now: datetime, seconds: float = 240) -> int:
    """Send what is due, each message in the transaction that writes down that it was sent."""
    started = monotonic()
    handled = 0
    while monotonic() - started < seconds:
        with transaction.atomic():
            rows = Delivery.objects.due(now).select_for_update(skip_locked=True, of=("self",))
            delivery = rows.select_related("recipient__profile").first()
            if delivery is None:
                break
            sender.send_through(get_connection(), sender.compose(delivery))
            Delivery.objects.filter(pk=delivery.pk).update(state="sent", sent_at=now)
        handled += 1
    return handled


register_rules()
settings.DEFAULT_FROM_EMAIL = f"{os.getpid()}@storm.example"
sender.LEASE = LEASE
if os.environ.get(INSIDE_TRANSACTION):
    for module in (tasks, ticking):
        vars(module)["send_due"] = send_inside_transaction
