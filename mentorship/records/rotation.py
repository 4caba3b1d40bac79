"""Encrypting everything again under the active key, after ENCRYPTION_KEYS got a new first one."""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection, models, transaction

from mentorship.common.encryption import KEY_ID_LENGTH, EncryptedField, Sealed, active_key_id
from mentorship.common.registries import registries

BATCH = 200


def encrypted_fields() -> Iterator[tuple[type[models.Model], EncryptedField]]:
    """Yield every encrypted field of every model."""
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, EncryptedField):
                yield model, field


def rotate() -> dict[str, int]:
    """Encrypt under the active key what an older key sealed; return {field: values}. May be stopped and resumed.

    Each batch is a transaction of its own over locked rows, so people can go on working meanwhile.
    """
    done: dict[str, int] = {}
    for model, field in encrypted_fields():
        label = f"{model._meta.label}.{field.name}"
        done[label] = 0
        while count := _rotate_batch(model, field):
            done[label] += count
    for resealer in registries.resealers:
        done[f"{resealer.__module__}.{resealer.__name__}"] = resealer()
    return done


@transaction.atomic
def _rotate_batch(model: type[models.Model], field: EncryptedField) -> int:
    quote = connection.ops.quote_name
    table, key, column = quote(model._meta.db_table), quote(model._meta.pk.attname), quote(field.column or field.name)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {key}, {column} FROM {table} WHERE substring({column} FROM 1 FOR {KEY_ID_LENGTH}) <> %s "  # noqa: S608
            f"ORDER BY {key} LIMIT {BATCH} FOR UPDATE",
            [active_key_id().encode()],
        )
        rows = cursor.fetchall()
        for row_key, sealed in rows:
            again = field.close(field.open(Sealed(bytes(sealed)), row_key), row_key)
            cursor.execute(f"UPDATE {table} SET {column} = %s WHERE {key} = %s", [again, row_key])  # noqa: S608
    return len(rows)
