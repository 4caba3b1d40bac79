"""The report in a browser: axe, a phone, light and dark, both languages, on paper."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from mentorship.questionnaires.content_loader import load_questionnaires
from mentorship.questionnaires.models import Questionnaire
from surveys.apps import CONTENT
from surveys.models import Comment
from surveys.services import close_wave, open_wave, release_comment, submit_response
from tests.browser.looking import looked_at, picture
from tests.factories import NOW, UserFactory
from tests.reports.cast import CLOSED, STARTED, SURVEYED, meet, over, publish
from tests.surveys.cast import is_mentor, people

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def season(coordinator: Any, time_machine: Any) -> Any:
    """A closed season of 34 people with a meeting in each month and the shipped survey, published."""
    time_machine.move_to(CLOSED + timedelta(days=1))
    load_questionnaires(CONTENT, check=False, now=NOW)
    found = over(pairs=17)
    for number, pair in enumerate(found.partnerships.order_by("pk")):
        for month in range(6):
            if (number + month) % 3:
                meet(pair, day=STARTED + timedelta(days=30 * month), minutes=45 + 15 * (number % 3))
    wave = open_wave(season=found, by=coordinator, now=SURVEYED)
    questions = Questionnaire.objects.get(slug="end-of-season").questions.filter(kind="likert")
    for number, person in enumerate(people(wave)[:30]):
        mentor = is_mentor(wave, person)
        answers: dict[str, Any] = {
            question.key: (5, 4, 5, 3, 4, 5, 4, 2, 5, 1)[(number + place * 3) % 10]
            for place, question in enumerate(questions)
            if mentor or not question.key.startswith("skill-")
        }
        answers |= {"comment-helped": f"Meeting somebody from another branch, {number}.", "consent-helped": "role"}
        submit_response(wave=wave, answers=answers, by=person, now=SURVEYED)
    publish(close_wave(wave=wave, by=coordinator, now=CLOSED), coordinator)
    for comment in Comment.objects.filter(wave=wave).order_by("pk")[:2]:
        release_comment(comment=comment, by=coordinator, now=CLOSED)
    return found


def path_of(season: Any) -> str:
    return reverse("reports:season", args=[season.slug])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_report_of_leadership(page: Page, live_server: Any, enter: Any, season: Any, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    enter(page, UserFactory(roles=["leadership"]))
    page.goto(live_server.url + path_of(season))
    assert page.locator("h1").inner_text().startswith("34\xa0staff from 34\xa0work units met for ")
    assert page.locator("svg.diverging").count() == 15
    looked_at(page, f"report-{scheme}", path_of(season))


def test_the_report_in_spanish_and_on_paper(page: Page, live_server: Any, enter: Any, season: Any) -> None:
    enter(page, UserFactory(roles=["leadership"], language="es"))
    page.goto(live_server.url + path_of(season))
    assert (
        page.locator("h1")
        .inner_text()
        .startswith("34\xa0personas de 34\xa0unidades de trabajo se reunieron durante ")
    )
    looked_at(page, "report-es", path_of(season))
    page.emulate_media(media="print")
    assert not page.get_by_text("PDF para compartir").is_visible()
    picture(page, "report-print")


def test_what_a_member_reads_and_where_coordinators_go_on(
    page: Page, live_server: Any, enter: Any, season: Any, coordinator: Any
) -> None:
    enter(page, season.partnerships.first().memberships.first().person)
    page.goto(live_server.url + path_of(season))
    looked_at(page, "report-sentence", path_of(season))
    enter(page, coordinator)
    page.goto(live_server.url + path_of(season))
    looked_at(page, "report-coordinator", path_of(season))
    page.get_by_role("link", name="Compare with other seasons").click()
    page.wait_for_url(live_server.url + reverse("reports:list"))
    looked_at(page, "report-side-by-side", reverse("reports:list"))
