"""The coordinator's pages: open in two clicks, watch the rate, close, publish, decide on comments one by one."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentorship.common.registries import registries
from mentorship.reminders.models import Delivery
from surveys.home import coordinator_tasks
from surveys.models import Comment, Release, Wave
from surveys.services import open_wave, submit_response
from tests.factories import NOW, SeasonFactory, UserFactory
from tests.surveys.cast import answer_all, answers, closed, opened, people, published, questions, season_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(NOW)


def page(name, row):
    return reverse(f"admin:surveys_{name}", args=[row.pk])


def text(response) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def test_a_survey_is_opened_in_two_clicks_from_today(coordinator, sign_in):
    questions()
    season = season_of(3, survey_on=NOW.date(), ends_on=NOW.date() + timedelta(days=60))
    client = sign_in(coordinator)
    today = client.get(reverse("admin:index"))
    assert ("the survey was to open" in text(today), page("of_season", season) in today.content.decode()) == (
        True,
        True,
    )
    preview = text(client.get(page("of_season", season)))
    for words in ("Ask 6 people how the season was?", "How was your season?", "Question growth"):
        assert words in preview
    assert Wave.objects.count() == 0
    client.post(page("of_season", season), {"closes_on": "2027-03-01"})
    wave = Wave.objects.get()
    assert (wave.state, wave.tickets.count(), Delivery.objects.count()) == ("open", 6, 6)
    assert client.get(page("of_season", season)).url == page("overview", wave)
    assert "the survey was to open" not in text(client.get(reverse("admin:index")))


def test_the_invitation_is_shown_as_it_arrives_without_anything_being_stored(coordinator, sign_in):
    season = season_of(1)
    mail = sign_in(coordinator).get(page("mail", season))
    assert "How was your season?" in mail.content.decode()
    assert Delivery.objects.count() == 0


@pytest.mark.parametrize("day", ["", "2027-02-01", "never"])
def test_a_survey_needs_a_closing_day_to_come(coordinator, sign_in, day):
    questions()
    response = sign_in(coordinator).post(page("of_season", season_of(1)), {"closes_on": day})
    assert (response.status_code, Wave.objects.count()) == (200, 0)


def test_a_mistyped_closing_day_is_refused_beside_the_field_with_the_last_possible_one(coordinator, sign_in):
    questions()
    season = season_of(1, ends_on=date(2027, 9, 30))
    client = sign_in(coordinator)
    for day, reason in (
        ("2028-01-01", "The last possible day is Dec. 23, 2027"),
        ("9999-12-31", "The last possible day is Dec. 23, 2027"),
        ("2027-02-01", "must be later than today"),
    ):
        response = client.post(page("of_season", season), {"closes_on": day})
        said = " ".join(response.context["form"].errors["closes_on"][0].split())
        assert (reason in said, Wave.objects.count()) == (True, 0)


def test_a_coordinator_changes_the_closing_day_of_an_open_survey(coordinator, sign_in):
    wave = opened(coordinator)
    client = sign_in(coordinator)
    assert page("closing_day", wave) in client.get(page("overview", wave)).content.decode()
    assert 'value="2027-03-01"' in client.get(page("closing_day", wave)).content.decode()
    said = client.post(page("closing_day", wave), {"closes_on": "2027-04-01"}, follow=True)
    assert "The survey closes on April 1, 2027." in text(said)
    for day in ("9999-12-31", "2030-01-01", "2027-02-01", "", "never"):
        response = client.post(page("closing_day", wave), {"closes_on": day})
        assert (response.status_code, "closes_on" in response.context["form"].errors) == (200, True)
    wave.refresh_from_db()
    assert f"{wave.closes_at:%Y-%m-%d}" == "2027-04-02"  # 17:00 of the day before, in Los Angeles
    client.post(page("close", wave))
    assert client.get(page("closing_day", wave)).url == page("overview", wave)
    assert page("closing_day", wave) not in client.get(page("overview", wave)).content.decode()
    said = client.post(page("closing_day", wave), {"closes_on": "2027-05-01"}, follow=True)
    assert "It isn't open any more" in text(said)


def test_where_nobody_was_announced_the_page_says_why(coordinator, sign_in):
    assert "Nobody to ask yet" in text(sign_in(coordinator).get(page("of_season", SeasonFactory())))


def test_an_open_survey_shows_the_rate_and_nobody(coordinator, sign_in):
    wave = opened(coordinator, pairs=5)
    answered = people(wave)[0]
    submit_response(wave=wave, answers=answers(wave, answered), by=answered, now=NOW)
    client = sign_in(coordinator)
    shown = client.get(page("overview", wave))
    assert ("1 of 10 have answered" in text(shown), "10 %" in text(shown)) == (True, True)
    for address in (
        page("overview", wave),
        reverse("admin:surveys_wave_changelist"),
        reverse("admin:surveys_wave_change", args=[wave.pk]),
        reverse("admin:reminders_delivery_changelist"),
    ):
        content = client.get(address).content.decode()
        assert "growth" not in content
    assert client.get(page("comments", wave)).url == page("overview", wave)
    assert client.get(page("publish", wave)).url == page("overview", wave)


def test_today_tells_the_rate_of_an_open_survey_and_leads_to_its_desk(coordinator, sign_in):
    wave = opened(coordinator, pairs=5)
    client = sign_in(coordinator)
    season = wave.season
    for answered in people(wave)[:3]:
        submit_response(wave=wave, answers=answers(wave, answered), by=answered, now=NOW)
    today = client.get(reverse("admin:index"))
    words = f"{season}: 3 of 10 have answered the survey (30 %)"
    assert (
        words in text(today),
        f'<a href="{page("overview", wave)}">Look at the survey</a>' in today.content.decode(),
    ) == (
        True,
        True,
    )
    # It isn't a thing that waits for anybody, in no mail either.
    assert [task.url for task in registries.tasks_of(coordinator, NOW) if task.url == page("overview", wave)] == []
    client.post(page("close", wave))
    assert "have answered the survey" not in text(client.get(reverse("admin:index")))


def test_today_tells_the_rates_of_many_surveys_with_as_many_queries_as_of_one(coordinator, member):
    counts = []
    assert coordinator_tasks(coordinator, NOW) == []  # who they are is asked once
    for number in range(3):
        season = season_of(number + 1, slug=f"season-{number}", survey_on=NOW.date())
        if number == 0:
            questions()
        open_wave(season=season, by=coordinator, now=NOW)
        with CaptureQueriesContext(connection) as queries:
            rates = [task.text for task in coordinator_tasks(coordinator, NOW) if not task.waits]
        counts.append((len(rates), len(queries)))
    assert [rates for rates, _queries in counts] == [1, 2, 3]
    assert len({queries for _rates, queries in counts}) == 1
    assert coordinator_tasks(member, NOW) == []


def test_the_list_of_surveys_leads_to_the_desk_of_each(coordinator, sign_in):
    wave = opened(coordinator)
    response = sign_in(coordinator).get(reverse("admin:surveys_wave_change", args=[wave.pk]))
    assert response.url == page("overview", wave)


def test_closing_and_publishing_ask_first(coordinator, sign_in):
    wave = opened(coordinator)
    answer_all(wave, [5, 1, 4, 4, 2, 4])
    client = sign_in(coordinator)
    assert "Close the survey with 6 of 6 answers?" in text(client.get(page("close", wave)))
    client.post(page("close", wave))
    assert Wave.objects.get().state == "closed"
    publishing = text(client.get(page("publish", wave)))
    assert ("Publish what 6 people have said?" in publishing, "67" in publishing) == (True, False)
    client.post(page("publish", wave))
    client.post(page("publish", wave))
    client.post(page("close", wave))
    assert (Wave.objects.get().state, Release.objects.count()) == ("released", 1)


def test_today_leads_from_the_close_to_the_publication_to_the_comments(coordinator, sign_in):
    wave = closed(coordinator, [5, 1] * 5, pairs=5, comment_helped="Our talks", consent_helped="role")
    client = sign_in(coordinator)
    assert "its results can be published" in text(client.get(reverse("admin:index")))
    client.post(page("publish", wave))
    assert "10 comments to read" in text(client.get(reverse("admin:index")))


def test_comments_are_decided_on_one_by_one(coordinator, sign_in):
    wave = published(coordinator, [5, 1] * 5, pairs=5, comment_helped="Our talks", consent_helped="role")
    client = sign_in(coordinator)
    shown = text(client.get(page("comments", wave)))
    assert shown.count("Our talks") == 10
    first, second = Comment.objects.all()[:2]
    client.post(page("release_comment", first))
    client.post(page("withhold_comment", second))
    client.post(page("release_comment", first))
    assert sorted(Comment.objects.values_list("state", flat=True)) == ["released", *["waiting"] * 8, "withheld"]
    assert text(client.get(page("comments", wave) + "?show=released")).count("Our talks") == 1


def test_no_page_lists_tickets_responses_or_comments(coordinator, sign_in):
    client = sign_in(coordinator)
    for model in ("ticket", "response", "comment", "release"):
        assert client.get(f"/admin/surveys/{model}/").status_code == 404


@pytest.mark.parametrize("role", ["administrator", "analyst", "leadership"])
def test_others_have_no_desk_for_surveys(coordinator, sign_in, role):
    wave = published(coordinator, [5, 1] * 5, pairs=5, comment_helped="Our talks", consent_helped="role")
    client = sign_in(UserFactory(roles=[role]))
    for name in ("overview", "close", "publish", "comments"):
        assert client.get(page(name, wave)).status_code in {302, 403}
    assert client.post(page("release_comment", Comment.objects.first())).status_code in {302, 403}
    assert not Comment.objects.filter(state="released").exists()


def test_who_archives_is_told_of_comments_that_nobody_has_read(coordinator, sign_in, time_machine):
    wave = published(coordinator, [5, 1] * 6, pairs=6, comment_helped="Our talks", consent_helped="role")
    waiting = Comment.objects.filter(state="waiting").count()
    assert waiting > 1
    time_machine.move_to(NOW + timedelta(days=400))
    client = sign_in(coordinator)
    address = reverse("admin:seasons_season_archive", args=[wave.season_id])
    said = client.get(address)
    assert f"{waiting} comments that nobody has read are deleted too." in text(said)
    assert page("comments", wave) in said.content.decode()
    Comment.objects.update(state="withheld")
    assert "nobody has read" not in text(client.get(address))
    client.post(address)
    assert "It is archived" in text(client.get(address))
