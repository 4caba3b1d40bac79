"""Loads questionnaires from their files: a new version is added, one that nobody answered follows its file."""

from datetime import datetime
from pathlib import Path
from typing import Any

from mentorship.common.content import ContentError, Origin, both, content_files, read_content
from mentorship.questionnaires.definitions import problem_with
from mentorship.questionnaires.models import Question, Questionnaire

_KEYS = {"slug", "version", "title", "licence", "source", "intro", "modifiable", "scales", "questions"}
_QUESTION_KEYS = {"key", "kind", "required", "label", "hint", "options", "limits"}


def load_questionnaires(folder: Path, *, check: bool, now: datetime) -> list[str]:
    """Return a line per difference between the files of `folder` and the database. Raises ContentError.

    A version that somebody has answered never changes: a file that differs from it is refused.
    """
    present = {
        (row.slug, row.version): row for row in Questionnaire.objects.prefetch_related("questions").order_by("slug")
    }
    lines = []
    for path in content_files(folder):
        values, questions = _read(path)
        row = present.get((values["slug"], values["version"]))
        name = f"questionnaire {values['slug']} {values['version']}"
        if row is None:
            lines.append(f"{name}: added")
            if not check:
                row = Questionnaire.objects.create(**values, origin=Origin.SHIPPED)
                _replace_questions(row, questions)
            continue
        if row.origin == Origin.LOCAL:
            continue
        changed = [field for field, value in values.items() if getattr(row, field) != value]
        if [_values_of(question) for question in row.questions.all()] != questions:
            changed.append("questions")
        if not changed:
            continue
        if row.frozen_at is not None:
            raise ContentError(
                f"{path.name}: version {row.version} of {row.slug} has been answered and can't change "
                f"({', '.join(changed)}); give the file the version {row.version + 1}"
            )
        lines.append(f"{name}: {', '.join(changed)} changed")
        if not check:
            Questionnaire.objects.filter(pk=row.pk).update(**values)
            _replace_questions(row, questions)
    return lines


def _replace_questions(row: Questionnaire, questions: list[dict[str, Any]]) -> None:
    row.questions.all().delete()
    Question.objects.bulk_create(Question(questionnaire=row, **values) for values in questions)


def _values_of(question: Question) -> dict[str, Any]:
    return {name: getattr(question, name) for name in _COLUMNS}


def _read(path: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    content = read_content(path)
    if unknown := sorted(set(content) - _KEYS):
        raise ContentError(f"{path.name}: {', '.join(unknown)} is not known here")
    if content["version"] >= Questionnaire.FIRST_LOCAL:
        raise ContentError(f"{path.name}: versions from {Questionnaire.FIRST_LOCAL} are a library's own")
    values = {
        "slug": content["slug"],
        "version": content["version"],
        **both(path, content, "title"),
        **both(path, content, "intro", required=False),
        "licence": content["licence"],
        "source": content["source"],
        "modifiable": content.get("modifiable", True),
        "scales": content.get("scales", []),
    }
    questions = [
        _question(path, table, place * 10) for place, table in enumerate(content.get("questions", []), start=1)
    ]
    keys = [question["key"] for question in questions]
    if not keys or len(keys) != len(set(keys)):
        raise ContentError(f"{path.name}: needs questions, each with a key of its own")
    return values, questions


def _question(path: Path, table: dict[str, Any], order: int) -> dict[str, Any]:
    if unknown := sorted(set(table) - _QUESTION_KEYS):
        raise ContentError(f"{path.name}: {', '.join(unknown)} is not known in a question")
    if absent := sorted({"key", "kind"} - set(table)):
        raise ContentError(f"{path.name}: a question has no {absent[0]}")
    question = Question(
        key=table["key"],
        order=order,
        kind=table["kind"],
        required=table.get("required", False),
        **both(path, table, "label"),
        **both(path, table, "hint", required=False),
        options=_options(path, table),
        limits=table.get("limits", {}),
    )
    if problem := problem_with(question):
        raise ContentError(f"{path.name}: {table['key']}: {problem}")
    return _values_of(question)


def _options(path: Path, table: dict[str, Any]) -> list[dict[str, str]]:
    options: list[dict[str, str]] = table.get("options", [])
    for option in options:
        if not isinstance(option, dict) or not all(isinstance(text, str) and text for text in option.values()):
            raise ContentError(f"{path.name}: {table['key']}: each option needs the texts key, en and es")
    return options


_COLUMNS = ["key", "order", "kind", "required", "label_en", "label_es", "hint_en", "hint_es", "options", "limits"]
