"""The applicant's pages: what they show, save and refuse, in both languages and with constant queries."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from mentorship.applications import sections
from mentorship.applications.models import Application, IdentityAnswer
from mentorship.applications.services import (
    release_decisions,
    save_section,
    screen_application,
    start_application,
    submit_application,
)
from mentorship.applications.views.writing import FORMS
from mentorship.people.models import User
from mentorship.seasons.phases import closes_at
from tests.applications.conftest import filled
from tests.factories import (
    NOW,
    EligibilityRuleFactory,
    ExperienceTagFactory,
    IdentityOptionFactory,
    QuestionFactory,
    QuestionnaireFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def address(application: Any, key: str = "") -> str:
    if key in {"check", "withdraw", "weights", "favourites", "avoid", "second-look"}:
        return reverse(f"applications:{key}", args=[application.pk])
    return reverse("applications:section", args=[application.pk, key]) if key else tasks(application)


def tasks(application: Any) -> str:
    return reverse("applications:tasks", args=[application.pk])


def text(client: Client, url: str) -> str:
    """A page's source, with plain spaces where its numbers are kept with their units."""
    response = client.get(url)
    assert response.status_code == 200, url
    return response.content.decode().replace("\xa0", " ")


@pytest.fixture
def draft(season: Any, member: Any) -> Any:
    return start_application(season=season, applicant=member, role="mentee", now=NOW)


def test_what_is_required_and_asked_is_shown_before_any_typing(season: Any, member: Any, sign_in: SignIn) -> None:
    EligibilityRuleFactory(season=season, role="mentee", wording_en="One year with us")
    page = text(sign_in(member), reverse("applications:start", args=[season.slug]))
    assert "One year with us" in page
    assert "What you want to work on: three goals or more" in page
    assert not Application.objects.exists()


def test_a_whole_application_is_walked_from_the_season_to_the_receipt(
    season: Any, member: Any, sign_in: SignIn, goals: list[Any]
) -> None:
    client = sign_in(member)
    response = client.post(reverse("applications:start", args=[season.slug]), {"role": "mentee"})
    application = Application.objects.get()
    assert response.headers["Location"] == tasks(application)
    chosen = [str(goal.pk) for goal in goals[:3]]
    steps = [
        ("work", {"facts": "right"}, "goals"),
        ("goals", {"goals": chosen}, "weights"),
        ("weights", dict(zip(chosen, ("3", "2", "1"), strict=True)), "meeting"),
        ("meeting", {"slots": ["mon-am", "tue-eve"], "modes": ["phone"], "languages": []}, "experiences"),
        ("experiences", {}, "favourites"),
        ("favourites", {}, "avoid"),
        ("avoid", {}, "identity"),
        ("identity", {}, "check"),
    ]
    for key, data, following in steps:
        response = client.post(address(application, key), {**data, "then": "continue"})
        assert response.headers["Location"] == address(application, following), key
    assert client.post(address(application, "check")).headers["Location"] == tasks(application)
    application.refresh_from_db()
    assert (application.state, application.sections) == ("submitted", ["work", "goals", "meeting"])
    assert dict(application.goals.values_list("goal", "weight")) == {
        goals[0].pk: 3,
        goals[1].pk: 2,
        goals[2].pk: 1,
    }
    assert "It has arrived" in text(client, tasks(application))


@pytest.mark.parametrize(("role", "most"), [("mentee", 6), ("mentor", 5)])
def test_at_most_eight_answers_are_required(season: Any, member: Any, role: str, most: int) -> None:
    application = start_application(season=season, applicant=member, role=role, now=NOW)
    asked = 1 + sum(
        FORMS[part.key](application=application).asked
        for part in sections.sections_of(application)
        if part.key in FORMS
    )
    assert asked == most
    assert asked <= 8


def test_what_is_missing_is_said_and_what_was_typed_is_kept(
    draft: Any, member: Any, sign_in: SignIn, goals: list[Any]
) -> None:
    client = sign_in(member)
    response = client.post(
        address(draft, "goals"), {"goals": [str(goals[0].pk), str(goals[4].pk)], "then": "continue"}
    )
    page = response.content.decode()
    assert 'href="#id_goals_0_0"' in page
    assert 'id="id_goals_0_0"' in page
    assert page.count(" checked") == 2
    assert "Started" in text(client, tasks(draft))
    again = text(client, address(draft, "goals"))
    assert again.count(" checked") == 2


def test_leaving_keeps_an_incomplete_part_and_goes_home(
    draft: Any, member: Any, sign_in: SignIn, goals: list[Any]
) -> None:
    response = sign_in(member).post(address(draft, "goals"), {"goals": [str(goals[0].pk)], "then": "leave"})
    assert response.headers["Location"] == "/"
    assert (draft.goals.count(), Application.objects.get().sections) == (1, [])


def test_leaving_never_loses_what_is_wrong(draft: Any, member: Any, sign_in: SignIn) -> None:
    words = "long " * 100
    response = sign_in(member).post(address(draft, "work"), {"facts": "wrong", "facts_note": words, "then": "leave"})
    assert response.status_code == 200
    assert words.strip() in response.content.decode()


def test_a_sent_application_is_not_left_incomplete(season: Any, member: Any, sign_in: SignIn) -> None:
    application = submit_application(application=filled(season, member), by=member, now=NOW)
    response = sign_in(member).post(address(application, "goals"), {"goals": [], "then": "leave"})
    assert response.status_code == 200
    assert application.goals.count() == 3


def test_a_rotating_schedule_needs_no_times(draft: Any, member: Any, sign_in: SignIn) -> None:
    client = sign_in(member)
    assert client.post(address(draft, "meeting"), {"then": "continue"}).status_code == 200
    response = client.post(address(draft, "meeting"), {"schedule_rotates": "on", "then": "continue"})
    assert response.status_code == 302
    assert Application.objects.get().sections == ["meeting"]


def test_a_mentor_offers_up_to_eight_and_stars_up_to_three(
    season: Any, member: Any, sign_in: SignIn, goals: list[Any]
) -> None:
    client = sign_in(member)
    mentor = start_application(season=season, applicant=member, role="mentor", now=NOW)
    keys = [str(goal.pk) for goal in goals]
    assert client.post(address(mentor, "goals"), {"goals": keys[:9], "then": "continue"}).status_code == 200
    assert client.post(address(mentor, "goals"), {"goals": keys[:8], "then": "continue"}).status_code == 302
    assert client.post(address(mentor, "weights"), {"strong": keys[:4], "then": "continue"}).status_code == 200
    assert client.post(address(mentor, "weights"), {"strong": keys[:3], "then": "continue"}).status_code == 302
    assert sorted(mentor.goals.values_list("weight", flat=True)) == [1, 1, 1, 1, 1, 2, 2, 2]


def test_sending_twice_is_harmless(season: Any, member: Any, sign_in: SignIn) -> None:
    application = filled(season, member)
    client = sign_in(member)
    for _time in range(2):
        assert client.post(address(application, "check")).headers["Location"] == tasks(application)
    assert Application.objects.get().submitted_at == NOW


def test_somebody_elses_application_is_not_found(
    draft: Any, stranger: Any, coordinator: Any, sign_in: SignIn
) -> None:
    keys = ["", "work", "goals", "weights", "meeting", "favourites", "avoid", "identity", "check", "withdraw"]
    for person in (stranger, coordinator):
        client = sign_in(person)
        for key in [*keys, "second-look", "nothing"]:
            assert client.get(address(draft, key)).status_code == 404, key
            assert client.post(address(draft, key)).status_code in {404, 405}, key


def test_after_the_close_an_application_is_read_and_not_changed(season: Any, member: Any, sign_in: SignIn) -> None:
    application = submit_application(application=filled(season, member), by=member, now=NOW)
    with time_machine.travel(closes_at(season) + timedelta(days=1), tick=False):
        client = sign_in(member)
        for key in ("work", "goals", "weights", "meeting", "favourites", "avoid", "identity"):
            assert client.get(address(application, key)).headers["Location"] == tasks(application)
        assert client.post(address(application, "work"), {"facts": "right"}).status_code == 302
        assert "Read what you sent" in text(client, tasks(application))
        assert "Change<span" not in text(client, address(application, "check"))


def test_an_untold_decision_shows_nowhere(season: Any, member: Any, coordinator: Any, sign_in: SignIn) -> None:
    EligibilityRuleFactory(season=season, kind="library-degree", value=None)
    application = submit_application(application=filled(season, member), by=member, now=NOW)
    client = sign_in(member)
    urls = [
        tasks(application),
        address(application, "check"),
        "/",
        reverse("seasons:detail", args=[season.slug]),
        reverse("applications:start", args=[season.slug]),
        reverse("records:my-data"),
    ]
    before = [_stable(text(client, url)) for url in urls]
    screen_application(application=application, decision="ineligible", by=coordinator, now=NOW)
    assert [_stable(text(client, url)) for url in urls] == before
    release_decisions(season=season, by=coordinator, now=NOW)
    page = text(client, tasks(application))
    assert "Not this season" in page
    assert "You hold a library degree" in page


def test_a_second_look_is_asked_for_on_ones_own_page(
    season: Any, member: Any, coordinator: Any, sign_in: SignIn
) -> None:
    EligibilityRuleFactory(season=season, kind="library-degree", value=None)
    application = submit_application(application=filled(season, member), by=member, now=NOW)
    client = sign_in(member)
    assert client.get(address(application, "second-look")).status_code == 404
    screen_application(application=application, decision="ineligible", by=coordinator, now=NOW)
    release_decisions(season=season, by=coordinator, now=NOW)
    assert client.post(address(application, "second-look"), {"words": ""}).status_code == 200
    for _time in range(2):
        response = client.post(address(application, "second-look"), {"words": "I do hold one."})
        assert response.headers["Location"] == tasks(application)
    assert "You asked for a second look" in text(client, tasks(application))


def test_withdrawing_asks_first(season: Any, member: Any, sign_in: SignIn) -> None:
    application = submit_application(application=filled(season, member), by=member, now=NOW)
    client = sign_in(member)
    assert "Withdraw it?" in text(client, address(application, "withdraw"))
    client.post(address(application, "withdraw"))
    assert Application.objects.get().state == "withdrawn"
    assert "You took this application back" in text(client, tasks(application))


def test_the_seasons_own_questions_are_asked_and_kept(season: Any, member: Any, sign_in: SignIn) -> None:
    season.questionnaire = QuestionnaireFactory()
    season.save()
    QuestionFactory(questionnaire=season.questionnaire, key="why", required=True, label_en="Why now?")
    QuestionFactory(questionnaire=season.questionnaire, key="how", label_en="How did you hear of us?")
    application = start_application(season=season, applicant=member, role="mentee", now=NOW)
    client = sign_in(member)
    assert "After the first four" in text(client, tasks(application))
    response = client.post(address(application, "questions"), {"how": "From Ana", "then": "continue"})
    assert response.status_code == 200
    assert "From Ana" in text(client, address(application, "questions"))
    client.post(address(application, "questions"), {"why": "It is time", "how": "", "then": "continue"})
    application.refresh_from_db()
    assert (application.answers, application.sections) == ({"why": "It is time"}, ["questions"])
    assert "It is time" in text(client, address(application, "check"))


# --- naming colleagues ---


def mentor(season: Any, name: str, goals: list[Any], **profile: Any) -> Any:
    person = UserFactory(
        given_name=name,
        family_name="Mentor",
        **{f"profile__{field}": value for field, value in ({"in_directory": True} | profile).items()},
    )
    submit_application(application=filled(season, person, "mentor", goals), by=person, now=NOW)
    return person


def test_the_directory_lists_those_who_asked_and_shows_pronouns_to_consent(
    season: Any, member: Any, sign_in: SignIn, goals: list[Any]
) -> None:
    mentor(season, "Listed", goals[:1], pronouns="they/them", bio="Ask me about maps")
    mentor(season, "Shown", goals[1:2], pronouns="ze/zir", show_pronouns_in_directory=True)
    mentor(season, "Hidden", goals[:1], in_directory=False)
    page = text(sign_in(member), reverse("applications:directory", args=[season.slug]))
    assert "2 mentors in the directory" in page
    assert "Ask me about maps" in page
    assert "ze/zir" in page
    assert "they/them" not in page
    assert "Hidden" not in page


def test_the_directory_makes_its_mentors_and_nobody_else_visible(
    season: Any, member: Any, stranger: Any, goals: list[Any]
) -> None:
    listed = mentor(season, "Listed", goals[:1])
    mentor(season, "Hidden", goals[:1], in_directory=False)
    assert set(User.objects.visible_to(member)) == {member, listed}


def test_the_five_best_goal_fits_come_first(season: Any, member: Any, sign_in: SignIn, goals: list[Any]) -> None:
    application = filled(season, member, goals=goals[:3])
    for number, offered in enumerate((goals[:3], goals[:2], goals[:1], goals[2:3], goals[1:2], goals[1:2])):
        mentor(season, f"M{number}", offered)
    mentor(season, "Elsewhere", goals[5:6])
    page = text(sign_in(member), address(application, "favourites"))
    best = page[page.index("Best fits") : page.index("Find a mentor by name")]
    assert [name for name in ("M0", "M1", "M2", "M3", "M4", "M5", "Elsewhere") if f"Add {name} " in best] == [
        "M0",
        "M1",
        "M2",
        "M3",
        "M4",
    ]
    assert best.index("Add M0") < best.index("Add M1") < best.index("Add M2")
    assert "Add Elsewhere" in page[page.index("Find a mentor by name") :]


def test_favourites_are_added_moved_and_removed_one_button_at_a_time(
    season: Any, member: Any, sign_in: SignIn, goals: list[Any]
) -> None:
    application = filled(season, member)
    first, second = mentor(season, "One", goals[:1]), mentor(season, "Two", goals[:1])
    client = sign_in(member)
    url = address(application, "favourites")
    for data in ({"add": first.pk}, {"add": second.pk}, {"add": second.pk}, {"up": second.pk}):
        assert client.post(url, data).headers["Location"] == url
    assert list(application.favourites.values_list("person", flat=True)) == [second.pk, first.pk]
    client.post(url, {"remove": second.pk})
    client.post(url, {"add": "not a key"})
    assert list(application.favourites.values_list("person", "rank")) == [(first.pk, 1)]
    assert "favourites" in Application.objects.get(pk=application.pk).sections


def test_a_mentor_finds_colleagues_by_the_name_they_go_by_and_not_whether_they_applied(
    season: Any, member: Any, sign_in: SignIn
) -> None:
    renamed = UserFactory(given_name="Former", family_name="Name", profile__preferred_name="Zoë Núñez")
    application = start_application(season=season, applicant=member, role="mentor", now=NOW)
    client = sign_in(member)
    url = address(application, "favourites")
    assert "Add Zoë Núñez" in text(client, f"{url}?q=nunez")
    assert "Add Zoë" not in text(client, f"{url}?q=former")
    assert "Write at least two letters" in text(client, f"{url}?q=z")
    before = _stable(text(client, f"{url}?q=zoe"))
    submit_application(application=filled(season, renamed), by=renamed, now=NOW)
    assert _stable(text(client, f"{url}?q=zoe")) == before


# --- identity and avoidances ---

GIVEN = {
    "gender-values": ["woman"],
    "gender-own_words": "CANARY-WORDS",
    "gender-match": "2",
    "gender-show": "on",
    "ethnicity-match": "0",
}


@pytest.fixture
def options(db: None) -> None:
    IdentityOptionFactory(slug="woman", title_en="Woman")
    IdentityOptionFactory(dimension="ethnicity", slug="asian", title_en="Asian")


def _stable(page: str) -> str:
    """The page without what differs between any two answers of the server."""
    import re

    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)


def test_no_page_but_their_own_differs_by_whether_identity_or_avoidances_were_given(
    season: Any, member: Any, stranger: Any, sign_in: SignIn, options: None
) -> None:
    application = filled(season, member)
    client = sign_in(member)
    urls = [
        tasks(application),
        *(address(application, key) for key in ("work", "goals", "weights", "meeting", "experiences", "favourites")),
        address(application, "check"),
        address(application, "withdraw"),
        "/",
        reverse("seasons:detail", args=[season.slug]),
    ]
    before = [_stable(text(client, url)) for url in urls]
    responses = [client.post(address(application, "identity"), {**data, "then": "continue"}) for data in ({}, GIVEN)]
    assert responses[0].status_code == responses[1].status_code == 302
    assert responses[0].headers["Location"] == responses[1].headers["Location"]
    client.post(address(application, "avoid"), {"add": stranger.pk})
    assert [_stable(text(client, url)) for url in urls] == before
    assert IdentityAnswer.objects.get().given["gender"] == {
        "values": ["woman"],
        "own_words": "CANARY-WORDS",
        "match": 2,
        "show": True,
        "count": False,
    }


def test_rather_not_say_takes_back_everything_else(season: Any, member: Any, sign_in: SignIn, options: None) -> None:
    application = start_application(season=season, applicant=member, role="mentee", now=NOW)
    data = {**GIVEN, "gender-values": ["woman", "rather-not-say"], "then": "continue"}
    sign_in(member).post(address(application, "identity"), data)
    assert IdentityAnswer.objects.get().given == {
        "gender": {"values": ["rather-not-say"], "own_words": "", "match": 0, "show": False, "count": False}
    }


def test_the_stored_answer_is_as_long_for_everybody(
    season: Any, member: Any, stranger: Any, sign_in: SignIn, options: None
) -> None:
    for person in (member, stranger):
        application = start_application(season=season, applicant=person, role="mentee", now=NOW)
        sign_in(person).post(address(application, "identity"), GIVEN if person == member else {})
    assert len({len(row) for row in IdentityAnswer.objects.values_list("given", flat=True)}) == 1


def test_there_is_no_identity_page_where_the_season_or_the_installation_has_none(
    season: Any, member: Any, sign_in: SignIn, settings: Any
) -> None:
    application = start_application(season=season, applicant=member, role="mentee", now=NOW)
    client = sign_in(member)
    assert "About you and your match" in text(client, tasks(application))
    settings.IDENTITY = "never"
    assert client.get(address(application, "identity")).status_code == 404
    assert "About you and your match" not in text(client, tasks(application))
    settings.IDENTITY = "per-season"
    season.identity_matching = False
    season.save()
    assert client.post(address(application, "identity"), GIVEN).status_code == 404


def test_archiving_a_season_deletes_what_only_the_owner_could_read(season: Any, member: Any) -> None:
    from mentorship.applications.models import Avoidance
    from mentorship.seasons.services import archive_season

    start_application(season=season, applicant=member, role="mentee", now=NOW)
    archive_season(season=season, by=None, now=closes_at(season) + timedelta(days=1))
    assert (IdentityAnswer.objects.count(), Avoidance.objects.count()) == (0, 0)


# --- languages and queries ---


def pages_of(application: Any) -> list[str]:
    keys = ("", "work", "goals", "weights", "meeting", "experiences", "favourites", "avoid", "identity", "check")
    slug = application.season.slug
    return [
        *(address(application, key) for key in (*keys, "withdraw")),
        reverse("applications:start", args=[slug]),
        reverse("applications:directory", args=[slug]),
        "/",
    ]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("role", ["mentee", "mentor"])
def test_every_page_loads_in_both_languages(
    season: Any, member: Any, sign_in: SignIn, language: str, role: str
) -> None:
    member.language = language
    member.save()
    ExperienceTagFactory()
    application = filled(season, member, role)
    client = sign_in(member)
    for url in pages_of(application):
        with translation.override(language):
            assert f'<html lang="{language}"' in text(client, url)


def test_pages_ask_the_database_as_often_for_thirty_as_for_one(
    season: Any, member: Any, stranger: Any, sign_in: SignIn, goals: list[Any]
) -> None:
    application = filled(season, member, goals=goals[:3])
    named = [mentor(season, f"Named{number}", goals[:3]) for number in range(12)]
    client = sign_in(member)
    counts: dict[str, set[int]] = {url: set() for url in pages_of(application)}
    made = 0
    for size in (1, 3, 30):
        while made < size:
            made += 1
            mentor(season, f"M{made}", goals[made % 7 : made % 7 + 3])
        favourites = [str(person.pk) for person in named[: min(size, 5)]]
        for section in ("favourites", "avoid"):
            save_section(application=application, section=section, data={"people": favourites}, by=member, now=NOW)
        for url in counts:
            client.get(url)
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
            counts[url].add(len(queries))
    assert {url: found for url, found in counts.items() if len(found) != 1} == {}
