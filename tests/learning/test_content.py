"""The texts that are shipped, and their loading: once, never over a copy, never over what somebody has read."""

from io import StringIO
from pathlib import Path as FilePath
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from mentorship.common.content import ContentError
from mentorship.learning.apps import CONTENT
from mentorship.learning.content_loader import load_paths, load_resources
from mentorship.learning.models import Path, Resource, SelfCheckQuestion
from mentorship.learning.services import copy_resource
from tests.factories import NOW, CompletionFactory, GoalFactory, UserFactory

pytestmark = pytest.mark.django_db
MODULES = [
    "circle-facilitation",
    "confidentiality",
    "mentee-orientation",
    "mentor-orientation",
    "mentoring-across-difference",
    "supervisor-briefing",
]
TEMPLATES = [
    "agenda-closing-meeting",
    "agenda-first-meeting",
    "agenda-midpoint-meeting",
    "agenda-monthly-meeting",
    "mentoring-agreement",
]
FILE = """+++
slug = "tea"
version = {version}
language = "{language}"
kind = "article"
title = "{title}"
summary = "About tea"
minutes = {minutes}
roles = ["mentor"]
goals = ["tea-goal"]
licence = "CC0-1.0"
source = "Written for this test"

[[check]]
key = "when"
label = "When?"
right = "{right}"
why = "{why}"
[[check.options]]
key = "now"
text = "Now"
[[check.options]]
key = "later"
text = "Later"
+++
{body}
"""
VALUES = {"version": 1, "minutes": 5, "right": "now", "why": "It gets cold."}


def write(folder: FilePath, **changes: Any) -> FilePath:
    """Write an article in both languages; `es_minutes=6` changes the Spanish file alone."""
    for language, title, body in (("en", "Tea", "Drink it."), ("es", "Té", "Bébelo.")):
        own = {name.removeprefix(f"{language}_"): value for name, value in changes.items() if name[2:3] != "_"}
        own |= {name[3:]: value for name, value in changes.items() if name.startswith(f"{language}_")}
        values = {**VALUES, "title": title, "body": body, "language": language, **own}
        (folder / f"tea.{values['language']}.md").write_text(FILE.format(**values), encoding="utf-8")
    return folder


@pytest.fixture
def goal() -> Any:
    return GoalFactory(slug="tea-goal")


def load(*arguments: str) -> str:
    out = StringIO()
    call_command("load_content", *arguments, stdout=out)
    return out.getvalue()


def test_six_modules_and_five_templates_are_shipped_and_a_second_run_changes_nothing() -> None:
    load()
    assert sorted(Resource.objects.values_list("slug", flat=True)) == sorted(MODULES + TEMPLATES)
    assert set(Resource.objects.values_list("origin", "active")) == {("shipped", True)}
    assert Path.objects.count() == 6
    assert load() == "0 differences mended\n"
    assert load("--check") == "0 differences found\n"


def test_every_text_is_there_in_both_languages_and_says_where_it_comes_from() -> None:
    load()
    for row in Resource.objects.all():
        texts = [row.title_en, row.title_es, row.summary_en, row.summary_es, row.body_en, row.body_es]
        assert all(texts), row.slug
        assert (row.licence, row.source) == ("CC0-1.0", "Written for this program")
    for question in SelfCheckQuestion.objects.all():
        assert all([question.label_es, question.why_en, question.why_es]), question.key


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("slug", MODULES)
def test_a_module_has_400_to_900_words_and_three_questions(slug: str, language: str) -> None:
    load()
    module = Resource.objects.get(slug=slug)
    words = len(getattr(module, f"body_{language}").split())
    assert 400 <= words <= 900, words
    assert module.check_questions.count() == 3
    # The time that is named is for reading with pauses to think, and for the questions.
    assert module.minutes * 80 <= words <= module.minutes * 160


def test_no_right_answer_can_be_guessed_by_its_place() -> None:
    load()
    places = {
        [option["key"] for option in question.options].index(question.right)
        for question in SelfCheckQuestion.objects.all()
    }
    assert places == {0, 1, 2}


def test_every_step_of_a_path_is_there_and_meant_for_its_role() -> None:
    load()
    roles = {row.slug: row.roles for row in Resource.objects.all()}
    strange = [
        (path.role, step.slug)
        for path in Path.objects.all()
        for step in path.steps.all()
        if path.role not in roles[step.slug] and path.role != "coordinator"
    ]
    assert strange == []


def test_a_changed_file_changes_a_version_that_nobody_has_read(tmp_path: FilePath, goal: Any) -> None:
    load_resources(write(tmp_path), check=False, now=NOW)
    lines = load_resources(write(tmp_path, body="Sip it.", why="Cold tea."), check=False, now=NOW)
    assert lines == ["resource tea 1: body_en, body_es, check changed"]
    row = Resource.objects.get()
    assert (row.body_en, row.check_questions.get().why_en) == ("Sip it.", "Cold tea.")
    assert list(row.goals.all()) == [goal]


def test_check_tells_of_a_difference_and_changes_nothing(tmp_path: FilePath, goal: Any) -> None:
    load_resources(write(tmp_path), check=False, now=NOW)
    assert load_resources(write(tmp_path, minutes=9), check=True, now=NOW) == ["resource tea 1: minutes changed"]
    assert Resource.objects.get().minutes == 5


def test_a_changed_file_is_refused_where_its_version_was_read(tmp_path: FilePath, goal: Any) -> None:
    load_resources(write(tmp_path), check=False, now=NOW)
    Resource.objects.update(frozen_at=NOW)
    with pytest.raises(
        ContentError, match=r"tea.en.md: version 1 of tea has been read .*body_en.* give its files the version 2"
    ):
        load_resources(write(tmp_path, body="Sip it."), check=False, now=NOW)
    with pytest.raises(ContentError, match=r"\(check\)"):
        load_resources(write(tmp_path, right="later"), check=False, now=NOW)
    assert load_resources(write(tmp_path), check=False, now=NOW) == []
    assert load_resources(write(tmp_path, version=2), check=False, now=NOW) == ["resource tea 2: added"]


def test_a_librarys_own_copy_is_never_written_over_and_goes_before_every_shipped_version(
    tmp_path: FilePath, goal: Any
) -> None:
    load_resources(write(tmp_path), check=False, now=NOW)
    own = copy_resource(resource=Resource.objects.get(), by=UserFactory(), now=NOW)
    Resource.objects.filter(pk=own.pk).update(title_en="Our tea", active=True)
    load_resources(write(tmp_path, version=2), check=False, now=NOW)
    load_resources(write(tmp_path, version=2, title="New tea"), check=False, now=NOW)
    own.refresh_from_db()
    assert (own.title_en, own.version) == ("Our tea", 1001)
    assert Resource.objects.in_use().get() == own


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"es_minutes": 6}, r"tea.es.md: minutes differs from tea.en.md"),
        ({"es_right": "later"}, "the self-check has other keys or right answers"),
        ({"right": "never"}, "“never” is none of the options"),
        ({"minutes": 0}, "minutes must be a whole number"),
        ({"version": 1001}, "versions from 1001 are a library's own"),
        ({"body": ""}, "body is missing"),
        ({"why": " "}, "when: a text is empty"),
        ({"es_language": "fr"}, "language must be one of en, es"),
    ],
)
def test_a_file_that_is_wrong_is_refused_by_name(
    tmp_path: FilePath, goal: Any, changes: dict[str, Any], problem: str
) -> None:
    with pytest.raises(ContentError, match=problem):
        load_resources(write(tmp_path, **changes), check=False, now=NOW)
    assert Resource.objects.count() == 0


def test_a_text_without_its_other_language_or_with_an_unknown_goal_is_refused(tmp_path: FilePath) -> None:
    with pytest.raises(ContentError, match="there is no goal “tea-goal”"):
        load_resources(write(tmp_path), check=False, now=NOW)
    (tmp_path / "tea.es.md").unlink()
    with pytest.raises(ContentError, match="tea 1: needs one file in each of en, es"):
        load_resources(tmp_path, check=False, now=NOW)
    (tmp_path / "tea.en.md").write_text("Just words", encoding="utf-8")
    with pytest.raises(ContentError, match=r"tea.en.md: begins with its keys"):
        load_resources(tmp_path, check=False, now=NOW)


def test_a_path_that_a_library_changed_stays_its_own() -> None:
    load()
    path = Path.objects.get(role="mentor")
    path.steps.filter(slug="confidentiality").delete()
    path.save()
    assert load() == "0 differences mended\n"
    assert list(path.steps.values_list("slug", flat=True)) == ["mentor-orientation", "mentoring-across-difference"]


def test_a_shipped_path_that_was_changed_past_the_admin_is_mended() -> None:
    load()
    Path.objects.get(role="peer", template_slug="").steps.all().delete()
    with pytest.raises(CommandError, match="1 places"):
        load("--check")
    assert "path peer: steps changed" in load()


def test_a_path_to_a_text_that_is_not_there_is_refused() -> None:
    with pytest.raises(ContentError, match="there is no text"):
        load_paths(CONTENT, check=False, now=NOW)


def test_what_somebody_has_read_changes_in_no_way() -> None:
    from django.db import transaction
    from django.db.utils import InternalError

    load()
    row = Resource.objects.get(slug="confidentiality")
    CompletionFactory(resource=row)
    Resource.objects.filter(pk=row.pk).update(frozen_at=NOW)
    for change in (
        lambda: Resource.objects.filter(pk=row.pk).update(body_en="Other words"),
        lambda: row.check_questions.update(right="good"),
        lambda: row.check_questions.first().delete(),
    ):
        with pytest.raises(InternalError), transaction.atomic():
            change()
    # Control: the same change to a text that nobody has read, and what may still change.
    assert Resource.objects.filter(slug="mentoring-agreement").update(body_en="Other words") == 1
    assert Resource.objects.filter(pk=row.pk).update(active=False) == 1
