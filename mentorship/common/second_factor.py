"""The second factor: whether this session passed it, and its secrets, which are sealed in allauth's rows."""

import base64
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.http import HttpRequest

from mentorship.common.encryption import KEY_ID_LENGTH, active_key_id, seal, unseal

CONTEXT = "people.second-factor"
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
BATCH = 200


def second_factors(person: Any) -> set[str]:
    """Return what `person` has set up: "totp" (an authenticator app), "webauthn" (a passkey)."""
    return set(Authenticator.objects.filter(user_id=person.pk, type__in=FACTORS).values_list("type", flat=True))


def has_second_factor(person: Any) -> bool:
    return bool(second_factors(person))


def passed_second_factor(request: HttpRequest) -> bool:
    """True where the signed-in person has a second factor and used it in this session; asked once a request."""
    if not hasattr(request, "_passed_second_factor"):
        records = get_authentication_records(request, request.user)
        used = any(record.get("method") == "mfa" for record in records)
        request._passed_second_factor = used and has_second_factor(request.user)  # type: ignore[attr-defined]
    return bool(request._passed_second_factor)  # type: ignore[attr-defined]


def note_new_factor(*, request: HttpRequest, user: Any, authenticator: Authenticator, **_kwargs: Any) -> None:
    """Whoever has just set up a factor has proved to hold it: this session counts as having passed it."""
    if authenticator.type in FACTORS:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


def seal_secret(text: str) -> str:
    return base64.b64encode(seal(text.encode(), context=CONTEXT)).decode()


def unseal_secret(sealed: str) -> str:
    """Return what `seal_secret` was given. Raises common.encryption.DecryptionError."""
    return unseal(base64.b64decode(sealed), context=CONTEXT).decode()


def reseal_secrets() -> int:
    """Seal again, under the active key, what an older key sealed; return how many rows. May be stopped."""
    keys = [
        authenticator.pk
        for authenticator in Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).iterator()
        if any(_is_old(authenticator.data[name]) for name in _sealed_names(authenticator))
    ]
    for start in range(0, len(keys), BATCH):
        with transaction.atomic():
            for row in Authenticator.objects.select_for_update().filter(pk__in=keys[start : start + BATCH]):
                for name in _sealed_names(row):
                    row.data[name] = seal_secret(unseal_secret(row.data[name]))
                row.save(update_fields=["data"])
    return len(keys)


def _sealed_names(authenticator: Authenticator) -> list[str]:
    return [name for name in ("secret", "seed") if name in authenticator.data]


def _is_old(sealed: str) -> bool:
    return base64.b64decode(sealed)[:KEY_ID_LENGTH] != active_key_id().encode()
