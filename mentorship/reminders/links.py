"""Links in messages: absolute ones, and one-click links that act for one person without signing in."""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from mentorship.reminders.models import Delivery, MailToken

PREVIEW = "preview"
_minting: ContextVar[bool] = ContextVar("minting", default=False)


def absolute(path: str) -> str:
    """Return `path` ("/apply/…") below PUBLIC_URL; never below the Host header of some request."""
    return f"{settings.PUBLIC_URL}{path}"


@contextmanager
def minting() -> Iterator[None]:
    """Within it one-click links are real: only where a message goes to its recipient, never in a preview."""
    token = _minting.set(True)
    try:
        yield
    finally:
        _minting.reset(token)


def one_click(view: str, *, delivery: Delivery, purpose: str, lifetime: timedelta, subject_id: Any = None) -> str:
    """Return the absolute address of `view` with a fresh secret as its only argument, for the recipient alone.

    It is good for `lifetime` from the moment the message was due, however often the message is read again. The
    view shows on GET and acts on POST: mail scanners open links. In a preview the secret is a word that opens
    nothing.
    """
    secret = PREVIEW
    if _minting.get():
        secret = secrets.token_urlsafe(24)
        MailToken.objects.create(
            person=delivery.recipient,
            purpose=purpose,
            subject_id=subject_id,
            secret_hash=_hashed(secret),
            expires_at=delivery.due_at + lifetime,
        )
    return absolute(reverse(view, args=[secret]))


def find(*, secret: str, purpose: str, now: datetime) -> MailToken | None:
    """Return the token behind `secret` if it is for `purpose`, still good, and its person may still sign in."""
    return (
        MailToken.objects.filter(
            secret_hash=_hashed(secret),
            purpose=purpose,
            expires_at__gt=now,
            revoked_at=None,
            person__is_active=True,
        )
        .select_related("person")
        .first()
    )


@transaction.atomic
def use(*, token: MailToken, now: datetime) -> bool:
    """Mark the token used; False where it was used before. Call it in the transaction of what the link does."""
    return MailToken.objects.filter(pk=token.pk, used_at=None).update(used_at=now) == 1


@transaction.atomic
def revoke(*, person: Any, now: datetime, purpose: str = "", subject_id: UUID | None = None) -> int:
    """Close the open links of `person`, all of them or those of one purpose and subject; return how many."""
    rows = MailToken.objects.filter(person=person, revoked_at=None)
    if purpose:
        rows = rows.filter(purpose=purpose)
    if subject_id:
        rows = rows.filter(subject_id=subject_id)
    return rows.update(revoked_at=now)


def close_links(person: Any, now: datetime) -> None:
    """Close every open link of somebody who may no longer sign in."""
    revoke(person=person, now=now)


def forget_expired(*, now: datetime) -> int:
    """Delete links that have been closed for 30 days; return how many."""
    return MailToken.objects.filter(expires_at__lt=now - timedelta(days=30)).delete()[0]


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
