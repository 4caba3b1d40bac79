"""One's own messages and one's own choice of mail."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentorship.reminders.home import latest_messages
from mentorship.reminders.models import Delivery, MailToken, Preference
from mentorship.reminders.services import queue_delivery
from tests.factories import NOW, UserFactory

pytestmark = pytest.mark.django_db
MINE = "/messages/"


def sent_to(person, key="1", state="sent", **fields):
    delivery = queue_delivery(rule="note", recipient=person, dedupe_key=f"{person.pk}:{key}", now=NOW)
    Delivery.objects.filter(pk=delivery.pk).update(state=state, **fields)
    return delivery


@pytest.mark.parametrize(
    ("state", "problem", "listed"),
    [
        ("due", "", False),
        ("making", "", False),
        ("claimed", "", False),
        ("sent", "", True),
        ("uncertain", "sender-lost", True),
        ("skipped", "no-mailbox", True),
        ("skipped", "unless:season-over", False),
        ("dead", "refused:550", False),
        ("cancelled", "", False),
    ],
)
def test_the_list_holds_what_reached_the_person_or_would_have(state, problem, listed, note, member, sign_in):
    delivery = sent_to(member, state=state, problem=problem)
    client = sign_in(member)
    url = reverse("reminders:read", args=[delivery.pk])
    assert (url in client.get(MINE).content.decode()) == listed
    assert client.get(url).status_code == (200 if listed else 404)


def test_a_message_is_read_by_its_recipient_alone(note, member, stranger, coordinator, sign_in):
    note.greeting = "For Rosa"
    delivery = sent_to(member)
    url = reverse("reminders:read", args=[delivery.pk])
    assert "For Rosa, February 14:30" in sign_in(member).get(url).content.decode()
    assert sign_in(stranger).get(url).status_code == 404
    assert sign_in(coordinator).get(url).status_code == 404


def test_a_coordinator_reads_their_own_messages_here_alone(note, coordinator, sign_in):
    delivery = sent_to(coordinator)
    client = sign_in(coordinator)
    url = reverse("reminders:read", args=[delivery.pk])
    assert url in client.get(MINE).content.decode()
    assert client.get(url).status_code == 200
    assert str(delivery.pk) not in client.get(reverse("admin:reminders_delivery_changelist")).content.decode()


def test_nobody_sees_anybody_elses_list(note, member, coordinator, sign_in):
    delivery = sent_to(member)
    html = sign_in(coordinator).get(MINE).content.decode()
    assert str(delivery.pk) not in html
    assert "No messages yet" in html


def test_a_message_about_something_that_is_gone_says_so(note, member, sign_in):
    note.context = lambda delivery: {}["gone"]
    delivery = sent_to(member)
    html = sign_in(member).get(reverse("reminders:read", args=[delivery.pk])).content.decode()
    assert "What this message was about is no longer here." in html


def test_reading_an_old_message_opens_no_link_anew(note, member, sign_in):
    delivery = sent_to(member, due_at=NOW - timedelta(days=3000))
    sign_in(member).get(reverse("reminders:read", args=[delivery.pk]))
    assert [token.expires_at < NOW for token in MailToken.objects.all()] == [True]


def test_markup_in_a_message_stays_text(note, member, sign_in):
    note.greeting = "<script>alert(1)</script>"
    delivery = sent_to(member)
    html = sign_in(member).get(reverse("reminders:read", args=[delivery.pk])).content.decode()
    assert "<script>alert(1)" not in html


def test_the_list_goes_on_on_a_second_page(note, member, sign_in):
    for number in range(31):
        sent_to(member, key=str(number))
    client = sign_in(member)
    assert client.get(MINE).content.decode().count("A note") == 30
    assert client.get(MINE + "?page=2").content.decode().count("A note") == 1


def test_the_list_costs_the_same_queries_however_long_it_is(note, member, sign_in):
    client = sign_in(member)
    client.get(MINE)
    counts = []
    for rows in (1, 3, 30):
        while Delivery.objects.count() < rows:
            sent_to(member, key=str(Delivery.objects.count()))
        with CaptureQueriesContext(connection) as queries:
            client.get(MINE)
        counts.append(len(queries))
    assert counts == [counts[0]] * 3


def test_a_person_says_whether_they_want_reminders(note, member, sign_in):
    client = sign_in(member)
    url = reverse("reminders:preferences")
    assert "checked" in client.get(url).content.decode()
    assert client.post(url, {}).status_code == 302
    assert Preference.objects.get(person=member).reminders is False
    assert "checked" not in client.get(url).content.decode()
    client.post(url, {"reminders": "on"})
    assert Preference.objects.get(person=member).reminders is True


@pytest.mark.parametrize("name", ["mine", "preferences"])
def test_visitors_are_asked_to_sign_in(name, client):
    assert client.get(reverse(f"reminders:{name}"))["Location"].startswith("/account/login/")


def test_the_home_page_shows_the_newest_messages_to_those_without_a_mailbox_of_their_own(note, member):
    request = RequestFactory().get("/")
    for person, shown in [
        (member, None),
        (UserFactory(email=None), 3),
        (UserFactory(mailbox_is_shared=True), 3),
    ]:
        for number in range(4):
            sent_to(person, key=str(number))
        request.user = person
        section = latest_messages(request)
        assert (section and len(section.context["rows"])) == shown


def test_the_card_links_to_each_message(note, sign_in):
    person = UserFactory(email=None)
    delivery = sent_to(person, state="skipped", problem="no-mailbox")
    html = sign_in(person).get("/").content.decode()
    assert reverse("reminders:read", args=[delivery.pk]) in html
