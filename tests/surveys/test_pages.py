"""The pages of a survey: the promise, one group a screen, the check, the one sending, and reading the results."""

import re
from html import unescape

import pytest
from django.urls import reverse

from mentorship.partnerships.models import Partnership
from surveys import drafts
from surveys.models import Comment, Response, Ticket
from surveys.services import close_wave, publish_release, release_comment
from tests.factories import NOW, UserFactory
from tests.surveys.cast import AFTER, answer_all, closed, is_mentor, opened, people, published

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(NOW)


def url(name, wave, *more):
    return reverse(f"surveys:{name}", args=[wave.pk, *more])


def mentee_of(wave):
    return next(person for person in people(wave) if not is_mentor(wave, person))


def mentor_of(wave):
    return next(person for person in people(wave) if is_mentor(wave, person))


def text(response) -> str:
    """What a page says, in one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def fill(client, wave, **more):
    """Answer every screen of a mentee up to the check."""
    data = {"growth": "4", "safe": "na", **more}
    assert client.post(url("screen", wave, "season-1"), data).url == url("screen", wave, "tools")
    assert client.post(url("screen", wave, "tools"), data).url == url("screen", wave, "comments")
    assert client.post(url("screen", wave, "comments"), data).url == url("check", wave)


def test_home_puts_the_survey_first_and_below_it_what_came_of_the_pair(coordinator, sign_in):
    wave = opened(coordinator)
    person = mentee_of(wave)
    pair = Partnership.objects.get(memberships__person=person)
    Partnership.objects.filter(pk=pair.pk).update(state="completed", closed_at=NOW)
    home = sign_in(person).get("/").content.decode().partition("<main")[2].partition("</main>")[0]
    survey = home.index(f'href="{url("start", wave)}"')
    back = home.index(f'href="{reverse("partnerships:detail", args=[pair.pk])}"')
    assert (home.count("card-next"), home.index("card-next") < survey < back) == (1, True)
    assert home.count("btn-main") == 1


def test_the_promise_stands_before_the_first_question(coordinator, sign_in):
    wave = opened(coordinator, pairs=4)
    page = text(sign_in(mentor_of(wave)).get(url("start", wave)))
    for words in (
        "8 people are invited",
        "mentor · Branch · 3 to 9 years here",
        "Nobody sees any result before the survey closes on March 1, 2027.",
        "if at least 5 people have answered",
        "if at least 10 people have answered",
        "somebody who can copy the database itself could work out",
        "you can neither see nor change your answers",
    ):
        assert words in page


def test_a_mentor_is_asked_skills_and_a_mentee_is_not(coordinator, sign_in):
    wave = opened(coordinator)
    assert sign_in(mentor_of(wave)).get(url("screen", wave, "skills")).status_code == 200
    assert sign_in(mentee_of(wave)).get(url("screen", wave, "skills")).status_code == 404


def test_from_the_first_screen_to_the_thanks_without_a_script(coordinator, sign_in):
    wave = opened(coordinator)
    person = mentee_of(wave)
    client = sign_in(person)
    fill(client, wave, tools="resume", **{"comment-helped": "Our talks", "consent-helped": "role"})
    page = text(client.get(url("check", wave)))
    for words in ("Our talks", "Resume", "With your answers goes only this: mentee · Branch"):
        assert words in page
    assert client.post(url("check", wave)).url == url("thanks", wave)
    assert "Your answers have arrived" in text(client.get(url("thanks", wave)))
    assert Response.objects.get().answers == {
        "growth": 4, "safe": "na", "tools": ["resume"], "comment-helped": "Our talks", "consent-helped": "role",
    }  # fmt: skip


def test_what_was_sent_can_neither_be_seen_nor_changed(coordinator, sign_in):
    wave = opened(coordinator)
    client = sign_in(mentee_of(wave))
    fill(client, wave)
    client.post(url("check", wave))
    for name, more in (("start", ()), ("screen", ("season-1",)), ("check", ())):
        assert client.get(url(name, wave, *more)).url == url("thanks", wave)
        if name != "start":
            assert client.post(url(name, wave, *more), {"growth": "1"}).url == url("thanks", wave)
    assert [response.answers["growth"] for response in Response.objects.all()] == [4]
    assert client.session.get(f"survey:{wave.pk}") is None


def test_what_is_typed_is_kept_until_it_is_sent_even_beside_a_mistake(coordinator, sign_in):
    wave = opened(coordinator)
    client = sign_in(mentee_of(wave))
    response = client.post(url("screen", wave, "season-1"), {"growth": "", "safe": "5"})
    assert response.status_code == 200
    assert "Please answer this question." in text(response)
    assert client.session[f"survey:{wave.pk}"] == {"safe": 5}
    response = client.post(url("screen", wave, "comments"), {"comment-helped": "Our talks"})
    assert "Please say whether your comment may be published." in text(response)
    assert client.session[f"survey:{wave.pk}"] == {"safe": 5, "comment-helped": "Our talks"}
    assert "Go on answering" in text(client.get(url("start", wave)))


def test_an_incomplete_survey_is_not_sent_and_says_what_is_missing(coordinator, sign_in):
    wave = opened(coordinator)
    client = sign_in(mentee_of(wave))
    page = client.get(url("check", wave))
    assert "Before you can send it" in text(page)
    assert "Send my answers" not in text(page)
    assert client.post(url("check", wave)).url == url("check", wave)
    assert not Ticket.objects.filter(answered=True).exists()


def test_nothing_remains_on_a_shared_computer(coordinator, sign_in):
    wave = opened(coordinator)
    client = sign_in(mentee_of(wave))
    page = client.post(url("screen", wave, "season-1"), {"growth": "", "safe": "5"})
    assert page["Cache-Control"] == "no-store"
    client.post(reverse("account_logout"))
    person = sign_in(mentee_of(wave))
    assert person.session.get(f"survey:{wave.pk}") is None


def so_far(response) -> str:
    return re.search(rf'name="{drafts.FIELD}" value="([^"]*)"', response.content.decode()).group(1)


def test_a_session_that_ended_while_somebody_wrote_takes_no_answer_with_it(coordinator, sign_in):
    wave = opened(coordinator)
    person = mentee_of(wave)
    client = sign_in(person)
    client.post(url("screen", wave, "season-1"), {"growth": "4", "safe": "5"})
    kept = so_far(client.get(url("screen", wave, "tools")))
    again = sign_in(person)
    again.post(url("screen", wave, "tools"), {drafts.FIELD: kept, "tools": "resume"})
    assert again.session[f"survey:{wave.pk}"] == {"growth": 4, "safe": 5, "tools": ["resume"]}


def test_somebody_else_can_not_open_what_a_page_carries(coordinator, sign_in):
    wave = opened(coordinator)
    client = sign_in(mentee_of(wave))
    client.post(url("screen", wave, "season-1"), {"growth": "4", "safe": "5"})
    kept = so_far(client.get(url("screen", wave, "tools")))
    other = sign_in(mentor_of(wave))
    for carried in (kept, "nonsense", "", "AAAA"):
        other.post(url("screen", wave, "tools"), {drafts.FIELD: carried, "tools": "resume"})
        assert other.session.pop(f"survey:{wave.pk}") == {"tools": ["resume"]}


def test_a_survey_is_there_for_those_who_were_invited_alone(coordinator, sign_in, stranger):
    wave = opened(coordinator)
    for name, more in (
        ("start", ()), ("screen", ("season-1",)), ("check", ()), ("thanks", ()), ("results", ()),
    ):  # fmt: skip
        assert sign_in(stranger).get(url(name, wave, *more)).status_code == 404


def test_a_closed_survey_takes_no_answer(coordinator, sign_in):
    wave = opened(coordinator)
    person = mentee_of(wave)
    client = sign_in(person)
    fill(client, wave)
    close_wave(wave=wave, by=coordinator, now=NOW)
    assert client.post(url("check", wave)).url == url("thanks", wave)
    assert "This survey is closed" in text(client.get(url("thanks", wave)))
    assert Response.objects.count() == 0


def test_the_home_page_leads_to_the_survey_until_it_is_answered(coordinator, sign_in):
    wave = opened(coordinator)
    client = sign_in(mentee_of(wave))
    assert url("start", wave) in client.get("/").content.decode()
    fill(client, wave)
    client.post(url("check", wave))
    assert url("start", wave) not in client.get("/").content.decode()


def test_nobody_reads_results_before_they_are_published(coordinator, sign_in):
    wave = closed(coordinator, [5, 1, 4, 4, 2, 4])
    for reader in (coordinator, mentee_of(wave), UserFactory(roles=["leadership"])):
        assert sign_in(reader).get(url("results", wave)).status_code == 404


@pytest.mark.parametrize("role", ["coordinator", "analyst", "leadership"])
def test_those_whom_it_is_made_for_read_totals_and_breakdowns(coordinator, sign_in, role):
    wave = published(coordinator, [5, 1, 4, 4, 2, 4] * 2, pairs=6)
    client = sign_in(UserFactory(roles=[role]))
    page = text(client.get(url("results", wave)))
    for words in ("67 % of 12 people agree", "100 %", "By role", "12 of 12 who were invited", "n = 6"):
        assert words in page
    assert url("results", wave) in client.get(reverse("surveys:results_list")).content.decode()
    assert reverse("surveys:results_list") in client.get("/").content.decode()


def test_who_took_part_reads_the_totals_also_after_the_season_is_archived(coordinator, sign_in):
    wave = published(coordinator, [5, 1, 4, 4, 2, 4] * 2, pairs=6)
    person = mentee_of(wave)
    Ticket.objects.all().delete()
    page = text(sign_in(person).get(url("results", wave)))
    assert ("67 % of 12 people agree" in page, "By role" in page) == (True, False)


def test_a_plain_member_of_staff_reads_no_results(coordinator, sign_in, stranger):
    wave = published(coordinator, [5, 1, 4, 4, 2, 4])
    client = sign_in(stranger)
    assert client.get(url("results", wave)).status_code == 404
    assert "Nothing is published yet" in text(client.get(reverse("surveys:results_list")))
    assert reverse("surveys:results_list") not in client.get("/").content.decode()


def test_small_groups_are_hidden_by_name(coordinator, sign_in):
    wave = published(coordinator, [5, 1, 4], pairs=3)
    page = text(sign_in(coordinator).get(url("results", wave)))
    assert page.count("hidden (small group)") == 3
    assert "50 %" in page


def test_a_published_comment_is_read_and_a_waiting_one_is_not(coordinator, sign_in):
    wave = opened(coordinator, pairs=6)
    answer_all(wave, [5, 1] * 6, comment_helped="Our talks", consent_helped="role")
    close_wave(wave=wave, by=coordinator, now=AFTER)
    publish_release(wave=wave, by=coordinator, now=AFTER)
    client = sign_in(mentee_of(wave))
    assert "Our talks" not in text(client.get(url("results", wave)))
    release_comment(comment=Comment.objects.filter(role="mentor").first(), by=coordinator, now=AFTER)
    page = text(client.get(url("results", wave)))
    assert page.count("Our talks") == 1
