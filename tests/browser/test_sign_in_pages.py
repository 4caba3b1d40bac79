"""The sign-in pages are ours: each one passes axe, holds on a phone, and a passkey works under the policy."""

from importlib.resources import files
from pathlib import Path
from typing import Any

import allauth
import pytest
from django.conf import settings as django_settings
from django.template.loader import get_template, render_to_string
from playwright.sync_api import Page

from tests.browser.looking import violations
from tests.factories import UserFactory

TEMPLATES = Path(django_settings.BASE_DIR) / "templates"
PASSWORD = "four words in a row"
# Of features that are not installed (phone numbers), or steps between a layout and its pages.
NOT_OURS = {
    "account/base_entrance.html",
    "account/base_manage.html",
    "account/base_manage_email.html",
    "account/base_manage_password.html",
    "account/base_manage_phone.html",
    "account/confirm_phone_verification_code.html",
    "account/email/base_message.txt",
    "account/email/base_notification.txt",
    "account/messages/phone_verification_sent.txt",
    "account/messages/phone_verified.txt",
    "account/phone_change.html",
    "mfa/base_entrance.html",
    "mfa/base_manage.html",
    "mfa/recovery_codes/base.html",
    "mfa/totp/base.html",
    "mfa/webauthn/base.html",
    "socialaccount/base_entrance.html",
    "socialaccount/base_manage.html",
    "usersessions/base_manage.html",
}


def pages_of_the_library() -> list[str]:
    root = Path(str(files(allauth))) / "templates"
    apps = ("account", "mfa", "socialaccount", "usersessions")
    return sorted(str(f.relative_to(root)) for app in apps for f in (root / app).rglob("*.*"))


def test_every_page_and_mail_of_the_library_is_replaced_by_ours() -> None:
    theirs = {
        name for name in pages_of_the_library() if not Path(get_template(name).origin.name).is_relative_to(TEMPLATES)
    }
    assert theirs == NOT_OURS


def test_the_last_error_page_needs_no_context_and_no_static_files() -> None:
    page = render_to_string("500.html")
    assert "Something went wrong here" in page
    assert "{%" not in page


def looked_at(page: Page, path: str) -> None:
    """Assert that the page is the one meant, passes axe, fits a phone and breaks no policy."""
    assert path in page.url
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 375


@pytest.fixture
def phone(page: Page) -> Page:
    page.set_viewport_size({"width": 375, "height": 700})
    return page


@pytest.fixture
def person(db: None) -> Any:
    person = UserFactory(given_name="Rosa", family_name="Santos")
    person.set_password(PASSWORD)
    person.save()
    return person


def come_in(page: Page, site: str, person: Any) -> None:
    page.goto(f"{site}/account/login/")
    page.get_by_label("Employee number or e-mail address").fill(person.employee_number)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/login/" not in url)


def prove_again(page: Page) -> None:
    if "/reauthenticate/" in page.url:
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Go on").click()
        page.wait_for_url(lambda url: "/reauthenticate/" not in url)


@pytest.mark.parametrize(
    "path",
    [
        "/account/login/",
        "/account/login/code/",
        "/account/password/reset/",
        "/account/signup/",
        "/account/inactive/",
        "/account/3rdparty/login/cancelled/",
        "/account/3rdparty/login/error/",
        "/no-such-page/",
    ],
)
def test_pages_before_sign_in(phone: Page, live_server: Any, path: str) -> None:
    phone.goto(live_server.url + path)
    looked_at(phone, path)


def test_a_wrong_password_is_told_on_top_with_the_focus(phone: Page, live_server: Any, person: Any) -> None:
    phone.goto(f"{live_server.url}/account/login/")
    phone.get_by_label("Employee number or e-mail address").fill(person.employee_number)
    phone.get_by_label("Password").fill("not this one, no")
    phone.get_by_role("button", name="Sign in").click()
    phone.wait_for_selector(".error-summary:focus")
    assert phone.title().startswith("Error: Sign in · ")
    looked_at(phone, "/account/login/")


@pytest.mark.parametrize(
    "path",
    [
        "/account/2fa/",
        "/account/email/",
        "/account/password/change/",
        "/account/sessions/",
        "/account/3rdparty/",
        "/account/reauthenticate/",
        "/account/logout/",
        "/account/2fa/totp/activate/",
        "/account/2fa/webauthn/",
    ],
)
def test_pages_after_sign_in(phone: Page, live_server: Any, person: Any, path: str) -> None:
    come_in(phone, live_server.url, person)
    phone.goto(live_server.url + path)
    if path != "/account/reauthenticate/":
        prove_again(phone)
    looked_at(phone, path)


def test_a_passkey_is_added_and_signs_in_while_the_policy_forbids_inline_code(
    phone: Page, live_server: Any, person: Any
) -> None:
    refused: list[str] = []
    phone.on("console", lambda m: refused.append(m.text) if "Content Security Policy" in m.text else None)
    devtools = phone.context.new_cdp_session(phone)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    come_in(phone, live_server.url, person)
    phone.goto(f"{live_server.url}/account/2fa/webauthn/add/")
    prove_again(phone)
    assert refused == []
    looked_at(phone, "/account/2fa/webauthn/add/")
    refused.clear()  # axe itself tries a style that the policy refuses
    phone.locator("#id_passwordless").check()
    phone.get_by_role("button", name="Add this key").click()
    phone.wait_for_url("**/account/2fa/recovery-codes/")
    phone.context.clear_cookies()
    phone.goto(f"{live_server.url}/account/login/")
    phone.get_by_role("button", name="Use a passkey").click()
    phone.wait_for_url(lambda url: "/login/" not in url)
    assert person.authenticator_set.filter(last_used_at__isnull=False).count() == 1
    assert refused == []
