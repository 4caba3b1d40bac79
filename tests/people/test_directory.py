"""Accounts of the library's directory: let in within the configured tenant and domains, and nobody else."""

from types import SimpleNamespace

import pytest
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import EmailAddress, Login
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.internal.flows.login import complete_login
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.fallback import FallbackStorage
from django.test import Client
from django.urls import reverse

from mentorship.people.adapters import DirectoryAccountAdapter, claims_of, trusted_address
from mentorship.people.models import User
from tests.factories import UserFactory

TENANT = "6f0e1c52-0000-4000-8000-000000000001"
PASSWORD = "tall otters read at noon"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def directory(settings):
    settings.OIDC_DOMAINS = ["library.example"]
    settings.OIDC_TENANT = TENANT
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "APPS": [
                {
                    "provider_id": "library",
                    "name": "Library",
                    "client_id": "id",
                    "secret": "secret",
                    "settings": {"server_url": "https://login.example"},
                }
            ]
        }
    }


@pytest.fixture
def person():
    return UserFactory(email="rosa@library.example")


def claims(**changed):
    return {"sub": "s-1", "email": "Rosa@library.example", "tid": TENANT, **changed}


def arrive(rf, data, user=None):
    """Return (response, request) of somebody whom the directory sent with `data`."""
    request = rf.get(reverse("openid_connect_callback", args=["library"]))
    client = Client()
    if user is not None:
        client.force_login(user, backend="mentorship.people.backends.ActivePersonBackend")
    request.session = client.session
    request.user = user or AnonymousUser()
    request._messages = FallbackStorage(request)
    request.allauth = SimpleNamespace()
    account = SocialAccount(provider="library", uid=data["sub"], extra_data={"id_token": data})
    login = SocialLogin(user=User(), account=account)
    with context.request_context(request):
        return complete_login(request, login), request


def signed_in_as(request):
    return request.session.get("_auth_user_id")


def test_the_first_sign_in_links_the_account_and_the_next_one_finds_it(rf, person):
    for _n in range(2):
        response, request = arrive(rf, claims())
        assert (response.status_code, signed_in_as(request)) == (302, str(person.pk))

    assert list(SocialAccount.objects.values_list("user", "uid")) == [(person.pk, "s-1")]


@pytest.mark.parametrize(
    "changed",
    [
        {"tid": "6f0e1c52-0000-4000-8000-00000000beef"},
        {"tid": None},
        {"email": "rosa@elsewhere.example"},
        {"email": "rosa@library.example.evil.example"},
        {"email": "rosa@sub.library.example"},
        {"email": ""},
        {"email": "nobody@library.example"},
        {"email_verified": False},
    ],
)
def test_everybody_else_is_refused_with_the_same_page(rf, person, changed):
    response, request = arrive(rf, claims(**changed))

    assert (response.status_code, signed_in_as(request)) == (403, None)
    assert "You can't come in this way" in response.content.decode()
    assert not SocialAccount.objects.exists()


def test_a_linked_account_that_moved_to_another_tenant_is_refused(rf, person):
    arrive(rf, claims())
    response, request = arrive(rf, claims(tid="another"))

    assert (response.status_code, signed_in_as(request)) == (403, None)


def test_without_a_tenant_only_a_verified_address_counts(settings):
    settings.OIDC_TENANT = ""

    assert trusted_address({"email": "rosa@library.example"}) == ""
    assert trusted_address({"email": "rosa@library.example", "email_verified": "true"}) == ""
    assert trusted_address({"email": "rosa@library.example", "email_verified": True}) == "rosa@library.example"


def test_google_names_its_tenant_by_domain(settings):
    settings.OIDC_TENANT = "library.example"

    assert trusted_address({"email": "r@library.example", "hd": "library.example", "email_verified": True}) != ""
    assert trusted_address({"email": "r@library.example", "hd": "gmail.example", "email_verified": True}) == ""


def test_what_the_directory_signed_wins_over_its_information_page():
    data = {"userinfo": {"email": "boss@library.example", "name": "x"}, "id_token": {"email": "rosa@library.example"}}

    assert claims_of(data)["email"] == "rosa@library.example"


def test_nobody_links_a_colleagues_account_to_their_own(rf, person, stranger):
    response, _request = arrive(rf, claims(), user=stranger)

    assert response.status_code == 403
    assert not SocialAccount.objects.exists()


def test_an_address_that_nobody_confirmed_links_nobody(rf, person):
    EmailAddress.objects.filter(user=person).update(verified=False)
    response, _request = arrive(rf, claims())

    assert response.status_code == 403


def test_an_account_of_a_shared_mailbox_links_nobody(rf, person):
    User.objects.filter(pk=person.pk).update(mailbox_is_shared=True)

    assert arrive(rf, claims())[0].status_code == 403


def test_who_may_not_sign_in_does_not(rf, person):
    arrive(rf, claims())
    User.objects.filter(pk=person.pk).update(is_active=False)
    _response, request = arrive(rf, claims())

    assert signed_in_as(request) is None


def test_nobody_signs_up_through_the_directory(rf):
    assert not DirectoryAccountAdapter().is_open_for_signup(rf.get("/"), object())


@pytest.mark.parametrize(
    "view",
    ["account_login", "account_request_login_code", "account_reset_password", "people:code", "mfa_login_webauthn"],
)
def test_with_the_directory_as_the_only_door_every_other_form_is_closed(client, person, settings, view, mailoutbox):
    settings.OIDC_ONLY = True
    person.set_password(PASSWORD)
    person.save()
    fields = {"login": person.employee_number, "password": PASSWORD, "email": person.email, "credential": "{}"}
    response = client.post(reverse(view), fields)

    assert response.status_code == 403
    assert "_auth_user_id" not in client.session
    assert mailoutbox == []


def test_with_the_directory_as_the_only_door_the_page_shows_no_other(client, settings):
    settings.OIDC_ONLY = True
    page = client.get(reverse("account_login")).content.decode()

    assert ('name="password"' in page, "/account/oidc/library/login/" in page) == (False, True)


def test_with_the_directory_as_the_only_door_it_is_open(rf, person, settings):
    settings.OIDC_ONLY = True
    _response, request = arrive(rf, claims())

    assert signed_in_as(request) == str(person.pk)


def test_no_flow_that_ends_in_a_sign_in_passes_by_the_rule(rf, person, settings):
    settings.OIDC_ONLY = True
    request = rf.get("/")
    request.session, request.user = Client().session, AnonymousUser()
    request.allauth = SimpleNamespace()
    with context.request_context(request):
        response = perform_password_login(request, {"username": person.employee_number}, Login(user=person))

    assert (response.status_code, signed_in_as(request)) == (403, None)


def test_refusals_are_raised_for_whoever_comes_by_another_road(rf, person):
    login = SocialLogin(user=User(), account=SocialAccount(provider="library", uid="s", extra_data={"id_token": {}}))
    request = rf.get("/")
    request.user = AnonymousUser()
    with pytest.raises(ImmediateHttpResponse):
        DirectoryAccountAdapter().pre_social_login(request, login)
