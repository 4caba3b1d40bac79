"""What happens to a wish for a different match: told to coordinators, never to the partner, and settled by them."""

from datetime import datetime
from typing import Any

from django.db import transaction

from mentorship.partnerships.models import ChangeWish, Partnership
from mentorship.partnerships.services.approving import NotTheirs
from mentorship.partnerships.services.membership import check_going_on, is_coordinator_of, lock_pair, member_of
from mentorship.records.audit import record


@transaction.atomic
def wish_change(*, partnership: Partnership, by: Any, now: datetime) -> ChangeWish:
    """Hand the wish to the coordinators; a second one while it is open changes nothing. Raises NotTheirs, Closed."""
    pair = lock_pair(partnership.pk)
    member = member_of(pair, by)
    check_going_on(pair)
    wish, made = ChangeWish.objects.get_or_create(membership=member, settled_at=None, defaults={"wished_at": now})
    if made:
        record(by=by, verb="wish-different-match", target=wish, now=now)
    return wish


@transaction.atomic
def take_back_wish(*, partnership: Partnership, by: Any, now: datetime) -> int:
    """Let it be; returns how many open wishes that closed. Raises NotTheirs."""
    member = member_of(lock_pair(partnership.pk), by)
    return _settle(ChangeWish.objects.filter(membership=member), by, now, "take-back-wish")


@transaction.atomic
def settle_wishes(*, partnership: Partnership, by: Any, now: datetime) -> int:
    """Say that a coordinator has talked with them and the pair goes on; returns how many. Raises NotTheirs."""
    pair = lock_pair(partnership.pk)
    if not is_coordinator_of(pair, by):
        raise NotTheirs
    return _settle(ChangeWish.objects.filter(membership__partnership=pair), by, now, "settle-wish")


def _settle(wishes: Any, by: Any, now: datetime, verb: str) -> int:
    open_ones = list(wishes.open().select_for_update(of=("self",)))
    for wish in open_ones:
        wish.settled_at, wish.settled_by = now, by
        wish.save(update_fields=["settled_at", "settled_by"])
        record(by=by, verb=verb, target=wish, now=now)
    return len(open_ones)
