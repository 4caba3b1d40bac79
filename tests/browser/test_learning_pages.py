"""The pages of learning in a browser, with the shipped texts: axe, a phone, both languages, no script needed."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from mentorship.learning.models import Completion, Resource
from mentorship.people.models import User
from tests.browser.looking import looked_at
from tests.factories import MenteeFactory, MentorFactory, PartnershipFactory, SeasonFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


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
def enter(enter: Callable[[Page, User], None]) -> Iterator[Callable[[Page, User], None]]:
    """As everywhere, and at the end nothing may have been refused: a page that isn't there looks fine too."""

    def watched(page: Page, person: User) -> None:
        page.on("response", lambda response: refused.append(response.url) if response.status >= 400 else None)
        enter(page, person)

    refused: list[str] = []
    yield watched
    assert refused == []


def person_of(pair: Any, role: str, language: str = "en") -> User:
    found: User = pair.memberships.get(role=role).person
    found.language = language
    found.save()
    return found


def seen(page: Page, name: str, path: str, figure: Any) -> None:
    """Look at a page on a phone and on a desk, by day and by night."""
    for scheme, widths in (("light", (320, 1280)), ("dark", (1280,))):
        page.emulate_media(color_scheme=scheme)
        looked_at(page, f"{name}-{scheme}", path, widths)
    figure(f"axe on {name}: violations at 320 px, 1280 px and in the dark", 0)


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_mentor_reads_checks_and_marks(
    page: Page, live_server: Any, enter: Any, pair: Any, figure: Any, language: str
) -> None:
    enter(page, person_of(pair, "mentor", language))
    page.goto(live_server.url + reverse("learning:mine"))
    seen(page, f"learn-{language}", "/learn/", figure)
    page.goto(live_server.url + "/learn/mentor-orientation/")
    seen(page, f"module-{language}", "/learn/mentor-orientation/", figure)
    check = {"en": "Check my answers", "es": "Revisar mis respuestas"}[language]
    page.get_by_role("button", name=check).click()
    seen(page, f"check-errors-{language}", "/check/", figure)
    for key in ("ask", "praise", "name"):
        page.locator(f'input[value="{key}"]').check()
    page.get_by_role("button", name=check).click()
    expected = {"en": "2 of 3 right", "es": "2 de 3 correctas"}[language]
    expect(page.get_by_role("heading", level=1)).to_have_text(expected)
    seen(page, f"checked-{language}", "/check/", figure)
    page.get_by_role("button", name={"en": "Mark as read", "es": "Marcar como leído"}[language]).click()
    heading = {"en": "You have read 1 of 3", "es": "Has leído 1 de 3"}[language]
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    page.goto(live_server.url + "/learn/mentor-orientation/")
    seen(page, f"module-read-{language}", "/learn/mentor-orientation/", figure)


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
    seen(page, name, path, figure)


def test_a_pairs_page_with_the_agendas(page: Page, live_server: Any, enter: Any, pair: Any, figure: Any) -> None:
    enter(page, person_of(pair, "mentee"))
    page.goto(f"{live_server.url}/partnerships/{pair.pk}/")
    seen(page, "pair", "/partnerships/", figure)
    page.get_by_role("link", name="Agenda: halfway").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Agenda: halfway")


def test_somebody_on_the_staff_reads_the_supervisors_briefing(
    page: Page, live_server: Any, enter: Any, pair: Any, figure: Any
) -> None:
    enter(page, UserFactory())
    page.goto(f"{live_server.url}/learn/")
    seen(page, "learn-staff", "/learn/", figure)
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
        seen(page, name, path, figure)
    page.goto(f"{admin}/path/")
    page.locator("#result_list tbody th a").first.click()
    seen(page, "admin-path", "/change/", figure)
    page.get_by_role("link", name="Make one for a season").click()
    seen(page, "admin-path-copy", "/copy/", figure)
    page.goto(f"{admin}/resource/{module.pk}/change/")
    page.get_by_role("button", name="Make a new version").click()
    seen(page, "admin-text-own", "/change/", figure)
    page.goto(f"{live_server.url}/admin/")
    expect(page.get_by_text("1 mentor hasn't read the orientation")).to_be_visible()
    seen(page, "admin-today", "/admin/", figure)


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
