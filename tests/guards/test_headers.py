"""What comes with every page: headers, cookies, no inline code; and what no request can talk the site into."""

import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client
from django.utils.http import urlencode

from tests.factories import UserFactory
from tests.guards.access import Policy, Target
from tests.guards.cast import Cast
from tests.guards.test_house import ROOT
from tests.guards.visiting import Address, Visitors, addresses, reader_of

pytestmark = pytest.mark.django_db
PASSWORD = "tall otters read at noon"
POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
# A mail in its sandboxed frame: its styles are inline, nothing else is let in, and only our own page may frame it.
MAIL_POLICY = {
    "default-src": "'none'",
    "style-src": "'unsafe-inline'",
    "img-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'self'",
}
FRAMES = (
    "admin/reminders/wording/rules/<slug:rule>/<slug:language>/frame/",
    "admin/matching/matchrun/season/<uuid:season_id>/announce/<slug:rule>/",
    "admin/seasons/season/<uuid:pk>/messages/<slug:rule>/<slug:language>/frame/",
    "admin/surveys/wave/season/<uuid:season_id>/mail/",
    "demo/mail/every/<slug:key>/<slug:language>/body",
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
ELSEWHERE = ("https://evil.example/", "//evil.example/", "/\\evil.example/", "https:evil.example")


class Inline(HTMLParser):
    """Code and styles within a page, which its policy forbids."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "style" or (
            tag == "script" and "src" not in given and given.get("type") not in {"application/json"}
        ):
            self.found.append(f"<{tag}>")
        self.found += [f"{tag}[{name}]" for name in given if name == "style" or name.startswith("on")]
        # A link to nowhere is a template that asked for a name which isn't there.
        self.found += [f"{tag}[{name}=]" for name in ("href", "action", "src") if given.get(name) == ""]
        self.found += [
            f"{tag}[{name}={value}]"
            for name, value in given.items()
            if (value or "").strip().lower().startswith(("javascript:", "data:"))
        ]


def policy_of(response: Any) -> dict[str, str]:
    parts = (part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";"))
    return dict(parts)


def faults(address: Address, response: Any, role: str) -> list[str]:
    """What is wrong with the headers and the markup of one page."""
    framed = address.route in FRAMES
    wrong = []
    if policy_of(response) != (MAIL_POLICY if framed else POLICY):
        wrong.append(f"policy {response['Content-Security-Policy']}")
    expected = HEADERS | ({"X-Frame-Options": "SAMEORIGIN"} if framed else {})
    wrong += [f"{name}: {response.get(name)}" for name, value in expected.items() if response.get(name) != value]
    if role != "anonymous" and "no-store" not in response.get("Cache-Control", ""):
        wrong.append(f"Cache-Control: {response.get('Cache-Control')}")
    if not re.fullmatch(r"[0-9a-f]{32}", response.get("X-Request-ID", "")):
        wrong.append("no request id")
    if "text/html" in response["Content-Type"] and not framed:
        wrong += Inline(response.content.decode()).found
    return [f"{address}: {fault}" for fault in wrong]


def test_every_page_comes_with_every_header_and_without_inline_code(
    cast: Cast, rendering: None, summary: Any
) -> None:
    visitors, pages, wrong = Visitors(cast), 0, []
    for address in addresses(cast):
        role = reader_of(address)
        if role is not None:
            pages += 1
            wrong += faults(address, visitors.ask(role, "GET", address.url), role)
    summary(f"{pages} pages looked through for headers and inline code: {len(wrong)} faults")
    assert wrong == []


@pytest.mark.parametrize("url", ["/no-such-page/", "/admin/no-such-page/", "/account/stay/"])
def test_error_pages_come_with_the_same(cast: Cast, url: str) -> None:
    response = Visitors(cast).ask("coordinator", "GET", url)
    address = Address(url, url, Policy("public"), Target("", {}))
    assert (response.status_code in {404, 405}, faults(address, response, "coordinator")) == (True, [])


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        ("<p style='color:red'>", ["p[style]"]),
        ("<a href=''>", ["a[href=]"]),
        ("<script>alert()</script>", ["<script>"]),
        ("<button onclick='x()'>", ["button[onclick]"]),
        ("<style>p {}</style>", ["<style>"]),
        ("<a href=' javascript:x()'>", ["a[href= javascript:x()]"]),
        ("<script src='/static/a.js'></script><script type='application/json'>{}</script>", []),
    ],
)
def test_control_inline_code_is_found(markup: str, found: list[str]) -> None:
    assert Inline(markup).found == found


def test_control_a_page_without_its_headers_is_found(cast: Cast, rendering: None, settings: Any) -> None:
    settings.X_FRAME_OPTIONS = "SAMEORIGIN"
    (page,) = [address for address in addresses(cast) if address.route == "help"]
    assert faults(page, Visitors(cast).ask("stranger", "GET", page.url), "stranger") == [
        "help: X-Frame-Options: SAMEORIGIN"
    ]


def test_no_post_without_its_token_is_taken(cast: Cast, quick: None) -> None:
    """Of the one-click links in mails the secret is the token."""
    visitors = Visitors(cast)
    for client in visitors.clients.values():
        client.handler.enforce_csrf_checks = True
    taken = [
        f"{role}: {address}"
        for address in addresses(cast)
        for role in ("anonymous", "coordinator")
        if visitors.ask(role, "POST", address.url).status_code != 403
    ]
    links = ("messages/stop/<str:secret>", "partnerships/log/<str:secret>/")
    by_secret = [entry for entry in taken if any(link in entry for link in links)]
    assert (len(by_secret), [entry for entry in taken if entry not in by_secret]) == (8, [])


def test_no_address_leads_away_from_the_site(cast: Cast, quick: None) -> None:
    visitors, led = Visitors(cast), []
    for address in addresses(cast):
        for role in ("anonymous", "coordinator"):
            for method in ("GET", "POST"):
                for place in ELSEWHERE[:2]:
                    query = urlencode({"next": place})
                    response = visitors.ask(role, method, f"{address.url}?{query}", {"next": place})
                    to = response.get("Location", "")
                    if is_away(to) or "evil" in urlsplit(response.get("Refresh", "")).netloc:
                        led.append(f"{role} {method} {address}: {to}")
    assert led == []


def is_away(to: str) -> bool:
    """Whether a browser that follows `to` leaves the site; it takes backslashes for slashes."""
    return bool(urlsplit(to.replace("\\", "/")).netloc.removesuffix("testserver"))


def test_control_an_open_redirect_is_seen() -> None:
    assert [is_away(place) for place in (*ELSEWHERE[:3], "/apply/", "http://testserver/")] == [
        True, True, True, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize("place", ELSEWHERE)
def test_signing_in_and_choosing_a_language_lead_back_to_the_site_alone(db: None, place: str) -> None:
    person = UserFactory()
    person.set_password(PASSWORD)
    person.save()
    signed = Client().post("/account/login/", {"login": person.employee_number, "password": PASSWORD, "next": place})
    chosen = Client().post("/language", {"language": "es", "next": place})
    assert [(answer.status_code, answer["Location"]) for answer in (signed, chosen)] == [(302, "/"), (302, "/")]


def test_cookies_are_kept_from_scripts_and_other_sites(db: None) -> None:
    person = UserFactory()
    person.set_password(PASSWORD)
    person.save()
    client = Client()
    client.get("/account/login/")
    client.post("/account/login/", {"login": person.employee_number, "password": PASSWORD})
    client.post("/language", {"language": "es"})
    flags = {
        name: (bool(cookie["httponly"]), cookie["samesite"], cookie["path"], cookie["domain"])
        for name, cookie in client.cookies.items()
    }
    assert flags == {
        "sessionid": (True, "Lax", "/", ""),
        "django_language": (True, "Lax", "/", ""),
        # The page's own scripts send it along.
        "csrftoken": (False, "Lax", "/", ""),
    }


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "testserver@evil.example", "a b"])
def test_another_host_is_refused(db: None, host: str) -> None:
    assert Client(raise_request_exception=False).get("/account/login/", headers={"host": host}).status_code == 400


def test_mail_never_names_the_host_of_the_request(db: None) -> None:
    person = UserFactory()
    Client().post("/account/password/reset/", {"email": person.email}, headers={"x-forwarded-host": "evil.example"})
    (sent,) = mail.outbox
    assert "evil.example" not in sent.message().as_string()


def test_each_answer_has_an_id_of_its_own_which_no_client_chooses(db: None) -> None:
    asked = {"x-request-id": "0" * 32}
    first, second = (Client().get("/livez", headers=asked)["X-Request-ID"] for _ in range(2))
    assert len({first, second, asked["x-request-id"]}) == 3


def test_a_real_installation_is_reached_by_https_alone() -> None:
    names = (
        "SECURE_HSTS_SECONDS SECURE_HSTS_INCLUDE_SUBDOMAINS SECURE_SSL_REDIRECT SESSION_COOKIE_SECURE "
        "CSRF_COOKIE_SECURE LANGUAGE_COOKIE_SECURE DEMO DEBUG ALLOWED_HOSTS"
    ).split()
    code = (
        f"import json\nfrom django.conf import settings\nprint(json.dumps([getattr(settings, n) for n in {names}]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "mentorship.settings",
            "DEMO": "false",
            "PUBLIC_URL": "https://mentorship.library.example",
            "EMAIL_URL": "smtp://127.0.0.1:25",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    host = ["mentorship.library.example"]
    assert json.loads(done.stdout) == [31_536_000, True, True, True, True, True, False, False, host]


def test_https_answers_say_so_for_a_year_and_http_leads_there(db: None, settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 31_536_000, True
    settings.SECURE_HSTS_PRELOAD = settings.SECURE_SSL_REDIRECT = True
    client = Client()
    told = client.get("/account/login/", secure=True)["Strict-Transport-Security"]
    led = client.get("/account/login/")
    assert told == "max-age=31536000; includeSubDomains; preload"
    assert (led.status_code, led["Location"]) == (301, "https://testserver/account/login/")
    # A balancer asks for health without https.
    assert client.get("/livez").status_code == 200
