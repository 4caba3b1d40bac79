"""Who reads which report, what the page says at each point of a season, and where it leads next."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentorship.seasons.ribbon import REPORT, steps
from tests.factories import UserFactory
from tests.reports.cast import CLOSED, STARTED, meet_all, over, publish, reported, survey

pytestmark = pytest.mark.django_db
HEADLINE = (
    "12 staff from 12 work units met for 16 hours (counted per person) over 6 months; "
    "78 % agreed that it helped them grow."
)


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(CLOSED + timedelta(days=1))


@pytest.fixture
def season(coordinator):
    return reported(coordinator)


@pytest.fixture
def leader(db):
    return UserFactory(roles=["leadership"])


def url(season, name="season"):
    return reverse(f"reports:{name}", args=[season.slug])


def text(response) -> str:
    """What a page says, in one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def heading(response) -> str:
    """The headline, whose lines end anywhere."""
    return " ".join(unescape(re.search(r"<h1[^>]*>(.*?)</h1>", response.content.decode(), re.S)[1]).split())


def main_button(response) -> tuple[str, str]:
    """Words and address of the page's one main button."""
    [(address, words)] = re.findall(
        r'<a class="btn btn-main" href="([^"]*)"[^>]*>([^<]*)</a>', response.content.decode()
    )
    return words, address


@pytest.mark.parametrize("role", ["leadership", "analyst", "coordinator"])
def test_whom_it_is_made_for_reads_the_whole_report(season, sign_in, role):
    page = sign_in(UserFactory(roles=[role])).get(url(season))
    assert heading(page) == HEADLINE
    for words in ("From application to completion", "Question growth 78 %", "July 2026 12 6", "n = 9", "the median"):
        assert words.lower() in text(page).lower()


def test_members_read_the_sentence_once_the_season_is_closed_and_nothing_else(season, sign_in, time_machine):
    client = sign_in(season.partnerships.first().memberships.first().person)
    page = client.get(url(season))
    assert heading(page) == HEADLINE
    assert "From application to completion" not in text(page)
    assert "Read what came of it" in text(client.get(reverse("portal:home")))
    assert url(season) in client.get(reverse("seasons:detail", args=[season.slug])).content.decode()
    for name in ("pdf", "csv", "xlsx"):
        assert client.get(url(season, name)).status_code == 404
    time_machine.move_to(CLOSED - timedelta(days=1))
    assert client.get(url(season)).status_code == 404
    assert url(season) not in client.get(reverse("seasons:detail", args=[season.slug])).content.decode()


def test_everybody_else_finds_nothing(season, member, administrator, sign_in, client):
    applicant = season.applications.get(state="ineligible").applicant
    for person in (member, administrator, applicant):
        for name in ("season", "pdf", "csv", "xlsx"):
            assert sign_in(person).get(url(season, name)).status_code == 404
        assert sign_in(person).get(reverse("reports:list")).status_code == 404
        assert reverse("reports:list") not in sign_in(person).get(reverse("portal:home")).content.decode()
    assert client.get(url(season)).status_code == 302


def test_before_the_announcement_there_is_nothing_to_report(leader, sign_in):
    season = over(pairs=0, announced_at=None)
    assert "There is nothing to report yet" in text(sign_in(leader).get(url(season)))
    assert sign_in(leader).get(url(season, "pdf")).status_code == 404


def test_a_draft_is_the_coordinators_alone(leader, coordinator, sign_in):
    season = over(pairs=0, announced_at=None, published_at=None)
    assert sign_in(leader).get(url(season)).status_code == 404
    assert sign_in(coordinator).get(url(season)).status_code == 200


def test_while_it_goes_on_the_report_says_how_it_stands_and_nothing_of_the_survey(leader, sign_in, time_machine):
    season = over()
    meet_all(season)
    time_machine.move_to(STARTED + timedelta(days=100))
    page = sign_in(leader).get(url(season))
    assert heading(page) == "12 staff from 12 work units have met for 16 hours (counted per person) so far."
    assert "The survey's results are not published yet." in text(page)
    assert sign_in(season.partnerships.first().memberships.first().person).get(url(season)).status_code == 404


def test_nothing_of_a_closed_survey_is_on_the_page_until_it_is_published(coordinator, leader, sign_in):
    season = over()
    meet_all(season)
    wave = survey(season, coordinator, [5] * 12)
    client = sign_in(leader)
    before = text(client.get(url(season)))
    assert ("Question growth" in before, "agreed that it helped them grow." in before) == (False, False)
    assert "Question growth" not in client.get(url(season, "csv")).content.decode()
    publish(wave, coordinator)
    assert heading(client.get(url(season))).endswith("; 100 % agreed that it helped them grow.")
    assert "Question growth" in client.get(url(season, "csv")).content.decode()


def test_a_season_without_meetings_and_with_few_answers_says_so(coordinator, leader, sign_in):
    season = over()
    publish(survey(season, coordinator, [5, 4, 4, 1]), coordinator)
    page = sign_in(leader).get(url(season))
    assert heading(page) == "12 staff from 12 work units were matched; no meeting was logged."
    for words in (
        "No meeting was logged, so there are no hours to show.",
        "33 % of the 12 people who were invited answered.",
        "Fewer than five people answered: what they said can't be shown without telling who said it.",
    ):
        assert words in text(page)
    assert "Question growth" not in text(page)


def test_the_coordinator_is_led_from_the_survey_to_the_archive_to_the_next_season(coordinator, sign_in):
    season = over()
    client = sign_in(coordinator)
    wave = survey(season, coordinator, [5] * 12)
    assert main_button(client.get(url(season))) == (
        "Go to the survey",
        reverse("admin:surveys_of_season", args=[season.pk]),
    )
    publish(wave, coordinator)
    archive = reverse("admin:seasons_season_archive", args=[season.pk])
    assert main_button(client.get(url(season))) == ("Archive the season", archive)
    assert client.post(archive).status_code == 302
    words, address = main_button(client.get(url(season)))
    assert (words, address) == ("New season like this one", reverse("admin:seasons_season_clone", args=[season.pk]))
    assert client.get(address).status_code == 200
    assert heading(client.get(url(season))).endswith("100 % agreed that it helped them grow.")


def test_leadership_is_given_the_document(season, leader, sign_in):
    assert main_button(sign_in(leader).get(url(season))) == ("PDF to hand on", url(season, "pdf"))


def test_today_says_that_the_report_lacks_the_survey_until_it_is_published(coordinator, sign_in, time_machine):
    season = over()
    wave = survey(season, coordinator, [5] * 12)
    words = "Autumn 2026: the report was due on Feb. 1, 2027 and lacks the survey's results"
    client = sign_in(coordinator)
    assert words in text(client.get(reverse("admin:index")))
    time_machine.move_to(CLOSED - timedelta(days=1))
    assert words not in text(client.get(reverse("admin:index")))
    time_machine.move_to(CLOSED + timedelta(days=1))
    publish(wave, coordinator)
    assert words not in text(client.get(reverse("admin:index")))


def test_the_ribbon_s_last_step_leads_coordinators_to_the_report(season):
    assert [step.url for step in steps(season, CLOSED, linked=True) if step.key == REPORT] == [url(season)]


def test_seasons_stand_side_by_side_with_the_same_figures(season, coordinator, leader, sign_in):
    other = over("spring", pairs=3, name_en="Spring 2026")
    going_on = over("later", pairs=1, name_en="Later", report_on=CLOSED.date() + timedelta(days=90))
    page = sign_in(leader).get(reverse("reports:list"))
    rows = [
        " ".join(unescape(re.sub(r"<[^>]+>", " ", row)).split())
        for row in re.findall(r"<tr[^>]*>(.*?)</tr>", page.content.decode(), re.S)
    ]
    assert rows[1:] == [
        "Autumn 2026 12 12 15.8 8.3 1.5 78 % n = 9 75 % n = 12",
        "Spring 2026 6 6 no meetings logged no meetings logged 0 not published yet not published yet",
    ]
    for linked in (season, other, going_on):
        assert f'href="{url(linked)}"' in page.content.decode()
    assert "Still going on" in text(page)


def test_a_library_without_closed_seasons_reads_why(leader, sign_in):
    assert "No season is closed yet" in text(sign_in(leader).get(reverse("reports:list")))


def test_the_pages_ask_as_often_for_many_as_for_few(coordinator, leader, sign_in):
    client = sign_in(leader)
    counts = []
    for number, pairs in enumerate((6, 20)):
        season = reported(coordinator, slug=f"season-of-{pairs}", pairs=pairs)
        for address in (url(season), reverse("reports:list")):
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            counts.append((number, len(queries)))
    assert [count for number, count in counts if number == 0] == [count for number, count in counts if number == 1]


def test_the_page_speaks_spanish_with_its_numbers_and_dates(season, sign_in):
    page = sign_in(UserFactory(roles=["leadership"], language="es")).get(url(season))
    assert heading(page) == (
        "12 personas de 12 unidades de trabajo se reunieron durante 16 horas (contadas por persona) en 6 meses; "
        "el 78 % está de acuerdo en que les ayudó a crecer."
    )
    for words in ("15,8", "julio de 2026 12 6", "De la solicitud al final", "Cómo se cuenta cada cifra"):
        assert words in text(page)
    # A drawing has no decimal commas.
    assert not re.search(r'(?:x|width|viewBox)="[^"]*,', page.content.decode())
