"""Every page in a real browser: axe, on a phone, in each state; and the journeys by somebody without JavaScript."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page

from mentorship.jobs.models import Job
from mentorship.jobs.services import run_job
from mentorship.partnerships.models import Partnership
from tests.conftest import signed_in
from tests.factories import UserFactory
from tests.guards.access import Policy
from tests.guards.cast import GIVEN_ROLES, Cast, assemble
from tests.guards.test_headers import FRAMES
from tests.guards.visiting import Address, addresses, reader_of

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "tall otters read at noon"
PHONE = {"width": 320, "height": 700}
# The home page shows each of them something else.
AT_HOME = ("stranger", "applicant", "appellant", "asked_mentor", "mentor", "mentee", "coordinator")
DARK = {"", "apply/<uuid:pk>/", "apply/<uuid:pk>/<slug:key>/", "account/profile/", "admin/", "admin/people/user/"}
# Sends a form with nothing in it, from the page that it belongs to.
SEND_EMPTY = """() => {
    const form = document.createElement("form");
    form.method = "post";
    form.append(document.querySelector("[name=csrfmiddlewaretoken]").cloneNode());
    document.body.append(form);
    form.submit();
}"""
WIDE_FIELD = """() => {
    const field = document.createElement("input");
    field.style.width = "999px";
    field.style.maxWidth = "none";
    document.querySelector("main").append(field);
}"""


class Rounds:
    """Browsers of all roles, and what was found on the way."""

    def __init__(self, browser: Browser, site: str, people: dict[str, Any]) -> None:
        self.browser, self.site, self.people = browser, site, people
        self.pages: dict[str, Page] = {}
        self.seen = 0
        self.found: list[str] = []

    def page_of(self, role: str, **options: Any) -> Page:
        """The one page of `role`'s browser, signed in."""
        key = f"{role} {options}"
        if key not in self.pages:
            context = self.browser.new_context(viewport=PHONE, reduced_motion="reduce", **options)
            if role != "anonymous":
                bring_in(context, self.people[role], self.site)
            self.pages[key] = context.new_page()
        return self.pages[key]

    def look(self, role: str, address: Address, state: str, page: Page) -> None:
        """Note every violation on the page that is open, having made sure that it is the page meant."""
        where = f"{role} {address}{state}"
        if urlsplit(page.url).path != address.url:
            self.found.append(f"{where}: is {page.url}")
            return
        self.seen += 1
        for violation in Axe().run(page).response["violations"]:
            self.found += [f"{where}: {violation['id']} {node['html'][:110]}" for node in violation["nodes"][:3]]
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > PHONE["width"]:
            self.found.append(f"{where}: {width} px wide")

    def visit(self, role: str, address: Address, **options: Any) -> None:
        """Look at the page as it comes, and with errors where an empty form isn't taken."""
        page = self.page_of(role, **options)
        page.goto(self.site + address.url)
        dark = " in the dark" if options else ""
        self.look(role, address, dark, page)
        # A page that asks "sure?" has no empty form: whatever is sent is the yes.
        if address.expected(role, "POST") == (200, "") and not options and not address.route.endswith("/delete/"):
            with page.expect_navigation():
                page.evaluate(SEND_EMPTY)
            self.look(role, address, " with errors", page)

    def close(self) -> None:
        for page in self.pages.values():
            page.context.close()


def bring_in(context: BrowserContext, person: Any, site: str) -> None:
    client = signed_in(person, proved_again=True)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])


@pytest.fixture
def rounds(live_server: Any, browser: Browser) -> Iterator[Callable[[dict[str, Any]], Rounds]]:
    made: list[Rounds] = []

    def make(people: dict[str, Any]) -> Rounds:
        made.append(Rounds(browser, live_server.url, people))
        return made[-1]

    yield make
    for each in made:
        each.close()


def is_page(address: Address) -> bool:
    # A mail in its frame is looked at within the page around it.
    return address.policy.html and address.route not in FRAMES


def test_every_page_passes_axe_and_fits_a_phone(rounds: Any, summary: Any) -> None:
    cast = assemble(timezone.now())
    walk = rounds(cast.people)
    for address in filter(is_page, addresses(cast)):
        role = reader_of(address)
        for reader in AT_HOME if address.route == "" else [role] if role else []:
            walk.visit(reader, address)
            if address.route in DARK:
                walk.visit(reader, address, color_scheme="dark")
    summary(f"{walk.seen} pages and states with axe at 320 px: {len(walk.found)} violations")
    assert "\n".join(walk.found) == ""


def test_every_list_passes_axe_while_it_is_empty(rounds: Any, summary: Any) -> None:
    people = {
        role: UserFactory(roles=[GIVEN_ROLES[role]] if role in GIVEN_ROLES else [])
        for role in ("stranger", "coordinator", "administrator")
    }
    walk = rounds(people)
    table = [
        Address(route, f"/{route}", policy, policy.targets(Cast(timezone.now()))[0]) for route, policy in lists()
    ]
    for address in filter(is_page, table):
        role = reader_of(address)
        if role in people:
            walk.visit(role, address)
    summary(f"{walk.seen} pages with axe where there is nothing yet: {len(walk.found)} violations")
    assert "\n".join(walk.found) == ""


def lists() -> list[tuple[str, Policy]]:
    """The routes without an object."""
    from tests.guards.addresses import policies

    return [(route, policy) for route, policy in policies().items() if policy.targets is Policy.targets]


def test_control_axe_finds_a_field_without_its_label(rounds: Any) -> None:
    walk = rounds({})
    page = walk.page_of("anonymous")
    page.goto(f"{walk.site}/help")
    page.evaluate(WIDE_FIELD)
    help_page = Address("help", "/help", Policy("public"), Policy.targets(Cast(timezone.now()))[0])
    walk.look("anonymous", help_page, "", page)
    assert [re.sub(r" <.*|[0-9]+ px ", "", entry) for entry in walk.found] == [
        "anonymous help: label",
        "anonymous help: wide",
    ]


def test_control_another_page_than_the_one_meant_is_found(rounds: Any) -> None:
    walk = rounds({})
    profile = Address(
        "account/profile/", "/account/profile/", Policy("public"), Policy.targets(Cast(timezone.now()))[0]
    )
    walk.visit("anonymous", profile)
    assert re.match(r"anonymous account/profile/: is http://[^/]+/account/login/", walk.found[0])


def test_every_page_works_without_javascript(rounds: Any, summary: Any) -> None:
    """Its heading is there, and each form that can be sent has a button that one sees."""
    cast = assemble(timezone.now())
    walk = rounds(cast.people)
    for address in filter(is_page, addresses(cast)):
        role = reader_of(address)
        if role is None:
            continue
        page = walk.page_of(role, java_script_enabled=False)
        page.goto(walk.site + address.url)
        walk.seen += 1
        if not page.get_by_role("heading", level=1).first.is_visible():
            walk.found.append(f"{role} {address}: no heading")
        for form in page.locator("main form").all():
            asks = form.locator("input:visible, select:visible, textarea:visible").count()
            if asks and not form.locator("button:visible, input[type=submit]:visible").count():
                walk.found.append(f"{role} {address}: a form without a button, {form.get_attribute('action')}")
    summary(f"{walk.seen} pages without JavaScript: {len(walk.found)} that need it")
    assert "\n".join(walk.found) == ""


def test_a_coordinator_matches_a_season_without_javascript(rounds: Any) -> None:
    """From the run to the question to the mentors, with nothing but links and buttons."""
    cast = assemble(timezone.now())
    walk = rounds(cast.people)
    page = walk.page_of("second", java_script_enabled=False)
    page.goto(f"{walk.site}/admin/matching/matchrun/season/{cast.review.pk}/")
    page.get_by_role("button", name="Run again").first.click()
    assert "/work/" in page.url
    run_job(job_id=Job.objects.get(pk=page.url.rpartition("/")[2]).pk, now=timezone.now())
    page.reload()
    workbench = f"/admin/matching/matchrun/season/{cast.review.pk}/"
    assert urlsplit(page.url).path == workbench
    for step, state in (("approve", "approved"), ("ask", "asked")):
        before = Partnership.objects.filter(season=cast.review, state=state).count()
        page.goto(f"{walk.site}{workbench}{step}/")
        page.locator("main form button:visible").first.click()
        assert urlsplit(page.url).path == workbench
        assert Partnership.objects.filter(season=cast.review, state=state).count() > before
