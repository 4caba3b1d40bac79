"""Whoever enters the admin shows a second factor in this session; its secrets are sealed and shown nowhere."""

import time
from urllib.parse import quote

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import encrypt
from django.contrib import admin
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse

from mentorship.common import encryption, second_factor
from tests.factories import TOTP_SECRET, UserFactory

PASSWORD = "tall otters read at noon"
ADMIN = "/admin/people/user/"
pytestmark = pytest.mark.django_db


def current_code(secret=TOTP_SECRET):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.fixture
def coordinator(coordinator):
    coordinator.set_password(PASSWORD)
    coordinator.save()
    return coordinator


def sign_in_with_password(person):
    client = Client()
    response = client.post(reverse("account_login"), {"login": person.employee_number, "password": PASSWORD})
    return client, response


def test_signing_in_asks_for_the_second_factor_and_then_opens_the_admin(coordinator):
    client, response = sign_in_with_password(coordinator)
    assert response["Location"] == reverse("mfa_authenticate")
    assert client.get(ADMIN).status_code == 302

    client.post(reverse("mfa_authenticate"), {"code": current_code()})
    assert client.get(ADMIN).status_code == 200


def test_a_code_works_once(coordinator):
    code = current_code()
    for expected in (True, False):
        client, _response = sign_in_with_password(coordinator)
        client.post(reverse("mfa_authenticate"), {"code": code})
        assert ("_auth_user_id" in client.session) is expected


def test_a_coordinator_without_a_second_factor_is_led_to_set_one_up_and_back(coordinator):
    Authenticator.objects.all().delete()
    client, _response = sign_in_with_password(coordinator)
    wanted = reverse("admin:people_user_changelist")
    chain = client.get(wanted, follow=True).redirect_chain
    assert [url for url, _status in chain] == [
        f"{reverse('admin:login')}?next={wanted}",
        f"{reverse('people:second_factor')}?next={quote(wanted, safe='')}",
    ]
    page = client.get(chain[-1][0]).content.decode()
    assert f'href="{reverse("mfa_activate_totp")}"' in page


@pytest.mark.django_db(transaction=True)
def test_setting_one_up_counts_as_having_shown_it(coordinator):
    Authenticator.objects.all().delete()
    client, _response = sign_in_with_password(coordinator)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.get(reverse("mfa_activate_totp"))
    secret = client.session["mfa.totp.secret"]
    client.post(reverse("mfa_activate_totp"), {"code": current_code(secret)})

    assert client.get(ADMIN).status_code == 200


def test_a_session_that_has_not_used_the_factor_is_asked_for_it(coordinator, sign_in):
    client = sign_in(coordinator)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time()}]
    session.save()
    page = client.get(ADMIN, follow=True)
    assert f'href="{reverse("mfa_reauthenticate")}?next={ADMIN}"' in page.content.decode()

    client.post(f"{reverse('mfa_reauthenticate')}?next={ADMIN}", {"code": current_code()})
    assert client.get(ADMIN).status_code == 200


def test_another_persons_records_in_the_session_count_for_nothing(coordinator, administrator, sign_in):
    client = sign_in(coordinator)
    session = client.session
    session["account_authentication_methods_user"] = str(administrator.pk)
    session.save()

    assert client.get(ADMIN).status_code == 302


def test_removing_the_factor_closes_the_admin_at_once(coordinator, sign_in):
    client = sign_in(coordinator)
    assert client.get(ADMIN).status_code == 200
    Authenticator.objects.all().delete()

    assert client.get(ADMIN).status_code == 302


def test_who_has_no_role_is_refused_with_or_without_a_second_factor(member, sign_in):
    Authenticator.objects.create(user=member, type="totp", data={"secret": encrypt(TOTP_SECRET)})
    client = sign_in(member)

    assert client.get(ADMIN, follow=True).status_code == 403


def test_a_visitor_is_led_to_the_sites_own_sign_in():
    chain = Client().get("/admin/people/user/", follow=True).redirect_chain

    assert chain[-1][0] == f"{reverse('account_login')}?next=/admin/people/user/"


def test_the_way_back_leads_nowhere_else(coordinator, sign_in):
    response = sign_in(coordinator).get(reverse("people:second_factor"), {"next": "https://elsewhere.example/"})

    assert response["Location"] == "/admin/"


def test_secrets_are_in_clear_neither_in_the_row_nor_in_the_session(coordinator, django_capture_on_commit_callbacks):
    Authenticator.objects.all().delete()
    client, _response = sign_in_with_password(coordinator)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.get(reverse("mfa_activate_totp"))
    secret = client.session["mfa.totp.secret"]
    assert secret not in "".join(Session.objects.values_list("session_data", flat=True))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_activate_totp"), {"code": current_code(secret)})
    codes = Authenticator.objects.get(type="recovery_codes").wrap().generate_codes()
    seed = second_factor.unseal_secret(Authenticator.objects.get(type="recovery_codes").data["seed"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(data::text, ' ') FROM mfa_authenticator")
        (stored,) = cursor.fetchone()

    assert [text in stored for text in (secret, seed, *codes)] == [False] * (2 + len(codes))


def test_a_recovery_code_opens_the_admin_once(coordinator):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    code = RecoveryCodes.activate(coordinator).generate_codes()[0]
    opened = []
    for _n in range(2):
        client, _response = sign_in_with_password(coordinator)
        client.post(reverse("mfa_authenticate"), {"code": code})
        opened.append(client.get(ADMIN).status_code)

    assert opened == [200, 302]


def test_secrets_are_sealed_again_under_a_new_key(coordinator, settings):
    old = dict(settings.ENCRYPTION_KEYS)
    settings.ENCRYPTION_KEYS = {"next": b"n" * 32, **old}
    assert [second_factor.reseal_secrets(), second_factor.reseal_secrets()] == [1, 0]
    settings.ENCRYPTION_KEYS = {"next": b"n" * 32}

    assert second_factor.unseal_secret(Authenticator.objects.get().data["secret"]) == TOTP_SECRET
    assert encryption.active_key_id() == "next"


def test_a_passkey_counts_as_a_second_factor():
    person = UserFactory()
    assert not second_factor.has_second_factor(person)
    Authenticator.objects.create(user=person, type="recovery_codes", data={"seed": encrypt("0"), "used_mask": 0})
    assert not second_factor.has_second_factor(person)
    Authenticator.objects.create(user=person, type="webauthn", data={"name": "key", "credential": {}})
    assert second_factor.has_second_factor(person)


def test_the_admin_shows_no_table_of_a_library():
    shown = {model._meta.label for model in admin.site._registry}

    assert {
        label for label in shown if label.split(".")[0] in {"account", "mfa", "socialaccount", "usersessions", "auth"}
    } == set()
    assert "people.User" in shown


def test_the_admins_own_password_page_is_the_sites(coordinator, sign_in):
    response = sign_in(coordinator).get(reverse("admin:password_change"))

    assert response["Location"] == reverse("account_change_password")
