"""The encrypted field: what it stores, what it refuses, and that nothing can be told from outside."""

import base64

import pytest
from django.core.exceptions import FieldError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from mentorship.applications.models import IdentityAnswer
from mentorship.common.encryption import DecryptionError, Sealed, seal, unseal
from tests.factories import ApplicationFactory

pytestmark = pytest.mark.django_db


def stored(answer):
    with connection.cursor() as cursor:
        cursor.execute("SELECT given FROM applications_identityanswer WHERE id = %s", [answer.pk])
        return bytes(cursor.fetchone()[0])


def test_what_was_saved_is_read_back():
    answer = ApplicationFactory().identity
    answer.given = {"gender": {"values": ["woman"], "match": 2}}
    answer.save()
    assert IdentityAnswer.objects.get(pk=answer.pk).given == {"gender": {"values": ["woman"], "match": 2}}


def test_an_empty_answer_is_as_long_as_a_full_one():
    empty, full = ApplicationFactory().identity, ApplicationFactory().identity
    full.given = {"ethnicity": {"values": ["asian", "white"], "own_words": "x" * 300, "match": 2}}
    full.save()
    assert len(stored(empty)) == len(stored(full)) == 4 + 12 + 2048 + 16


def test_the_same_answer_saved_twice_is_another_ciphertext():
    answer = ApplicationFactory().identity
    first = stored(answer)
    answer.save()
    assert stored(answer) != first


def test_a_ciphertext_copied_to_another_row_does_not_decrypt():
    one, other = ApplicationFactory().identity, ApplicationFactory().identity
    with connection.cursor() as cursor:
        cursor.execute("UPDATE applications_identityanswer SET given = %s WHERE id = %s", [stored(one), other.pk])
    with pytest.raises(DecryptionError):
        _ = IdentityAnswer.objects.get(pk=other.pk).given


def test_loading_a_row_decrypts_nothing_until_it_is_read(settings):
    answer = ApplicationFactory().identity
    settings.ENCRYPTION_KEYS = {"zzzz": bytes(32)}
    row = IdentityAnswer.objects.get(pk=answer.pk)
    with pytest.raises(DecryptionError, match="no key “k001”"):
        _ = row.given


def test_it_cannot_be_searched():
    with pytest.raises(FieldError):
        list(IdentityAnswer.objects.filter(given={}))
    with pytest.raises(FieldError):
        list(IdentityAnswer.objects.filter(given__isnull=True))


def test_it_cannot_be_updated_in_bulk():
    answer = ApplicationFactory().identity
    with pytest.raises(FieldError):
        IdentityAnswer.objects.update(given={})
    answer.given = {"x": 1}
    with pytest.raises(FieldError):
        IdentityAnswer.objects.bulk_update([answer], ["given"])


def test_values_yield_the_ciphertext():
    ApplicationFactory()
    (value,) = IdentityAnswer.objects.values_list("given", flat=True)
    assert isinstance(value, Sealed)


@given(st.binary(max_size=3000), st.integers(min_value=1, max_value=512))
def test_sealing_round_trips_and_its_length_tells_only_the_block(plain, pad_to):
    sealed = seal(plain, context="test:1", pad_to=pad_to)
    assert unseal(sealed, context="test:1") == plain
    assert (len(sealed) - 32) % pad_to == 0


def test_a_flipped_bit_is_noticed():
    sealed = bytearray(seal(b"secret", context="test:1"))
    sealed[-1] ^= 1
    with pytest.raises(DecryptionError):
        unseal(bytes(sealed), context="test:1")


def test_rotation_encrypts_everything_under_the_new_key_and_a_second_run_does_nothing(settings):
    from mentorship.records.rotation import rotate

    answer = ApplicationFactory().identity
    answer.given = {"x": 1}
    answer.save()
    old = dict(settings.ENCRYPTION_KEYS)
    settings.ENCRYPTION_KEYS = {"k002": base64.b64decode("A" * 43 + "="), **old}
    assert rotate()["applications.IdentityAnswer.given"] == 1
    assert rotate()["applications.IdentityAnswer.given"] == 0
    settings.ENCRYPTION_KEYS = {"k002": settings.ENCRYPTION_KEYS["k002"]}
    assert IdentityAnswer.objects.get(pk=answer.pk).given == {"x": 1}
