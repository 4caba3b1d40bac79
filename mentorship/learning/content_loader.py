"""Loads articles and paths from their files: a new version is added, one that nobody has read follows its files.

An article is one file per language. What isn't language (minutes, roles, goals, the keys and the right answers of the
self-check) stands in each of them and must agree.
"""

from collections import defaultdict
from datetime import datetime
from pathlib import Path as FilePath
from typing import Any

from mentorship.common.content import (
    LANGUAGES,
    ContentError,
    Origin,
    article_files,
    read_article,
    read_content,
)
from mentorship.learning.checking import problem_with_check
from mentorship.learning.models import TEXTS, WITH_PATHS, LearnerRole, Path, PathStep, Resource, values_of
from mentorship.learning.services import CHECK_FIELDS, write_check
from mentorship.seasons.models import Goal

_KEYS = {
    "slug", "version", "language", "kind", "title", "summary", "minutes", "url", "roles", "goals", "licence",
    "source", "check", "body",
}  # fmt: skip
_SHARED = ("kind", "minutes", "roles", "goals", "licence", "source")
_QUESTION_KEYS = {"key", "label", "options", "right", "why"}
# What follows the files even where the texts are fixed: no reader has read it.
_LOOSE = ["roles"]


def load_resources(folder: FilePath, *, check: bool, now: datetime) -> list[str]:
    """Return a line per difference between the articles of `folder` and the database. Raises ContentError.

    A version that somebody has read never changes: files that differ from it are refused.
    """
    rows = Resource.objects.prefetch_related("check_questions", "goals")
    present = {(row.slug, row.version): row for row in rows}
    known = {goal.slug: goal for goal in Goal.objects.all()}
    lines = []
    for name, files in sorted(_articles(folder).items()):
        values, questions, goals = _read(files)
        if not check and (unknown := sorted(set(goals) - set(known))):
            raise ContentError(f"{files[0]['file']}: there is no goal “{unknown[0]}”")
        row = present.get(name)
        label = f"resource {name[0]} {name[1]}"
        if row is None:
            lines.append(f"{label}: added")
            if not check:
                row = Resource.objects.create(**values, origin=Origin.SHIPPED, active=True)
                row.goals.set(known[slug] for slug in goals)
                write_check(row, questions)
            continue
        if row.origin == Origin.LOCAL:
            continue
        texts = [field for field in TEXTS if getattr(row, field) != values[field]]
        if [values_of(question, CHECK_FIELDS) for question in row.check_questions.all()] != questions:
            texts.append("check")
        loose = [field for field in _LOOSE if getattr(row, field) != values[field]]
        if sorted(goal.slug for goal in row.goals.all()) != sorted(goals):
            loose.append("goals")
        if texts and row.frozen_at is not None:
            raise ContentError(
                f"{files[0]['file']}: version {row.version} of {row.slug} has been read and can't change "
                f"({', '.join(texts)}); give its files the version {row.version + 1}"
            )
        if not texts and not loose:
            continue
        lines.append(f"{label}: {', '.join([*texts, *loose])} changed")
        if not check:
            if columns := _columns(values, [*texts, *loose]):
                Resource.objects.filter(pk=row.pk).update(**columns)
            row.goals.set(known[slug] for slug in goals)
            if "check" in texts:
                write_check(row, questions)
    return lines


def load_paths(folder: FilePath, *, check: bool, now: datetime) -> list[str]:
    """Load the path of each role, with those for one kind of season. Raises ContentError.

    A path that a library changed is its own and stays as it is.
    """
    file = folder / "paths.toml"
    slugs = set(Resource.objects.values_list("slug", flat=True))
    rows = Path.objects.filter(season=None).prefetch_related("steps")
    present = {(row.role, row.template_slug): row for row in rows}
    lines = []
    for role, template, steps in _paths(file):
        if not check and (absent := sorted(set(steps) - slugs)):
            raise ContentError(f"{file.name}: there is no text “{absent[0]}”")
        row = present.get((role, template))
        label = f"path {role}{f' of {template}' if template else ''}"
        if row is None:
            lines.append(f"{label}: added")
        elif row.origin == Origin.LOCAL or [step.slug for step in row.steps.all()] == steps:
            continue
        else:
            lines.append(f"{label}: steps changed")
        if not check:
            _write_path(row, role, template, steps)
    return lines


def _write_path(row: Path | None, role: str, template: str, steps: list[str]) -> None:
    if row is None:
        # Past `save`, which would make it the library's own.
        (row,) = Path.objects.bulk_create([Path(role=role, template_slug=template, origin=Origin.SHIPPED)])
    row.steps.all().delete()
    PathStep.objects.bulk_create(
        PathStep(path=row, slug=slug, order=place * 10) for place, slug in enumerate(steps, start=1)
    )


def _paths(file: FilePath) -> list[tuple[str, str, list[str]]]:
    found = []
    for table in read_content(file).get("paths", []):
        role, template, steps = table.get("role"), table.get("template", ""), table.get("steps", [])
        if role not in WITH_PATHS:
            raise ContentError(f"{file.name}: “{role}” is no role with a path")
        if not steps or len(steps) != len(set(steps)):
            raise ContentError(f"{file.name}: the path of {role} needs steps, each once")
        found.append((role, template, steps))
    return found


def _columns(values: dict[str, Any], changed: list[str]) -> dict[str, Any]:
    """Return those of `values` that are columns and changed."""
    return {name: values[name] for name in changed if name in values}


def _articles(folder: FilePath) -> dict[tuple[str, int], list[dict[str, Any]]]:
    """Return the files of each (slug, version), one for each language, in the order of LANGUAGES."""
    found: dict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
    for path in article_files(folder):
        content = read_article(path)
        if unknown := sorted(set(content) - _KEYS):
            raise ContentError(f"{path.name}: {', '.join(unknown)} is not known here")
        if content["version"] >= Resource.FIRST_LOCAL:
            raise ContentError(f"{path.name}: versions from {Resource.FIRST_LOCAL} are a library's own")
        found[content["slug"], content["version"]].append({**content, "file": path.name})
    for (slug, version), files in found.items():
        files.sort(key=lambda content: LANGUAGES.index(content["language"]))
        if [content["language"] for content in files] != list(LANGUAGES):
            raise ContentError(f"{slug} {version}: needs one file in each of {', '.join(LANGUAGES)}")
    return found


def _read(files: list[dict[str, Any]]) -> tuple[dict[str, Any], list[dict[str, Any]], list[str]]:
    """Return the columns, the self-check and the goals of one article. Raises ContentError."""
    first = files[0]
    for other in files[1:]:
        if unlike := [key for key in _SHARED if first.get(key) != other.get(key)]:
            raise ContentError(f"{other['file']}: {', '.join(unlike)} differs from {first['file']}")
    kind, roles, minutes = first.get("kind", "article"), first.get("roles", []), first.get("minutes")
    if kind not in Resource.Kind:
        raise ContentError(f"{first['file']}: “{kind}” is no kind")
    if strange := sorted(set(roles) - set(LearnerRole)):
        raise ContentError(f"{first['file']}: “{strange[0]}” is no role")
    if type(minutes) is not int or minutes < 1:
        raise ContentError(f"{first['file']}: minutes must be a whole number from 1")
    needed = "url" if kind == Resource.Kind.LINK else "body"
    for content in files:
        if absent := [key for key in ("title", "summary", needed) if not _is_text(content.get(key))]:
            raise ContentError(f"{content['file']}: {absent[0]} is missing")
    values = {
        "slug": first["slug"],
        "version": first["version"],
        "kind": kind,
        "minutes": minutes,
        "roles": roles,
        "licence": first["licence"],
        "source": first["source"],
    }
    for content in files:
        for key in ("title", "summary", "body", "url"):
            values[f"{key}_{content['language']}"] = content.get(key, "").strip()
    return values, _check(files), first.get("goals", [])


def _check(files: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the self-check's questions with their texts in every language. Raises ContentError."""
    shapes = [
        [
            (table.get("key"), table.get("right"), [option.get("key") for option in table.get("options", [])])
            for table in content.get("check", [])
        ]
        for content in files
    ]
    for content, shape in zip(files, shapes, strict=True):
        if shape != shapes[0]:
            raise ContentError(
                f"{content['file']}: the self-check has other keys or right answers than {files[0]['file']}"
            )
        for table in content.get("check", []):
            _check_question(content["file"], table)
    found = []
    for place, (key, right, options) in enumerate(shapes[0]):
        tables = {content["language"]: content["check"][place] for content in files}
        found.append(
            {
                "key": key,
                "order": (place + 1) * 10,
                **{f"label_{language}": table["label"] for language, table in tables.items()},
                "options": [
                    {
                        "key": option,
                        **{language: table["options"][number]["text"] for language, table in tables.items()},
                    }
                    for number, option in enumerate(options)
                ],
                "right": right,
                **{f"why_{language}": table["why"] for language, table in tables.items()},
            }
        )
    # In the order of the model's columns, so that what is kept and what is read can be compared.
    return [{name: question[name] for name in CHECK_FIELDS} for question in found]


def _check_question(file: str, table: dict[str, Any]) -> None:
    if set(table) != _QUESTION_KEYS:
        raise ContentError(f"{file}: a question of the self-check needs {', '.join(sorted(_QUESTION_KEYS))}")
    texts = [table["key"], table["label"], table["why"]]
    for option in table["options"]:
        if set(option) != {"key", "text"}:
            raise ContentError(f"{file}: {table['key']}: each option needs key and text")
        texts += option.values()
    if not all(map(_is_text, texts)):
        raise ContentError(f"{file}: {table['key']}: a text is empty")
    if problem := problem_with_check(table["options"], table["right"]):
        raise ContentError(f"{file}: {table['key']}: {problem}")


def _is_text(text: Any) -> bool:
    return isinstance(text, str) and bool(text.strip())
