"""The encrypted model field: AES-256-GCM, a key-id prefix, padded, bound to its row, always a ciphertext.

A stored value is `key id (4 bytes) + nonce (12) + ciphertext + tag (16)`. The plaintext is a 4-byte length, the
JSON text, and zeros up to a multiple of the field's `pad_to`, so that a dump shows neither who gave an answer nor
how long it is. The associated data is the field's label and the row's key: a ciphertext copied to another row or
column does not decrypt.
"""

import json
import os
import struct
from collections.abc import Callable
from typing import Any, NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

KEY_ID_LENGTH = 4
NONCE_LENGTH = 12


class DecryptionError(Exception):
    """A stored value is damaged, belongs to another row, or its key is missing from ENCRYPTION_KEYS."""


class Sealed(bytes):
    """A ciphertext as stored; everything else that is assigned to an encrypted field is plain."""


def active_key_id() -> str:
    """Return the id of the key that encrypts: the first in ENCRYPTION_KEYS."""
    return next(iter(settings.ENCRYPTION_KEYS))


def seal(plain: bytes, *, context: str, pad_to: int = 64) -> Sealed:
    """Encrypt `plain` under the active key, bound to `context`; the result's length is known from pad_to alone."""
    framed = struct.pack(">I", len(plain)) + plain
    framed += bytes(-len(framed) % pad_to)
    key_id = active_key_id()
    nonce = os.urandom(NONCE_LENGTH)
    body = AESGCM(settings.ENCRYPTION_KEYS[key_id]).encrypt(nonce, framed, context.encode())
    return Sealed(key_id.encode() + nonce + body)


def unseal(sealed: bytes, *, context: str) -> bytes:
    """Return what `seal` was given. Raises DecryptionError."""
    key_id = bytes(sealed[:KEY_ID_LENGTH]).decode("ascii", "replace")
    nonce, body = (
        sealed[KEY_ID_LENGTH : KEY_ID_LENGTH + NONCE_LENGTH],
        sealed[KEY_ID_LENGTH + NONCE_LENGTH :],
    )
    key = settings.ENCRYPTION_KEYS.get(key_id)
    if key is None:
        raise DecryptionError(f"no key “{key_id}” in ENCRYPTION_KEYS")
    try:
        framed = AESGCM(key).decrypt(nonce, body, context.encode())
    except (InvalidTag, ValueError) as error:
        raise DecryptionError(f"a value of {context.split(':', 1)[0]} does not decrypt") from error
    (length,) = struct.unpack_from(">I", framed)
    return framed[4 : 4 + length]


class _Unsealing:
    """Decrypts on attribute access, so that loading a row never touches a key."""

    def __init__(self, field: "EncryptedField") -> None:
        self.field = field

    def __get__(self, instance: models.Model | None, owner: type | None = None) -> Any:
        if instance is None:
            return self
        name = self.field.attname
        if name not in instance.__dict__:
            instance.refresh_from_db(fields=[name])
        value = instance.__dict__[name]
        if isinstance(value, Sealed):
            value = self.field.open(value, instance.pk)
            instance.__dict__[name] = value
        return value

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class EncryptedField(models.BinaryField):  # type: ignore[type-arg]
    """A JSON value that only the program can read.

    `label` is a constant that binds ciphertexts to this column: never change it. `pad_to` is the block, in bytes,
    that every value is padded to. The row needs a UUID key that is set before saving. Filtering and updating in
    bulk are refused; `values()` yields ciphertext.
    """

    description = "Encrypted JSON value"

    def __init__(
        self,
        *,
        label: str,
        pad_to: int = 512,
        default: Callable[[], Any] | str | None = None,
        **kwargs: Any,
    ) -> None:
        self.label = label
        self.pad_to = pad_to
        kwargs["editable"] = False
        super().__init__(default=default, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        kwargs.update(label=self.label, pad_to=self.pad_to, default=self.default)
        return name, path, args, kwargs

    def _check_str_default_value(self) -> list[Any]:
        """Defaults are plain values here, so BinaryField's own check doesn't apply."""
        return []

    def get_default(self) -> Any:
        return self.default() if callable(self.default) else self.default

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, _Unsealing(self))

    def context(self, key: Any) -> str:
        return f"{self.label}:{key}"

    def close(self, value: Any, key: Any) -> Sealed:
        """Return `value` (anything JSON can hold) as the ciphertext for the row known by `key`."""
        if key is None:
            raise FieldError(f"{self.label} needs a row with a key")
        plain = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
        return seal(plain, context=self.context(key), pad_to=self.pad_to)

    def open(self, sealed: bytes, key: Any) -> Any:
        """Return the value in a ciphertext of the row known by `key`. Raises DecryptionError."""
        return json.loads(unseal(sealed, context=self.context(key)))

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Sealed | None:
        return None if value is None else Sealed(bytes(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = model_instance.__dict__.get(self.attname)
        return value if isinstance(value, Sealed) else self.close(value, model_instance.pk)

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        if value is not None and not isinstance(value, Sealed):
            raise FieldError(f"{self.label} is encrypted: save the row, don't update it in bulk")
        return super().get_db_prep_value(value, connection, prepared)

    def get_lookup(self, lookup_name: str) -> NoReturn:
        raise FieldError(f"{self.label} is encrypted: it cannot be searched")

    def get_transform(self, lookup_name: str) -> NoReturn:
        raise FieldError(f"{self.label} is encrypted: it cannot be searched")

    def value_to_string(self, obj: models.Model) -> str:
        return str(super().value_to_string(obj))
