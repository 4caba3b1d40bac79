"""Loading content: what the files say ends in the database once, and what a library made stays."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from mentorship.common.content import ContentError, Origin
from mentorship.people.models import JobClass, UnitKind
from mentorship.questionnaires.content_loader import load_questionnaires
from mentorship.questionnaires.models import Question, Questionnaire
from mentorship.questionnaires.services import freeze_version
from mentorship.seasons.models import ExperienceTag, Goal, IdentityOption, SeasonTemplate
from tests.factories import NOW

pytestmark = pytest.mark.django_db

FILE = """
slug = "tea"
version = {version}
title = {{ en = "Tea", es = "Té" }}
licence = "CC0-1.0"
source = "Written for this test"

[[questions]]
key = "kind"
kind = "single"
label = {{ en = "{label}", es = "¿Qué té?" }}
options = [{{ key = "green", en = "Green", es = "Verde" }}, {{ key = "black", en = "Black", es = "Negro" }}]
"""


def load(*arguments: str) -> str:
    out = StringIO()
    call_command("load_content", *arguments, stdout=out)
    return out.getvalue()


def write(folder: Path, *, version: int = 1, label: str = "Which tea?") -> Path:
    path = folder / "tea.toml"
    path.write_text(FILE.format(version=version, label=label), encoding="utf-8")
    return folder


def counts() -> dict[str, int]:
    models: list[Any] = [Goal, ExperienceTag, IdentityOption, JobClass, UnitKind, Questionnaire, SeasonTemplate]
    return {model.__name__: model.objects.count() for model in models}


def test_a_new_database_gets_everything_and_a_second_run_changes_nothing() -> None:
    load()
    assert counts() == {
        "Goal": 31,
        "ExperienceTag": 14,
        "IdentityOption": 10,
        "JobClass": 19,
        "UnitKind": 9,
        "Questionnaire": 3,
        "SeasonTemplate": 2,
    }
    assert load() == "0 differences mended\n"


def test_check_fails_on_an_empty_database_and_changes_nothing() -> None:
    with pytest.raises(CommandError, match="differs"):
        load("--check")
    assert set(counts().values()) == {0}


def test_check_passes_once_everything_is_loaded() -> None:
    load()
    assert load("--check") == "0 differences found\n"


def test_check_fails_when_a_shipped_row_was_changed_past_the_admin() -> None:
    load()
    Goal.objects.filter(slug="resume").update(title_en="CV")
    with pytest.raises(CommandError, match="1 places"):
        load("--check")
    assert "seasons.goal resume: title_en changed" in load()
    assert Goal.objects.get(slug="resume").title_en == "Write a resume"


def test_a_goal_that_the_library_reworded_is_its_own_from_then_on() -> None:
    load()
    goal = Goal.objects.get(slug="resume")
    assert goal.origin == Origin.SHIPPED
    goal.title_en = "Write a CV"
    goal.save()
    assert load() == "0 differences mended\n"
    assert Goal.objects.get(slug="resume").title_en == "Write a CV"
    assert load("--check") == "0 differences found\n"


def test_saving_named_columns_alone_makes_a_row_the_library_s_own_too() -> None:
    load()
    kind = UnitKind.objects.get(slug="branch")
    kind.title_en = "Neighborhood library"
    kind.save(update_fields=["title_en"])
    assert UnitKind.objects.get(slug="branch").origin == Origin.LOCAL


def test_every_text_is_there_in_both_languages() -> None:
    load()
    for model in (Goal, ExperienceTag, IdentityOption, JobClass, UnitKind, Questionnaire, SeasonTemplate):
        assert not model.objects.filter(title_es="").exists()  # type: ignore[attr-defined]
    assert not Question.objects.filter(label_es="").exists()
    for template in SeasonTemplate.objects.all():
        texts = template.plan["texts"]
        assert set(texts) == {"intro", "agreement", "start", "instead"}
        assert all(set(text) == {"en", "es"} for text in texts.values())


def test_a_changed_file_changes_a_version_that_nobody_answered(tmp_path: Path) -> None:
    load_questionnaires(write(tmp_path), check=False, now=NOW)
    lines = load_questionnaires(write(tmp_path, label="Which tea, please?"), check=False, now=NOW)
    assert lines == ["questionnaire tea 1: questions changed"]
    assert Question.objects.get().label_en == "Which tea, please?"


def test_a_changed_file_is_refused_where_its_version_was_answered(tmp_path: Path) -> None:
    load_questionnaires(write(tmp_path), check=False, now=NOW)
    freeze_version(Questionnaire.objects.get(), NOW)
    with pytest.raises(
        ContentError, match=r"tea.toml: version 1 of tea has been answered .* give the file the version 2"
    ):
        load_questionnaires(write(tmp_path, label="Which tea, please?"), check=False, now=NOW)
    assert load_questionnaires(write(tmp_path), check=False, now=NOW) == []


def test_the_next_version_is_added_beside_the_one_that_was_answered(tmp_path: Path) -> None:
    load_questionnaires(write(tmp_path), check=False, now=NOW)
    freeze_version(Questionnaire.objects.get(), NOW)
    assert load_questionnaires(write(tmp_path, version=2), check=False, now=NOW) == ["questionnaire tea 2: added"]
    assert list(Questionnaire.objects.values_list("version", flat=True)) == [2, 1]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('licence = "CC0-1.0"', "", "licence is missing"),
        ("version = 1", 'version = "1"', "version must be a whole number"),
        ('title = { en = "Tea", es = "Té" }', 'title = "Tea"', "title needs a text in en and es"),
        ('es = "¿Qué té?"', 'fr = "Quel thé ?"', "label needs a text in en and es"),
        ('key = "green"', 'key = "black"', "Two options have the same key"),
        ('kind = "single"', 'kind = "file"', "can't be asked yet"),
        ('kind = "single"', 'kind = "song"', "can't be asked yet"),
        ('key = "kind"', "", "a question has no key"),
        ("[[questions]]", 'colour = "red"\n[[questions]]', "colour is not known here"),
        ("version = 1", "version = 1001", "are a library's own"),
        ("slug =", "slug", "tea.toml: "),
    ],
)
def test_a_file_with_a_mistake_is_refused_with_its_place(tmp_path: Path, old: str, new: str, problem: str) -> None:
    path = write(tmp_path) / "tea.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError, match=r"^tea\.toml") as refusal:
        load_questionnaires(tmp_path, check=False, now=NOW)
    assert problem in str(refusal.value)
