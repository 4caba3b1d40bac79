"""What happens to a person's calendar address: made, made anew, closed. Only its hash is kept."""

import hashlib
import secrets
from datetime import datetime
from typing import Any

from django.db import transaction

from mentorship.partnerships.models import CalendarFeed
from mentorship.records.audit import record

SECRET_BYTES = 24


@transaction.atomic
def make_feed(*, by: Any, now: datetime) -> str:
    """Return the secret of a new address; an earlier one stops working at once. It can't be read again."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    CalendarFeed.objects.filter(person=by).delete()
    feed = CalendarFeed.objects.create(person=by, secret_hash=_hashed(secret), made_at=now)
    record(by=by, verb="make-calendar-feed", target=feed, now=now)
    return secret


@transaction.atomic
def close_feed(person: Any, now: datetime) -> None:
    """Close a person's address, by their own wish or since they may no longer sign in."""
    for feed in CalendarFeed.objects.filter(person=person):
        record(by=person, verb="close-calendar-feed", target=feed, now=now)
        feed.delete()


def person_behind(secret: str) -> Any:
    """Return whose address it is, or None."""
    feed = CalendarFeed.objects.filter(secret_hash=_hashed(secret), person__is_active=True)
    found = feed.select_related("person").first()
    return found.person if found else None


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
