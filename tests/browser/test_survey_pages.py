"""The pages of a survey in a browser: axe, a phone, both languages, and no script needed from promise to thanks."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page

from mentorship.common.content import content_files
from mentorship.questionnaires.content_loader import load_questionnaires
from surveys.apps import CONTENT
from surveys.models import Response, Wave
from surveys.services import close_wave, open_wave, publish_release, submit_response
from tests.browser.looking import looked_at
from tests.factories import NOW, UserFactory
from tests.surveys.cast import is_mentor, people, season_of

pytestmark = pytest.mark.django_db(transaction=True)
WIDTHS = (320, 1280)


@pytest.fixture
def wave() -> Wave:
    """The shipped survey, open for six pairs."""
    assert content_files(CONTENT)
    load_questionnaires(CONTENT, check=False, now=NOW)
    return open_wave(season=season_of(6), by=UserFactory(roles=["coordinator"]), now=timezone.now())


def full_answers(wave: Wave, person: Any, point: int) -> dict[str, Any]:
    """An answer to everything that this person is asked."""
    keys = wave.questionnaire.questions.filter(kind="likert").values_list("key", flat=True)
    given: dict[str, Any] = {key: point for key in keys if is_mentor(wave, person) or not key.startswith("skill-")}
    return given | {"tools": ["resume"], "comment-helped": "Time for us", "consent-helped": "role"}


def published(wave: Wave) -> None:
    for place, person in enumerate(people(wave)):
        submit_response(wave=wave, answers=full_answers(wave, person, 2 + place % 4), by=person, now=timezone.now())
    coordinator = UserFactory(roles=["coordinator"])
    publish_release(
        wave=close_wave(wave=wave, by=coordinator, now=timezone.now()), by=coordinator, now=timezone.now()
    )


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_survey_is_answered_on_a_phone_without_a_script(
    browser: Browser, live_server: Any, enter: Callable[[Page, Any], None], wave: Wave, language: str
) -> None:
    person = next(one for one in people(wave) if is_mentor(wave, one))
    person.language = language
    person.save()
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 800})
    page = context.new_page()
    enter(page, person)
    page.goto(f"{live_server.url}{reverse('surveys:start', args=[wave.pk])}")
    page.locator(".button-main, .btn-primary, main a[role=button], main .actions a").first.click()
    for key in ("season-1", "season-2", "skills", "tools", "comments"):
        assert page.url.endswith(f"/{key}/")
        for box in page.locator("input[type=radio][value='4']").all():
            box.check()
        page.locator("main form button[type=submit]").last.click()
    assert page.url.endswith("/check/")
    page.locator("main form button[type=submit]").last.click()
    assert page.url.endswith("/thank-you/")
    assert {value for value in Response.objects.get().answers.values() if isinstance(value, int)} == {4}
    context.close()


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_pages_of_answering(
    page: Page, live_server: Any, enter: Callable[[Page, Any], None], wave: Wave, language: str
) -> None:
    person = next(one for one in people(wave) if is_mentor(wave, one))
    person.language = language
    person.save()
    enter(page, person)
    for name, more in (("start", ()), ("screen", ("season-1",)), ("screen", ("comments",)), ("check", ())):
        path = reverse(f"surveys:{name}", args=[wave.pk, *more])
        page.goto(f"{live_server.url}{path}")
        for summary in page.locator("main summary").all():
            summary.click()
        looked_at(page, f"survey-{name}-{''.join(more)}-{language}", path, WIDTHS)


def test_the_results_in_light_and_dark(
    page: Page, live_server: Any, enter: Callable[[Page, Any], None], wave: Wave
) -> None:
    published(wave)
    enter(page, UserFactory(roles=["leadership"]))
    path = reverse("surveys:results", args=[wave.pk])
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.goto(f"{live_server.url}{path}")
        for summary in page.locator("main summary").all():
            summary.click()
        looked_at(page, f"survey-results-{scheme}", path, WIDTHS)


def test_the_desk_of_a_survey(page: Page, live_server: Any, enter: Callable[[Page, Any], None], wave: Wave) -> None:
    coordinator = UserFactory(roles=["coordinator"])
    enter(page, coordinator)
    other = season_of(2)
    before = {
        "open": reverse("admin:surveys_of_season", args=[other.pk]),
        "overview": reverse("admin:surveys_overview", args=[wave.pk]),
        "close": reverse("admin:surveys_close", args=[wave.pk]),
    }
    for name, path in before.items():
        page.goto(f"{live_server.url}{path}")
        looked_at(page, f"survey-desk-{name}", path, WIDTHS)
    published(wave)
    for name in ("overview", "comments"):
        path = reverse(f"admin:surveys_{name}", args=[wave.pk])
        page.goto(f"{live_server.url}{path}")
        looked_at(page, f"survey-desk-published-{name}", path, WIDTHS)
