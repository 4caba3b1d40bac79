"""The editor: a version of one's own is edited, any other is read; the preview is the real form."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentorship.questionnaires.models import Question, Questionnaire
from mentorship.questionnaires.services import freeze_version
from tests.factories import NOW, QuestionFactory, QuestionnaireFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(sign_in: Callable[..., Client], coordinator: Any) -> Client:
    return sign_in(coordinator)


def address(page: str, *arguments: Any) -> str:
    return reverse(f"admin:questionnaires_questionnaire_{page}", args=arguments)


def text_of(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


TITLES = {"title_en": "Tea", "title_es": "Té", "intro_en": "", "intro_es": "", "licence": "", "source": ""}


def sent(**question: str) -> dict[str, str]:
    """The editor's form with one question."""
    values = {
        "key": "tea",
        "order": "10",
        "kind": "single",
        "label_en": "Which tea?",
        "label_es": "¿Qué té?",
    } | question
    return {
        **TITLES,
        "questions-TOTAL_FORMS": "1",
        "questions-INITIAL_FORMS": "1" if "id" in question else "0",
        **{f"questions-0-{name}": value for name, value in values.items()},
    }


def test_a_new_questionnaire_is_the_library_s_own(client: Client) -> None:
    options = "green | Green | Verde\nBlack tea | Té negro\n"
    response = client.post(address("add"), {"slug": "tea", **sent(options=options)})
    assert response.status_code == 302, response.context["errors"]
    row = Questionnaire.objects.get()
    assert (row.slug, row.version, row.origin) == ("tea", 1001, "local")
    assert row.questions.get().options == [
        {"key": "green", "en": "Green", "es": "Verde"},
        {"key": "black-tea", "en": "Black tea", "es": "Té negro"},
    ]


def test_a_key_that_is_taken_is_refused(client: Client) -> None:
    QuestionnaireFactory(slug="tea")
    refused = client.post(address("add"), {"slug": "tea", **sent(options="a | A | A\nb | B | B")})
    assert "There is a questionnaire with this key" in refused.content.decode()


def test_questions_are_edited_with_their_options_and_limits(client: Client) -> None:
    question = QuestionFactory(
        key="tea",
        kind="multiple",
        options=[{"key": "green", "en": "Green", "es": "Verde"}],
        limits={"max_choices": 1},
    )
    row = question.questionnaire
    text = text_of(client, address("change", row.pk))
    assert "green | Green | Verde" in text
    assert "File" not in text
    change = sent(
        id=str(question.pk),
        questionnaire=str(row.pk),
        kind="multiple",
        options="green | Green tea | Té verde\nblack | Black | Negro",
        most_choices="2",
    )
    response = client.post(address("change", row.pk), change)
    assert response.status_code == 302, response.context["errors"]
    question.refresh_from_db()
    assert [option["es"] for option in question.options] == ["Té verde", "Negro"]
    assert question.limits == {"max_choices": 2}


@pytest.mark.parametrize(
    ("question", "limits"),
    [
        ({"kind": "number", "least": "1", "most": "2.5"}, {"min": 1, "max": 2.5}),
        ({"kind": "date", "least": "2027-01-01"}, {"min": "2027-01-01"}),
        ({"kind": "long-text", "longest": "600"}, {"max_length": 600}),
        ({"kind": "long-text", "most_choices": "2"}, {}),
    ],
)
def test_each_kind_keeps_the_limits_that_it_knows(
    client: Client, question: dict[str, str], limits: dict[str, Any]
) -> None:
    client.post(address("add"), {"slug": "tea", **sent(**question)})
    assert Question.objects.get().limits == limits


@pytest.mark.parametrize(
    ("question", "problem"),
    [
        ({"options": "green | Green | Verde"}, "needs two or more"),
        ({"options": "green | Green | Verde\ngreen | Other | Otro"}, "Two options have the same key"),
        ({"options": "green"}, "needs the form"),
        ({"kind": "short-text", "options": "a | A | A\nb | B | B"}, "has no options"),
        ({"kind": "number", "least": "few"}, "need to be numbers"),
        ({"kind": "number", "least": "3", "most": "1"}, "The least is above the most"),
        ({"kind": "file"}, "Select a valid choice"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused(client: Client, question: dict[str, str], problem: str) -> None:
    refused = client.post(address("add"), {"slug": "tea", **sent(**question)})
    assert refused.status_code == 200
    assert problem in refused.content.decode()
    assert not Question.objects.exists()


@pytest.mark.parametrize(
    ("how", "why"),
    [("answered", "Somebody has answered this version"), ("shipped", "This version comes with the program")],
)
def test_what_cannot_change_is_read_only_and_offers_a_new_version(client: Client, how: str, why: str) -> None:
    row = QuestionnaireFactory(origin="shipped" if how == "shipped" else "local")
    question = QuestionFactory(questionnaire=row, options=[], label_en="Which tea?")
    if how == "answered":
        freeze_version(row, NOW)
    text = text_of(client, address("change", row.pk))
    assert "Which tea?" in text
    assert 'name="_save"' not in text
    assert (why in text, "Make a new version" in text) == (True, True)
    assert client.post(address("change", row.pk), sent(id=str(question.pk))).status_code == 403
    response = client.post(address("copy", row.pk))
    copy = Questionnaire.objects.get(origin="local", version=1001)
    assert response.url == address("change", copy.pk)  # type: ignore[attr-defined]
    text = text_of(client, address("change", copy.pk))
    assert 'name="_save"' in text
    assert "Make a new version" not in text


def test_an_instrument_whose_wording_is_fixed_offers_no_new_version(client: Client) -> None:
    row = QuestionnaireFactory(origin="shipped", modifiable=False)
    assert "Make a new version" not in text_of(client, address("change", row.pk))
    assert "may not be changed" in client.post(address("copy", row.pk), follow=True).content.decode()
    assert Questionnaire.objects.count() == 1


def test_the_preview_is_the_real_form_in_either_language_and_keeps_nothing(client: Client) -> None:
    options = [{"key": "green", "en": "Green", "es": "Verde"}, {"key": "black", "en": "Black", "es": "Negro"}]
    question = QuestionFactory(kind="single", options=options, required=True)
    url = address("preview", question.questionnaire.pk)
    english, spanish = text_of(client, f"{url}?language=en"), text_of(client, f"{url}?language=es")
    assert ("Green" in english, "Verde" in english) == (True, False)
    assert ("Green" in spanish, "Verde" in spanish) == (False, True)
    assert '<html lang="es"' in spanish
    assert "Green" in text_of(client, f"{url}?language=xx")
    wrong = client.post(f"{url}?language=en", {}).content.decode()
    assert "Please answer this question." in wrong
    right = client.post(f"{url}?language=en", {f"preview-{question.key}": "green"}).content.decode()
    assert "Nothing was kept" in right
    assert Questionnaire.objects.get().frozen_at is None


@pytest.mark.parametrize("page", ["change", "preview"])
def test_questionnaires_are_the_coordinator_s_alone(
    page: str, sign_in: Callable[..., Client], member: Any, administrator: Any
) -> None:
    row = QuestionnaireFactory()
    assert sign_in(member).get(address(page, row.pk)).status_code == 302
    assert sign_in(administrator).get(address(page, row.pk)).status_code == 403
    assert sign_in(administrator).post(address("copy", row.pk)).status_code == 403


def test_what_is_not_there_is_not_found_and_a_copy_is_only_posted(client: Client) -> None:
    nowhere = "5f0c2f0e-0000-4000-8000-000000000000"
    assert client.get(address("preview", nowhere)).status_code == 404
    assert client.post(address("copy", nowhere)).status_code == 404
    assert client.get(address("copy", QuestionnaireFactory().pk)).status_code == 405


@pytest.mark.parametrize("page", ["preview", "change"])
def test_a_page_needs_as_many_queries_for_thirty_questions_as_for_one(client: Client, page: str) -> None:
    row = QuestionnaireFactory()
    client.get(address(page, row.pk))
    counts = []
    for more in (1, 2, 27):
        QuestionFactory.create_batch(more, questionnaire=row)
        with CaptureQueriesContext(connection) as queries:
            client.get(address(page, row.pk))
        counts.append(len(queries))
    assert counts == [counts[0]] * 3


def test_the_list_needs_as_many_queries_for_thirty_questionnaires_as_for_one(client: Client) -> None:
    client.get(address("changelist"))
    counts = []
    for more in (1, 2, 27):
        QuestionnaireFactory.create_batch(more)
        with CaptureQueriesContext(connection) as queries:
            client.get(address("changelist"))
        counts.append(len(queries))
    assert counts == [counts[0]] * 3
