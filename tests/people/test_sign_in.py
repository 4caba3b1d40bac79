"""How people come in: number or address, password or code by mail, and what a stranger learns (nothing)."""

import base64
import re

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests.factories import UserFactory

PASSWORD = "tall otters read at noon"
pytestmark = pytest.mark.django_db
TOKEN = re.compile(rb'csrfmiddlewaretoken" value="[^"]+"|<p class="lead">.*?</p>|value="[^"]*@[^"]*"', re.DOTALL)


@pytest.fixture
def person():
    person = UserFactory(employee_number="A1042", email="rosa@library.example")
    person.set_password(PASSWORD)
    person.save()
    return person


def post_login(client, login, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": login, "password": password})


def plain(response):
    return TOKEN.sub(b"", response.content)


@pytest.mark.parametrize("login", ["A1042", "a1042", "rosa@library.example", "Rosa@Library.example"])
def test_number_and_address_both_sign_in_with_the_password(client, person, login):
    response = post_login(client, login)

    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(person.pk)


def test_a_code_by_mail_signs_in(client, person):
    client.post(reverse("account_request_login_code"), {"email": "rosa@library.example"})
    (message,) = mail.outbox
    code = re.search(r"\b[A-Z]{4}-[A-Z]{4}\b", message.body)[0]
    response = client.post(reverse("account_confirm_login_code"), {"code": code})

    assert message.to == ["rosa@library.example"]
    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(person.pk)


def test_the_code_by_mail_is_kept_nowhere_in_clear(client, person):
    client.post(reverse("account_request_login_code"), {"email": "rosa@library.example"})
    code = re.search(r"\b[A-Z]{4}-[A-Z]{4}\b", mail.outbox[0].body)[0]

    assert client.session["account_login"]["state"]["stages"]["login_by_code"]["data"]["code"] == code
    stored = Session.objects.get().session_data
    assert [code in text for text in (stored, base64.b64decode(stored).decode("latin-1"))] == [False, False]


@pytest.mark.parametrize(
    ("known", "unknown"), [("A1042", "B9999"), ("rosa@library.example", "nobody@library.example")]
)
def test_a_wrong_password_reads_the_same_for_known_and_unknown(client, person, known, unknown):
    answers = [post_login(Client(), login, "wrong wrong wrong wrong") for login in (known, unknown)]

    assert [answer.status_code for answer in answers] == [200, 200]
    first, second = (
        plain(answer).replace(login.encode(), b"X") for answer, login in zip(answers, (known, unknown), strict=True)
    )
    assert first == second


@pytest.mark.parametrize("view", ["account_request_login_code", "account_reset_password"])
def test_asking_for_a_code_reads_the_same_for_known_and_unknown(person, view):
    pages = []
    for address in ("rosa@library.example", "nobody@library.example"):
        client = Client()
        response = client.post(reverse(view), {"email": address}, follow=True)
        pages.append((response.redirect_chain, plain(response).replace(address.encode(), b"X")))

    assert pages[0] == pages[1]
    assert [message.to for message in mail.outbox] == [["rosa@library.example"], ["nobody@library.example"]]


def test_a_wrong_code_reads_the_same_for_known_and_unknown(person):
    pages = []
    for address in ("rosa@library.example", "nobody@library.example"):
        client = Client()
        client.post(reverse("account_request_login_code"), {"email": address})
        response = client.post(reverse("account_confirm_login_code"), {"code": "XXXX-XXXX"})
        pages.append((response.status_code, plain(response).replace(address.encode(), b"X")))

    assert pages[0] == pages[1]


def test_no_code_goes_to_a_mailbox_that_several_people_read(client, person):
    person.mailbox_is_shared = True
    person.save()
    client.post(reverse("account_request_login_code"), {"email": "rosa@library.example"})
    client.post(reverse("account_reset_password"), {"email": "rosa@library.example"})

    assert [re.search(r"\b[A-Z]{4}-[A-Z]{4}\b", message.body) for message in mail.outbox] == [None, None]


def test_no_code_goes_to_an_address_that_nobody_confirmed(client, person):
    EmailAddress.objects.filter(user=person).update(verified=False)
    client.post(reverse("account_request_login_code"), {"email": "rosa@library.example"})

    assert re.search(r"\b[A-Z]{4}-[A-Z]{4}\b", mail.outbox[0].body) is None


def test_ten_wrong_passwords_close_the_account_for_some_minutes_and_no_other(client, person):
    other = UserFactory()
    other.set_password(PASSWORD)
    other.save()
    for _n in range(10):
        post_login(Client(), "A1042", "wrong wrong wrong wrong")

    assert post_login(client, "A1042").status_code == 200
    assert post_login(client, other.employee_number).status_code == 302


def test_fifty_people_behind_one_address_sign_in_within_a_minute():
    codes = []
    for _n in range(50):
        person = UserFactory()
        codes.append(post_login(Client(), person.employee_number, "wrong wrong wrong wrong").status_code)

    assert codes == [200] * 50


def test_nobody_signs_up(client):
    page = client.get(reverse("account_signup"))
    posted = client.post(reverse("account_signup"), {"username": "x", "password1": PASSWORD})

    assert (page.status_code, posted.status_code) == (200, 200)
    assert [
        b'<form method="post"' in answer.content and b"password1" in answer.content for answer in (page, posted)
    ] == [
        False,
        False,
    ]


def test_who_may_not_sign_in_does_not(client, person):
    person.is_active = False
    person.save()
    post_login(client, "A1042")

    assert "_auth_user_id" not in client.session


def test_a_mail_server_that_is_down_is_said_and_is_no_error_page(client, person, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    response = client.post(reverse("account_request_login_code"), {"email": "rosa@library.example"}, follow=True)

    assert response.status_code == 200
    assert "The mail could not be sent" in response.content.decode()


def test_every_sign_in_form_asks_whether_the_computer_is_shared_with_yes_ticked(client):
    for view in ("account_login", "account_request_login_code", "people:code"):
        html = client.get(reverse(view)).content.decode()
        box = re.search(r'<input type="checkbox"[^>]*name="shared_computer"[^>]*>', html)[0]
        assert " checked" in box, view
        assert 'name="initial-shared_computer"' in html, view


def test_a_link_that_confirms_an_address_comes_from_the_public_address(member, sign_in, settings):
    settings.PUBLIC_URL = "https://mentorship.example.org"
    member.set_unusable_password()
    member.save()
    client = sign_in(member)
    client.post(
        reverse("account_email"), {"action_add": "1", "email": "rosa@home.example"}, headers={"host": "testserver"}
    )
    link = re.search(r"https?://\S+", mail.outbox[0].body)[0]

    assert link.startswith("https://mentorship.example.org/account/confirm-email/")
    path = link.removeprefix("https://mentorship.example.org")
    client.get(path)
    assert not EmailAddress.objects.get(email="rosa@home.example").verified
    client.post(path)
    assert EmailAddress.objects.get(email="rosa@home.example").verified


def test_an_address_of_somebody_elses_cannot_be_confirmed(member, stranger, sign_in):
    EmailAddress.objects.filter(user=stranger).delete()
    address = EmailAddress.objects.create(user=member, email=stranger.email)
    client = sign_in(member)
    client.post(reverse("account_confirm_email", args=[EmailConfirmationHMAC(address).key]))
    address.refresh_from_db()

    assert not address.verified


def test_two_people_may_both_remove_their_only_address(member, stranger):
    for person in (member, stranger):
        EmailAddress.objects.get(user=person).remove()
        person.refresh_from_db()

    assert (member.email, stranger.email) == (None, None)
