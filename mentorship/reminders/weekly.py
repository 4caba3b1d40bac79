"""At most one reminder a week for a person; what comes meanwhile is merged into the next one.

How a week counts: in days of the library's zone, whatever zones the person's seasons have. A reminder that is handed
over on some day takes that day and the six after it; from midnight of the seventh day on (and when its season may
speak) the next one may go. So who got one on Tuesday at 16:00 may get the next on Tuesday at 8:00, and a clock that
changes between them changes nothing. A reminder that certainly didn't go out gives its week back; one that may have
gone out keeps it. Whatever is due at the moment when a week is taken goes in the same mail, a line and a link each.
"""

from datetime import datetime, time, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange

from mentorship.people.models import User
from mentorship.reminders.calendars import library_zone
from mentorship.reminders.models import Delivery
from mentorship.reminders.registry import weekly_keys
from mentorship.reminders.states import DELIVERY

DAYS = 7
# Why a due reminder waits; kept as a code in `Delivery.problem`.
WAITS = "week"
State = Delivery.State


def take_week(*, delivery: Delivery, now: datetime) -> datetime | None:
    """Take the recipient's week for a claimed reminder, in the caller's transaction.

    Returns None where it is taken, also from an earlier try, and else the moment from which the next may go.
    """
    today = now.astimezone(library_zone()).date()
    # The person's row is the lock: two senders with two reminders for one person ask one after the other.
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=delivery.recipient_id)
    if delivery.week is not None and today in delivery.week:
        return None
    week = DateRange(today, today + timedelta(days=DAYS))
    others = Delivery.objects.filter(recipient=delivery.recipient_id, week__overlap=week).exclude(pk=delivery.pk)
    taken = others.order_by("-week").first()
    if taken is not None:
        return datetime.combine(taken.week.upper, time.min, library_zone())
    delivery.week = week
    delivery.save(update_fields=["week"])
    return None


def claim_companions(*, delivery: Delivery, now: datetime) -> list[Delivery]:
    """Take what else is due to the recipient this week, under the lease of `delivery`, to go in the same mail."""
    rows = (
        Delivery.objects.due(now)
        .filter(recipient=delivery.recipient_id, rule__in=weekly_keys())
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("due_at", "id")
    )
    companions = list(rows)
    for row in companions:
        DELIVERY.check(row.state, State.MAKING)
        row.state, row.lease_until, row.carrier = State.MAKING, delivery.lease_until, delivery
        row.recipient = delivery.recipient
        row.save(update_fields=["state", "lease_until", "carrier"])
    return companions
