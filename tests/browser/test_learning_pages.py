"""The pages of learning in a browser, with the shipped texts: axe, a phone, both languages, no script needed."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from mentorship.learning.models import Completion, Resource
from mentorship.people.models import User
from tests.factories import MenteeFactory, MentorFactory, PartnershipFactory, SeasonFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
SCREENSHOTS = os.environ.get("SCREENSHOTS", "")


@pytest.fixture
def season(transactional_db: None) -> Any:
    """Under way, with the shipped texts."""
    call_command("load_content", stdout=StringIO())
    now = timezone.now()
    day = now.date()
    return SeasonFactory(
        opens_on=day - timedelta(days=60),
        closes_on=day - timedelta(days=40),
        matches_on=day - timedelta(days=20),
        starts_on=day - timedelta(days=10),
        ends_on=day + timedelta(days=150),
        survey_on=day + timedelta(days=151),
        report_on=day + timedelta(days=170),
        published_at=now - timedelta(days=61),
        announced_at=now - timedelta(days=20),
    )


@pytest.fixture
def pair(season: Any) -> Any:
    mentee = MenteeFactory(season=season, applicant__given_name="Rosa", applicant__family_name="Santos")
    mentor = MentorFactory(season=season, applicant__given_name="Sam", applicant__family_name="Tran")
    return PartnershipFactory(season=season, pair=(mentee, mentor), announced_at=timezone.now())


@pytest.fixture
def enter(live_server: Any, sign_in: Callable[..., Any]) -> Iterator[Callable[[Page, User], None]]:
    """Give a function that makes a browser page one of a signed-in person."""

    def give_cookie(page: Page, person: User) -> None:
        # A page that isn't there looks fine too.
        page.on("response", lambda response: refused.append(response.url) if response.status >= 400 else None)
        key = sign_in(person).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": key, "url": live_server.url}])

    refused: list[str] = []
    yield give_cookie
    assert refused == []


def person_of(pair: Any, role: str, language: str = "en") -> User:
    found: User = pair.memberships.get(role=role).person
    found.language = language
    found.save()
    return found


def looked_at(page: Page, name: str, path: str, figure: Any) -> None:
    """Assert that each width and both colour schemes pass axe and need no sideways scrolling."""
    for scheme, width in (("light", 320), ("light", 1280), ("dark", 1280)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 800})
        assert path in page.url
        page.locator("h1").first.wait_for()
        found = Axe().run(page).response["violations"]
        assert [f"{v['id']}: {node['html'][:160]}" for v in found for node in v["nodes"]] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if SCREENSHOTS:
            page.screenshot(path=str(Path(SCREENSHOTS) / f"{name}-{scheme}-{width}.png"), full_page=True)
    figure(f"axe on {name}: violations at 320 px, 1280 px and in the dark", 0)


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_mentor_reads_checks_and_marks(
    page: Page, live_server: Any, enter: Any, pair: Any, figure: Any, language: str
) -> None:
    enter(page, person_of(pair, "mentor", language))
    page.goto(live_server.url + reverse("learning:mine"))
    looked_at(page, f"learn-{language}", "/learn/", figure)
    page.goto(live_server.url + "/learn/mentor-orientation/")
    looked_at(page, f"module-{language}", "/learn/mentor-orientation/", figure)
    check = {"en": "Check my answers", "es": "Revisar mis respuestas"}[language]
    page.get_by_role("button", name=check).click()
    looked_at(page, f"check-errors-{language}", "/check/", figure)
    for key in ("ask", "praise", "name"):
        page.locator(f'input[value="{key}"]').check()
    page.get_by_role("button", name=check).click()
    expected = {"en": "2 of 3 right", "es": "2 de 3 correctas"}[language]
    expect(page.get_by_role("heading", level=1)).to_have_text(expected)
    looked_at(page, f"checked-{language}", "/check/", figure)
    page.get_by_role("button", name={"en": "Mark as read", "es": "Marcar como leído"}[language]).click()
    heading = {"en": "You have read 1 of 3", "es": "Has leído 1 de 3"}[language]
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    page.goto(live_server.url + "/learn/mentor-orientation/")
    looked_at(page, f"module-read-{language}", "/learn/mentor-orientation/", figure)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("everything", "/learn/everything/"),
        ("everything-goal", "/learn/everything/?goal=supervise"),
        ("agenda", "/learn/agenda-first-meeting/"),
        ("agreement", "/learn/mentoring-agreement/"),
        ("home", "/"),
    ],
)
def test_the_other_pages(
    page: Page, live_server: Any, enter: Any, pair: Any, figure: Any, name: str, path: str
) -> None:
    enter(page, person_of(pair, "mentee"))
    page.goto(live_server.url + path)
    looked_at(page, name, path, figure)


def test_a_pairs_page_with_the_agendas(page: Page, live_server: Any, enter: Any, pair: Any, figure: Any) -> None:
    enter(page, person_of(pair, "mentee"))
    page.goto(f"{live_server.url}/partnerships/{pair.pk}/")
    looked_at(page, "pair", "/partnerships/", figure)
    page.get_by_role("link", name="Agenda: halfway").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Agenda: halfway")


def test_somebody_on_the_staff_reads_the_supervisors_briefing(
    page: Page, live_server: Any, enter: Any, pair: Any, figure: Any
) -> None:
    enter(page, UserFactory())
    page.goto(f"{live_server.url}/learn/")
    looked_at(page, "learn-staff", "/learn/", figure)
    page.get_by_role("link", name="For supervisors: somebody on your team takes part").click()
    expect(page.get_by_role("button", name="Mark as read")).to_have_count(0)


def test_the_coordinators_pages(
    page: Page, live_server: Any, enter: Any, pair: Any, coordinator: User, figure: Any
) -> None:
    enter(page, coordinator)
    module = Resource.objects.get(slug="mentor-orientation")
    admin = f"{live_server.url}/admin/learning"
    for name, path in (
        ("admin-texts", "/resource/"),
        ("admin-text", f"/resource/{module.pk}/change/"),
        ("admin-preview", f"/resource/{module.pk}/preview/?language=es"),
        ("admin-paths", "/path/"),
        ("admin-path-add", "/path/add/"),
        ("admin-season", f"/completion/season/{pair.season_id}/"),
        ("admin-completions", "/completion/"),
    ):
        page.goto(admin + path)
        looked_at(page, name, path, figure)
    page.goto(f"{admin}/path/")
    page.locator("#result_list tbody th a").first.click()
    looked_at(page, "admin-path", "/change/", figure)
    page.get_by_role("link", name="Make one for a season").click()
    looked_at(page, "admin-path-copy", "/copy/", figure)
    page.goto(f"{admin}/resource/{module.pk}/change/")
    page.get_by_role("button", name="Make a new version").click()
    looked_at(page, "admin-text-own", "/change/", figure)
    page.goto(f"{live_server.url}/admin/")
    expect(page.get_by_text("1 mentor hasn't read the orientation")).to_be_visible()
    looked_at(page, "admin-today", "/admin/", figure)


def test_it_all_works_without_any_script(browser: Browser, live_server: Any, enter: Any, pair: Any) -> None:
    page = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 700}).new_page()
    mentee = person_of(pair, "mentee")
    enter(page, mentee)
    page.goto(live_server.url + "/learn/")
    page.get_by_role("link", name="Begin: 7 minutes").click()
    for key in ("write", "small", "clear"):
        page.locator(f'input[value="{key}"]').check()
    page.get_by_role("button", name="Check my answers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("3 of 3 right")
    page.get_by_role("button", name="Mark as read").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You have read 1 of 3")
    assert Completion.objects.get().person == mentee
    page.context.close()
