"""With the broker away every page still answers as the table says, and nobody waits for more than one try."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from celery import current_app
from django.core import mail
from django.db import transaction
from django.test import Client

from mentorship.jobs import waking
from tests.factories import UserFactory
from tests.guards.access import status_of
from tests.guards.cast import ROLES, Cast
from tests.guards.visiting import Address, Visitors, addresses, reader_of

pytestmark = pytest.mark.django_db
PASSWORD = "tall otters read at noon"


class Tries:
    """Counts who knocks at the broker's door."""

    def __init__(self) -> None:
        self.count = 0


@pytest.fixture
def broker_away(monkeypatch: pytest.MonkeyPatch) -> Iterator[Tries]:
    """A broker's address at which nobody listens. What waits for a commit is done at once: nothing is committed."""
    tries, connect = Tries(), socket.socket.connect

    def counting(self: socket.socket, address: Any) -> None:
        tries.count += address == ("127.0.0.1", 1)
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", counting)
    monkeypatch.setattr(transaction, "on_commit", lambda work, using=None, robust=False: work())
    monkeypatch.setattr(waking, "_asleep_until", 0.0)
    before = current_app.conf.broker_write_url
    current_app.conf.broker_write_url = "redis://127.0.0.1:1/0"
    yield tries
    current_app.conf.broker_write_url = before


def sender_of(address: Address) -> str | None:
    """Somebody whose empty form is taken, or shown again, at `address`."""
    taken = (role for role in ROLES if address.expected(role, "POST") in {(200, ""), (302, "")})
    return next(taken, None)


def answers(
    visitors: Visitors, found: list[Address], tries: Tries, monkeypatch: pytest.MonkeyPatch
) -> tuple[dict[str, int], list[str]]:
    """How often each request knocked at the broker, and the requests with another answer than the table's."""
    knocks, wrong = {}, []
    for address in found:
        for method, role in (("GET", reader_of(address)), ("POST", sender_of(address))):
            if role is None:
                continue
            monkeypatch.setattr(waking, "_asleep_until", 0.0)
            tries.count = 0
            response = visitors.ask(role, method, address.url)
            knocks[f"{method} {address}"] = tries.count
            if status_of(response) != address.expected(role, method):
                wrong.append(f"{role} {method} {address}: {response.status_code}")
    return knocks, wrong


def test_every_page_answers_and_knocks_at_most_once(
    cast: Cast, quick: None, broker_away: Tries, monkeypatch: pytest.MonkeyPatch, summary: Any
) -> None:
    knocks, wrong = answers(Visitors(cast), addresses(cast), broker_away, monkeypatch)
    knocked = {page: count for page, count in knocks.items() if count}
    summary(f"{len(knocks)} requests without a broker: {len(wrong)} wrong, {len(knocked)} knock at its door")
    assert (wrong, {page: count for page, count in knocked.items() if count > 1}) == ([], {})
    assert [page for page in knocked if page.startswith("GET")] == []
    # These do wake somebody, so the door was really knocked at.
    assert {
        "POST admin/matching/matchrun/season/<uuid:season_id>/run/ (telling)",
        "POST admin/matching/matchrun/season/<uuid:season_id>/announce/ (telling)",
        "POST admin/people/staffimport/<uuid:pk>/start/ (staff_list)",
    } <= set(knocked)


def test_in_half_a_minute_nobody_knocks_twice(cast: Cast, quick: None, broker_away: Tries) -> None:
    visitors = Visitors(cast)
    for address in addresses(cast):
        if address.route.endswith(("/run/", "/announce/", "/start/")):
            visitors.ask("coordinator", "POST", address.url)
    assert broker_away.count == 1


def test_people_come_in_by_password_and_by_a_code_from_their_mail(db: None, broker_away: Tries) -> None:
    person = UserFactory()
    person.set_password(PASSWORD)
    person.save()
    signed = Client().post("/account/login/", {"login": person.employee_number, "password": PASSWORD})
    asked = Client().post("/account/login/code/", {"email": person.email})
    assert [(answer.status_code, answer["Location"]) for answer in (signed, asked)] == [
        (302, "/"),
        (302, "/account/login/code/confirm/"),
    ]
    assert (len(mail.outbox), broker_away.count) == (1, 0)


def test_control_a_page_that_falls_with_the_broker_is_found(
    cast: Cast, quick: None, broker_away: Tries, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wake(task: str, *ids: str, queue: str, expires: float | None = None) -> None:
        current_app.send_task(task, args=ids, queue=queue, retry=False)

    monkeypatch.setattr("mentorship.jobs.services.wake", wake)
    route = "admin/people/staffimport/<uuid:pk>/start/"
    found = [address for address in addresses(cast) if address.route == route]
    _knocks, wrong = answers(Visitors(cast), found, broker_away, monkeypatch)
    assert wrong == [f"administrator POST {route} (staff_list): 500"]
