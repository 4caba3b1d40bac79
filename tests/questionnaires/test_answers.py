"""The validator and the form: every kind of question, what it takes, what it refuses, and what is kept."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from django.http import QueryDict
from django.template import Context, Template
from django.utils import translation

from mentorship.questionnaires.answers import AnswersError, validate, worded
from mentorship.questionnaires.definitions import ASKABLE
from mentorship.questionnaires.forms import QuestionnaireForm
from mentorship.questionnaires.models import Question

COLOURS = [
    {"key": "red", "en": "Red", "es": "Rojo"},
    {"key": "green", "en": "Green", "es": "Verde"},
    {"key": "blue", "en": "Blue", "es": "Azul"},
]
POINTS = [{"key": str(point), "en": f"Point {point}", "es": f"Punto {point}"} for point in range(1, 6)]
NA = [{"key": "na", "en": "Does not apply", "es": "No se aplica"}]


def ask(kind: str, key: str = "q", **values: Any) -> Question:
    return Question(key=key, kind=kind, label_en="What?", label_es="¿Qué?", **values)


ONE_OF_EACH = [
    ask("short-text", "short"),
    ask("long-text", "long"),
    ask("single", "single", options=COLOURS),
    ask("multiple", "multiple", options=COLOURS),
    ask("likert", "likert"),
    ask("number", "number"),
    ask("date", "date"),
    ask("ranking", "ranking", options=COLOURS),
]


@pytest.fixture(autouse=True)
def _in_english() -> Any:
    with translation.override("en"):
        yield


def test_every_kind_that_can_be_asked_is_tried_here() -> None:
    assert [question.kind for question in ONE_OF_EACH] == [kind.value for kind in ASKABLE]


TAKEN = [
    (ask("short-text"), " tea ", "tea"),
    (ask("long-text"), "one\r\ntwo", "one\ntwo"),
    (ask("single", options=COLOURS), "green", "green"),
    (ask("multiple", options=COLOURS), ["blue", "red", "blue"], ["red", "blue"]),
    (ask("multiple", options=COLOURS, limits={"max_choices": 2}), ["blue", "red"], ["red", "blue"]),
    (ask("likert"), "4", 4),
    (ask("likert"), 1, 1),
    (ask("likert", options=POINTS + NA), "na", "na"),
    (ask("number"), 3, 3),
    (ask("number"), 3.0, 3),
    (ask("number", limits={"min": 1, "max": 3}), 2.5, 2.5),
    (ask("number"), 0, 0),
    (ask("date"), "2027-02-01", "2027-02-01"),
    (ask("date", limits={"min": "2027-02-01", "max": "2027-02-01"}), "20270201", "2027-02-01"),
    (ask("ranking", options=COLOURS), ["blue", "red"], ["blue", "red"]),
]


@pytest.mark.parametrize(("question", "given", "kept"), TAKEN)
def test_an_answer_that_fits_is_kept_in_its_normal_form(question: Question, given: Any, kept: Any) -> None:
    assert validate([question], {"q": given}) == {"q": kept}
    assert validate([question], {"q": kept}) == {"q": kept}


REFUSED = [
    (ask("short-text"), 5, "write a text"),
    (ask("short-text"), "a\x00b", "write a text"),
    (ask("short-text"), "x" * 201, "at most 200 characters; these are 201"),
    (ask("long-text", limits={"max_length": 3}), "tea!", "at most 3 characters"),
    (ask("single", options=COLOURS), "pink", "one of the options"),
    (ask("single", options=COLOURS), ["red"], "one of the options"),
    (ask("multiple", options=COLOURS), "red", "choose from the options"),
    (ask("multiple", options=COLOURS), ["pink"], "one of the options"),
    (ask("multiple", options=COLOURS, limits={"max_choices": 1}), ["red", "blue"], "at most 1"),
    (ask("likert"), 0, "one of the options"),
    (ask("likert"), 6, "one of the options"),
    (ask("likert"), True, "one of the options"),
    (ask("likert"), "na", "one of the options"),
    (ask("number"), "3", "write a number"),
    (ask("number"), True, "write a number"),
    (ask("number"), float("nan"), "write a number"),
    (ask("number"), float("inf"), "write a number"),
    (ask("number", limits={"min": 1}), 0, "1 or more"),
    (ask("number", limits={"max": 10}), 10.5, "10 or less"),
    (ask("date"), "1 May", "write a date"),
    (ask("date"), 20270201, "write a date"),
    (ask("date", limits={"min": "2027-02-01"}), "2027-01-31", "Feb. 1, 2027 or more"),
    (ask("ranking", options=COLOURS), ["red", "red"], "one place only"),
    (ask("ranking", options=COLOURS, limits={"max_choices": 1}), ["red", "blue"], "at most 1"),
    (ask("ranking", options=COLOURS), ["pink"], "one of the options"),
]


@pytest.mark.parametrize(("question", "given", "reason"), REFUSED)
def test_an_answer_that_does_not_fit_is_refused_with_a_sentence(question: Question, given: Any, reason: str) -> None:
    with pytest.raises(AnswersError) as refusal:
        validate([question], {"q": given})
    assert list(refusal.value.errors) == ["q"]
    assert reason in refusal.value.errors["q"]


def test_a_key_that_is_no_question_is_refused() -> None:
    with pytest.raises(AnswersError) as refusal:
        validate([ask("short-text")], {"q": "tea", "salary": "100"})
    assert refusal.value.errors == {"salary": "There is no such question."}


@pytest.mark.parametrize("nothing", [None, "", []])
def test_what_is_left_empty_is_left_out_and_missed_only_where_it_is_needed(nothing: Any) -> None:
    assert validate([ask("short-text")], {"q": nothing}) == {}
    needed = ask("short-text", required=True)
    with pytest.raises(AnswersError, match="Please answer this question"):
        validate([needed], {"q": nothing})
    with pytest.raises(AnswersError, match="Please answer this question"):
        validate([needed], {"q": "   "} if nothing == "" else {})
    assert validate([needed], {"q": nothing}, complete=False) == {}


WORDED = [
    (ask("short-text"), "tea", ["tea"], ["tea"]),
    (ask("single", options=COLOURS), "green", ["Green"], ["Verde"]),
    (ask("ranking", options=COLOURS), ["blue", "red"], ["Blue", "Red"], ["Azul", "Rojo"]),
    (ask("likert", options=POINTS), 2, ["Point 2"], ["Punto 2"]),
    (ask("date"), "2027-02-01", ["Feb. 1, 2027"], ["1 de febrero de 2027"]),
    (ask("number"), 2.5, ["2.5"], ["2,5"]),
    (ask("short-text"), None, [], []),
]


@pytest.mark.parametrize(("question", "answer", "english", "spanish"), WORDED)
def test_answers_are_said_in_the_reader_s_words(
    question: Question, answer: Any, english: list[str], spanish: list[str]
) -> None:
    assert worded(question, answer) == english
    with translation.override("es"):
        assert worded(question, answer) == spanish


SENT = (
    "short=tea&long=Much+to+say&single=green&multiple=blue&multiple=red&likert=4&number=2.5&date=2027-02-01"
    "&ranking_0=blue&ranking_1=&ranking_2=red"
)
KEPT = {
    "short": "tea",
    "long": "Much to say",
    "single": "green",
    "multiple": ["red", "blue"],
    "likert": 4,
    "number": 2.5,
    "date": "2027-02-01",
    "ranking": ["blue", "red"],
}


def test_a_form_of_all_kinds_gives_the_answers_to_keep() -> None:
    form = QuestionnaireForm(QueryDict(SENT), questions=ONE_OF_EACH)
    assert form.is_valid(), form.errors
    assert form.answers == KEPT
    assert validate(ONE_OF_EACH, form.answers) == KEPT


def test_a_form_starts_from_earlier_answers() -> None:
    form = QuestionnaireForm(questions=ONE_OF_EACH, given=KEPT)
    html = rendered(form)
    assert 'value="tea"' in html
    assert html.count(" checked") == 4  # single, two of several, Likert
    assert html.count(" selected") == 3  # two places of the ranking, one left open


def rendered(form: QuestionnaireForm) -> str:
    return Template("{% load crispy_forms_tags %}{{ form|crispy }}").render(Context({"form": form}))


def test_choices_points_and_rankings_are_groups_with_a_legend() -> None:
    html = rendered(QuestionnaireForm(questions=ONE_OF_EACH))
    assert html.count("<fieldset") == html.count("<legend") == 4
    assert html.count('aria-label="Place ') == 3
    assert "style=" not in html
    assert 'type="date"' in html


def test_an_optional_choice_can_be_taken_back_and_a_needed_one_not() -> None:
    optional = QuestionnaireForm(QueryDict("q="), questions=[ask("single", options=COLOURS)])
    assert "No answer" in rendered(optional)
    assert optional.is_valid()
    assert optional.answers == {}
    needed = QuestionnaireForm(QueryDict("q="), questions=[ask("single", options=COLOURS, required=True)])
    assert "No answer" not in rendered(needed)
    assert needed.errors == {"q": ["Please answer this question."]}


def test_many_options_become_a_list() -> None:
    many = [{"key": f"o-{n}", "en": f"Option {n}", "es": f"Opción {n}"} for n in range(9)]
    assert "<select" in rendered(QuestionnaireForm(questions=[ask("single", options=many)]))


def test_a_draft_may_leave_out_what_must_be_answered_in_the_end() -> None:
    needed = [ask("short-text", required=True)]
    assert not QuestionnaireForm(QueryDict(""), questions=needed).is_valid()
    draft = QuestionnaireForm(QueryDict(""), questions=needed, complete=False)
    assert draft.is_valid()
    assert draft.answers == {}


@pytest.mark.parametrize(
    ("question", "sent"),
    [
        (ask("number"), "q=many"),
        (ask("number", limits={"max": 3}), "q=4"),
        (ask("date"), "q=tomorrow"),
        (ask("single", options=COLOURS), "q=pink"),
        (ask("ranking", options=COLOURS), "q_0=red&q_1=red"),
        (ask("multiple", options=COLOURS, limits={"max_choices": 1}), "q=red&q=blue"),
        (ask("short-text"), f"q={'x' * 201}"),
    ],
)
def test_a_form_says_what_is_wrong_at_its_question(question: Question, sent: str) -> None:
    form = QuestionnaireForm(QueryDict(sent), questions=[question])
    assert list(form.errors) == ["q"]
    assert len(form.errors["q"]) == 1


def test_limits_are_said_before_they_are_met() -> None:
    questions: Sequence[Question] = [
        ask("long-text", "a", limits={"max_length": 600}, hint_en="Be brief."),
        ask("ranking", "b", options=COLOURS, limits={"max_choices": 2}),
    ]
    form = QuestionnaireForm(questions=questions)
    assert form.fields["a"].help_text == "Be brief. At most 600 characters."
    assert form.fields["b"].help_text == "Choose at most 2."


def test_questions_and_options_are_asked_in_the_reader_s_language() -> None:
    with translation.override("es"):
        html = rendered(QuestionnaireForm(questions=[ask("single", options=COLOURS)]))
    assert "¿Qué?" in html
    assert "Verde" in html
    assert "Green" not in html


def test_a_file_is_not_asked_for_as_long_as_nothing_keeps_it() -> None:
    with pytest.raises(KeyError):
        QuestionnaireForm(questions=[ask("file")])


def test_dates_have_the_browser_s_form_when_they_come_back() -> None:
    html = rendered(QuestionnaireForm(questions=[ask("date")], given={"q": date(2027, 2, 1).isoformat()}))
    assert 'value="2027-02-01"' in html
