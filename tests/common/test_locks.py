"""Rows that somebody else is writing: the page says so and sends the same again; nothing is lost, nothing written."""

import threading
from contextlib import contextmanager

import pytest
from django.db import connection, connections, transaction
from django.urls import reverse

from mentorship.common import locks
from mentorship.partnerships.models import Partnership
from tests.factories import NOW, MenteeFactory, MentorFactory, PartnershipFactory, SeasonFactory

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def held(row):
    """Another connection holds `row`, as a second coordinator's request does."""
    taken, done = threading.Event(), threading.Event()

    def hold():
        try:
            with transaction.atomic():
                type(row).objects.select_for_update().get(pk=row.pk)
                taken.set()
                done.wait(20)
        finally:
            connections.close_all()

    other = threading.Thread(target=hold)
    other.start()
    assert taken.wait(10)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '50ms'")
    try:
        yield
    finally:
        done.set()
        other.join()


@pytest.fixture
def asked():
    season = SeasonFactory()
    pair = (MenteeFactory(season=season), MentorFactory(season=season))
    return PartnershipFactory(season=season, pair=pair, state="asked", asked_at=NOW, answer_due=NOW)


def answer(client, pair, **fields):
    return client.post(reverse("partnerships:asked", args=[pair.pk]), {"answer": "yes", "seen": "asked"} | fields)


def test_the_page_sends_the_same_again(asked, sign_in):
    mentor = asked.memberships.get(role="mentor").person
    client = sign_in(mentor)
    with held(asked):
        busy = answer(client, asked, note="my words", password="secret-words")
    page = busy.content.decode()
    assert (busy.status_code, busy["Retry-After"], busy["Cache-Control"]) == (503, "5", "no-store")
    assert '<input type="hidden" name="note" value="my words">' in page
    assert "secret-words" not in page
    assert Partnership.objects.get().state == "asked"
    assert answer(client, asked).status_code == 302
    assert Partnership.objects.get().state == "confirmed"


def test_control_without_it_the_request_falls(asked, sign_in, monkeypatch):
    monkeypatch.setattr(locks.BusyMiddleware, "process_exception", lambda self, request, error: None)
    client = sign_in(asked.memberships.get(role="mentor").person)
    client.raise_request_exception = False
    with held(asked):
        assert answer(client, asked).status_code == 500


def test_any_other_error_is_not_taken_for_it():
    assert not locks.waited_too_long(ValueError("55P03"))
