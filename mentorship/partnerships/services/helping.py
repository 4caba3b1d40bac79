"""What a coordinator does for a pair that hasn't met: one ready message to its members."""

from datetime import datetime
from typing import Any

from django.db import transaction

from mentorship.partnerships.models import Membership, Partnership
from mentorship.partnerships.services.approving import NotTheirs
from mentorship.partnerships.services.membership import check_going_on, is_coordinator_of, lock_pair
from mentorship.records.audit import record
from mentorship.reminders.services import Draft, queue_deliveries

OFFER = "contact-offers-help"


@transaction.atomic
def offer_help(*, partnership: Partnership, by: Any, now: datetime) -> None:
    """Write to the members in the coordinator's name, once a day at most. Raises NotTheirs, Closed."""
    pair = lock_pair(partnership.pk)
    if not is_coordinator_of(pair, by):
        raise NotTheirs
    check_going_on(pair)
    members = Membership.objects.filter(partnership=pair, active=True).select_related("person")
    queue_deliveries(
        drafts=[
            Draft(
                rule=OFFER,
                recipient=member.person,
                dedupe_key=f"{OFFER}:{member.pk}:{now:%Y-%m-%d}",
                subject=pair,
                ids={"by": str(by.pk)},
            )
            for member in members.order_by("pk")
        ],
        now=now,
    )
    record(by=by, verb="offer-help", target=pair, now=now)
