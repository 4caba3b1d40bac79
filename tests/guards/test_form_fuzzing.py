"""Hostile input into every field of every form and every address: no page falls, nothing comes back unescaped."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.urls import resolve
from django.utils.http import urlencode

from tests.guards.access import Policy, Target, patterns
from tests.guards.cast import Cast
from tests.guards.forms import Form, forms_of
from tests.guards.test_canaries import sung
from tests.guards.visiting import Address, Visitors, addresses, reader_of

pytestmark = pytest.mark.django_db
MARKUP = "<script>fuzz()</script><b>"
BREAKOUT = "\"fuzz='' onfocus='fuzz()"
NUL = "a\0b"
HUGE = "x" * 100_000
# Into each field on its own.
ONE_BY_ONE = (MARKUP,)
# Into all fields of a form at once.
TOGETHER = (
    NUL, BREAKOUT, "x" * 2_000, "", "9" * 20, "not-a-key", "-1", "NaN", "0000-00-00", "0001-01-01", "9999-12-31",
    "[]", "=1+1", "@x", "\t\r\n", "{{ 7 }}{% now %}", "%s %(x)s {0}", "\u202e\u0000\u200b", "\U0001f469\u200d \ufdfd",
    "../../etc/passwd", "' OR 1=1 --",
)  # fmt: skip
FILES = (
    b"",
    b"\0" * 100,
    b"PK\x03\x04broken",
    b"\xff\xfe\xfa",
    b"Employee ID,First Name,Location\n=1+1,<script>fuzz()</script>,\0\n",
    b'"',
    b",,,,\n" * 3,
)
BODIES = (("application/json", "{"), ("multipart/form-data; boundary=x", "--x\r\n"), ("text/x", "\0"))
AREAS = (
    "/account/",
    "/apply/",
    "/admin/applications/",
    "/admin/matching/",
    "/admin/people/",
    "/admin/seasons/",
    "/admin/",
)
PARAMETERS = "page q match mentors show language next rows o p all e apart together tab search role waits".split()


def forms(visitors: Visitors, found: list[Address]) -> list[tuple[str, Address, Form]]:
    """Every form of every page once, with one who sees it."""
    met: dict[tuple[str, ...], tuple[str, Address, Form]] = {}
    for address in found:
        role = reader_of(address)
        if role is None or not address.policy.html:
            continue
        page = visitors.ask(role, "GET", address.url).content.decode()
        for form in forms_of(address.url, page):
            if form.method == "DIALOG":
                continue
            met.setdefault((form.method, resolve(form.path).route, *form.names), (role, address, form))
    return list(met.values())


def inputs(form: Form) -> Iterator[tuple[str, dict[str, Any]]]:
    """(what is tried, what is sent). A row of a formset stands for its like; of a mere button less is tried."""
    for name in {re.sub(r"\d+", "#", name): name for name in form.values}.values():
        for payload in ONE_BY_ONE:
            yield f"{name}={payload[:12]!r}", form.values | {name: [payload]}
    for payload in TOGETHER if form.typed else TOGETHER[:6]:
        yield f"everywhere {payload[:12]!r}", {name: [payload] for name in form.values}
    for name in list(form.values)[:1]:
        yield f"huge {name}", form.values | {name: [HUGE]}
    yield "everything twice", {name: ["a", "b"] for name in form.values}
    for name in form.files:
        for content in FILES:
            yield f"{name}={content[:12]!r}", form.values | {name: SimpleUploadedFile("=a.csv", content)}


def faults(response: Any, role: str, url: str, cast: Cast) -> list[str]:
    """What is wrong with the answer to hostile input."""
    if response.status_code >= 500:
        return [f"{response.status_code} {getattr(response, 'exc_info', [''])[0]}"]
    text = response.content.decode(errors="replace")
    wrong = [f"unescaped {payload}" for payload in (MARKUP, BREAKOUT) if payload in text and _is_page(response)]
    return wrong + [f"tells {what}" for what in sung(text, role, url, cast.canaries)]


def _is_page(response: Any) -> bool:
    return "text/html" in response.get("Content-Type", "")


def fuzz(visitors: Visitors, cast: Cast, met: list[tuple[str, Address, Form]]) -> tuple[int, list[str]]:
    sent, wrong = 0, []
    for role, address, form in met:
        for what, data in inputs(form):
            sent += 1
            # What was taken is read again where it leads to.
            follow = form.method == "POST" and any(mark in str(data) for mark in (MARKUP, BREAKOUT))
            response = visitors.ask(role, form.method, form.url, data, follow=follow)
            wrong += [
                f"{role} {address} → {form.url} {what}: {fault}" for fault in faults(response, role, form.url, cast)
            ]
    return sent, wrong


@pytest.fixture(scope="module")
def met(cast: Cast, django_db_blocker: Any) -> list[tuple[str, Address, Form]]:
    with django_db_blocker.unblock():
        return forms(Visitors(cast), addresses(cast))


def area_of(form: Form) -> str:
    """The part of the site that a form belongs to."""
    return next((area for area in AREAS if form.path.startswith(area)), "")


@pytest.mark.parametrize("area", [*AREAS, ""])
def test_no_field_of_any_form_breaks_a_page_or_comes_back_unescaped(
    area: str, met: list[tuple[str, Address, Form]], cast: Cast, quick: None, summary: Any
) -> None:
    own = [entry for entry in met if area_of(entry[2]) == area]
    sent, wrong = fuzz(Visitors(cast), cast, own)
    fields = sum(len(form.values) + len(form.files) for _role, _address, form in own)
    summary(f"{len(own)} forms under {area or '/'}, {fields} fields, {sent} hostile inputs: {len(wrong)} faults")
    assert sent > 0
    assert "\n".join(wrong) == ""


@pytest.mark.parametrize("payload", [NUL, MARKUP, BREAKOUT, "-1", "9" * 30, HUGE[:5000]])
def test_no_question_in_an_address_breaks_a_page(cast: Cast, quick: None, payload: str) -> None:
    visitors, wrong = Visitors(cast), []
    query = urlencode(dict.fromkeys(PARAMETERS, payload))
    for address in addresses(cast):
        role = reader_of(address)
        if role is not None:
            response = visitors.ask(role, "GET", f"{address.url}?{query}")
            wrong += [f"{role} {address}: {fault}" for fault in faults(response, role, address.url, cast)]
    assert "\n".join(wrong) == ""


ZERO_BYTES = ("q", "goal", "state__exact", "state__in", "kind__exact")


def test_a_zero_byte_in_a_question_is_answered_with_the_page_for_what_is_not_understood(
    cast: Cast, quick: None
) -> None:
    """Each parameter alone: what one page refuses for its name must not hide what it would do with the byte."""
    visitors, wrong = Visitors(cast), []
    for address in addresses(cast):
        role = reader_of(address)
        for name in ZERO_BYTES if role is not None else ():
            response = visitors.ask(role, "GET", f"{address.url}?{name}=a%00b")
            if response.status_code != 400:
                wrong.append(f"{role} {address} {name}: {response.status_code}")
    assert "\n".join(wrong) == ""


def test_no_body_of_another_kind_breaks_a_page(cast: Cast, quick: None) -> None:
    visitors, wrong = Visitors(cast), []
    for address in addresses(cast):
        role = reader_of(address, "POST") or reader_of(address)
        for kind, body in BODIES:
            if role is not None:
                response = visitors.ask(role, "POST", address.url, body, content_type=kind)
                wrong += [f"{role} {address} {kind}: {fault}" for fault in faults(response, role, address.url, cast)]
    assert "\n".join(wrong) == ""


def trusting(request: HttpRequest) -> HttpResponse:
    """A page that takes what is typed for a number, or says it back as it came."""
    typed = request.POST.get("number", "")
    if "\0" in typed:
        int(typed)
    return HttpResponse(typed)


def test_control_a_page_that_trusts_its_input_is_found(cast: Cast, quick: None, monkeypatch: Any) -> None:
    (entry,) = [entry for route, entry in patterns() if route == "help"]
    monkeypatch.setattr(entry, "callback", trusting)
    page = Address("help", "/help", Policy("public"), Target("", {}))
    form = Form("POST", "/help", {"number": ["1"]}, typed=True)
    _sent, wrong = fuzz(Visitors(cast), cast, [("stranger", page, form)])
    assert wrong == [
        f"stranger help → /help number={MARKUP[:12]!r}: unescaped {MARKUP}",
        f"stranger help → /help everywhere {NUL!r}: 500 <class 'ValueError'>",
        f"stranger help → /help everywhere {BREAKOUT[:12]!r}: unescaped {BREAKOUT}",
        "stranger help → /help everywhere '\\u202e\\x00\\u200b': 500 <class 'ValueError'>",
    ]
