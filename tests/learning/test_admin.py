"""Coordinators make texts and paths their own, and see who has read what, but for those near them."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from mentorship.learning.models import Completion, Path, Resource
from mentorship.people.models import Profile
from tests.factories import (
    NOW,
    CompletionFactory,
    PathFactory,
    ResourceFactory,
    SeasonFactory,
    SelfCheckQuestionFactory,
)
from tests.learning.conftest import House, pair_in, running_season, who

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(sign_in: Any, coordinator: Any) -> Client:
    return sign_in(coordinator)


def address(page: str, *arguments: Any) -> str:
    return reverse(f"admin:learning_{page}", args=arguments)


def text_of(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


TEXT = {
    "kind": "article", "title_en": "Tea", "title_es": "Té", "summary_en": "About tea", "summary_es": "Sobre el té",
    "minutes": "5", "body_en": "## Drink", "body_es": "## Bebe", "url_en": "", "url_es": "", "licence": "",
    "source": "", "roles": ["mentor"],
    "check_questions-TOTAL_FORMS": "1", "check_questions-INITIAL_FORMS": "0",
    "check_questions-0-key": "when", "check_questions-0-order": "10", "check_questions-0-label_en": "When?",
    "check_questions-0-label_es": "¿Cuándo?", "check_questions-0-options": "now | Now | Ahora\nlater | Later | Luego",
    "check_questions-0-right": "now", "check_questions-0-why_en": "It gets cold.",
    "check_questions-0-why_es": "Se enfría.",
}  # fmt: skip


def test_a_new_text_is_the_librarys_own_with_its_self_check(client: Client) -> None:
    response = client.post(address("resource_add"), {"slug": "tea", "active": "on", **TEXT})
    assert response.status_code == 302, response.context["errors"]
    row = Resource.objects.get()
    assert (row.version, row.origin, row.active, row.roles) == (1001, "local", True, ["mentor"])
    assert row.check_questions.get().options[1] == {"key": "later", "en": "Later", "es": "Luego"}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"check_questions-0-right": "never"}, "is none of the options"),
        ({"check_questions-0-options": "now | Now | Ahora"}, "needs two options or more"),
        ({"slug": "everything"}, "This key is taken by a page"),
        ({"kind": "link"}, "A link needs its address in English"),
        ({"body_en": ""}, "anything else its text in English"),
        ({"url_en": "http://example.org"}, "Enter a valid URL"),
    ],
)
def test_a_text_that_cannot_work_is_refused_with_a_sentence(
    client: Client, change: dict[str, str], sentence: str
) -> None:
    response = client.post(address("resource_add"), {"slug": "tea", **TEXT, **change})
    assert sentence in response.content.decode()
    assert Resource.objects.count() == 0


def shipped(**fields: Any) -> Resource:
    row = ResourceFactory(slug="tea", origin="shipped", **fields)
    SelfCheckQuestionFactory(resource=row, key="when")
    return row


def test_a_shipped_text_is_read_copied_and_then_edited(client: Client) -> None:
    row = shipped()
    assert "Make a new version" in text_of(client, address("resource_change", row.pk))
    response = client.post(address("resource_copy", row.pk))
    copy = Resource.objects.get(version=1001)
    assert response["Location"] == address("resource_change", copy.pk)
    assert (copy.body_en, copy.active, copy.origin, copy.check_questions.get().key) == (
        "Words.", False, "local", "when",
    )  # fmt: skip
    assert Resource.objects.in_use().get() == row
    question = copy.check_questions.get()
    sent = TEXT | {"active": "on", "check_questions-INITIAL_FORMS": "1", "check_questions-0-id": str(question.pk)}
    response = client.post(address("resource_change", copy.pk), sent)
    assert response.status_code == 302, response.context["errors"]
    assert Resource.objects.in_use().get().title_en == "Tea"
    assert client.post(address("resource_copy", copy.pk)).status_code == 302
    assert Resource.objects.filter(version=1002).count() == 1


@pytest.mark.parametrize(
    ("fixed", "why"),
    [("shipped", "This version comes with the program"), ("read", "Somebody has read this version")],
)
def test_of_a_text_that_is_fixed_only_its_use_changes(client: Client, fixed: str, why: str) -> None:
    row = shipped() if fixed == "shipped" else ResourceFactory(slug="tea", version=1001, frozen_at=NOW)
    assert why in text_of(client, address("resource_change", row.pk))
    before = (row.title_en, row.origin)
    response = client.post(address("resource_change", row.pk), {**TEXT, "check_questions-TOTAL_FORMS": "0"})
    assert response.status_code == 302
    row.refresh_from_db()
    assert ((row.title_en, row.origin), row.active) == (before, False)


@pytest.mark.parametrize(("language", "words"), [("en", "A question leaves"), ("es", "Con una pregunta")])
def test_the_preview_shows_the_text_and_its_self_check_in_either_language(
    client: Client, language: str, words: str
) -> None:
    row = shipped(body_en="## Drink", body_es="## Bebe")
    text = text_of(client, f"{address('resource_preview', row.pk)}?language={language}")
    assert (words in text, f"<h2>{'Drink' if language == 'en' else 'Bebe'}</h2>" in text) == (True, True)


def steps(*slugs: str) -> dict[str, str]:
    sent = {"steps-TOTAL_FORMS": str(len(slugs)), "steps-INITIAL_FORMS": "0"}
    for place, slug in enumerate(slugs):
        sent |= {f"steps-{place}-slug": slug, f"steps-{place}-order": str(place * 10)}
    return sent


def test_a_path_is_made_for_one_season_or_for_a_kind_of_season_and_once(client: Client, house: House) -> None:
    season = {"role": "mentor", "template_slug": "", "season": str(house.season.pk)}
    response = client.post(address("path_add"), {**season, **steps("second")})
    assert response.status_code == 302, response.context["errors"]
    assert Path.objects.get(season=house.season).origin == "local"
    again = client.post(address("path_add"), {**season, **steps("second")})
    assert "There is such a path already" in again.content.decode()
    twice = client.post(address("path_add"), {**season, "role": "mentee", **steps("second", "second")})
    assert "Please correct the duplicate data for slug" in twice.content.decode()
    nowhere = client.post(address("path_add"), {**season, "role": "mentee", **steps("no-such-text")})
    assert (nowhere.status_code, Path.objects.count()) == (200, 2)


def test_a_changed_path_is_the_librarys_own(client: Client, house: House) -> None:
    path = Path.objects.get()
    Path.objects.update(origin="shipped")
    first, second = path.steps.all()
    sent = {
        "steps-TOTAL_FORMS": "2", "steps-INITIAL_FORMS": "2",
        "steps-0-id": str(first.pk), "steps-0-slug": "first", "steps-0-order": "30",
        "steps-1-id": str(second.pk), "steps-1-slug": "second", "steps-1-order": "20",
    }  # fmt: skip
    response = client.post(address("path_change", path.pk), sent)
    assert response.status_code == 302, response.context["errors"]
    path.refresh_from_db()
    assert (path.origin, [step.slug for step in path.steps.all()]) == ("local", ["second", "first"])


def test_a_season_gets_a_path_of_its_own_that_starts_like_the_general_one(client: Client, house: House) -> None:
    path = Path.objects.get()
    url = address("path_copy", path.pk)
    assert "A path for one season" in text_of(client, url)
    response = client.post(url, {"season": str(house.season.pk)})
    copy = Path.objects.get(season=house.season)
    assert response["Location"] == address("path_change", copy.pk)
    assert [step.slug for step in copy.steps.all()] == ["first", "second"]
    client.post(url, {"season": str(house.season.pk)})
    assert Path.objects.filter(season=house.season).count() == 1
    assert "This field is required" in client.post(url, {}).content.decode()


def near(coordinator: Any, person: Any) -> None:
    Profile.objects.filter(user=person).update(supervisor=coordinator)


def test_a_season_shows_how_far_each_is_but_for_those_near_the_coordinator(
    client: Client, coordinator: Any, house: House
) -> None:
    other = who(pair_in(house.season), "mentor")
    report = who(pair_in(house.season), "mentor")
    near(coordinator, report)
    for text in (house.first, house.second):
        CompletionFactory(person=other, season=house.season, resource=text)
    page = client.get(address("completion_season", house.season.pk)).context
    assert [(row.person, row.texts_read, row.is_done) for row in page["learners"]] == [
        (house.mentor, 0, False),
        (other, 2, True),
    ]
    assert (page["others"], page["figure"].finished, page["figure"].people) == (1, 1, 3)
    narrowed = client.get(address("completion_season", house.season.pk) + "?role=mentor&show=open").context
    assert [row.person for row in narrowed["learners"]] == [house.mentor]


def test_the_list_of_what_was_read_leaves_out_those_near_the_coordinator(
    client: Client, coordinator: Any, house: House
) -> None:
    seen = CompletionFactory(person=house.mentor, season=house.season, resource=house.first)
    hidden = CompletionFactory(person=house.mentee, season=house.season, resource=house.first)
    near(coordinator, house.mentee)
    assert list(client.get(address("completion_changelist")).context["cl"].queryset) == [seen]
    assert client.get(address("completion_change", hidden.pk)).status_code == 302
    assert list(Completion.objects.visible_to(coordinator)) == [seen]


def test_today_counts_mentors_of_a_season_under_way_without_their_orientation(
    client: Client, coordinator: Any, house: House
) -> None:
    pair_in(house.season)
    near(coordinator, who(pair_in(house.season), "mentor"))
    today = client.get(reverse("admin:index"))
    (task,) = [task for task in today.context["tasks"] if "orientation" in task.text]
    assert (task.count, task.text) == (2, "Spring 2027: 2 mentors haven't read the orientation")
    assert text_of(client, task.url)
    # The second text isn't the orientation; the first is.
    CompletionFactory(person=house.mentor, season=house.season, resource=house.second)
    assert [task.count for task in client.get(reverse("admin:index")).context["tasks"] if "orient" in task.text] == [
        2
    ]
    CompletionFactory(person=house.mentor, season=house.season, resource=house.first)
    assert [task.count for task in client.get(reverse("admin:index")).context["tasks"] if "orient" in task.text] == [
        1
    ]


def test_today_is_silent_about_seasons_that_are_over_or_not_begun_and_without_a_path(
    client: Client, house: House
) -> None:
    def waits() -> list[str]:
        return [task.text for task in client.get(reverse("admin:index")).context["tasks"] if "orient" in task.text]

    assert len(waits()) == 1
    pair_in(SeasonFactory())
    pair_in(running_season(ends_on=NOW.date() - timedelta(days=1)))
    assert len(waits()) == 1
    # Each season has its own first text.
    second = running_season()
    pair_in(second)
    PathFactory(role="mentor", season=second, steps=["second"])
    assert len(waits()) == 2
    Path.objects.all().delete()
    assert waits() == []
