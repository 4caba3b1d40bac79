"""Loads what seasons choose from: goals, shared experiences, identity options and season templates."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from mentorship.common.content import ContentError, both, content_files, mend_rows, read_content
from mentorship.seasons.models import ExperienceTag, Goal, IdentityOption, SeasonTemplate
from mentorship.seasons.templates import PlanError, SeasonPlan


def load_choices(folder: Path, *, check: bool, now: datetime) -> list[str]:
    """Load the lists of goals, shared experiences and identity options. Raises ContentError."""
    return [
        *mend_rows(Goal, _goals(folder / "goals.toml"), key=("slug",), check=check),
        *mend_rows(ExperienceTag, _tags(folder / "shared_experiences.toml"), key=("slug",), check=check),
        *mend_rows(
            IdentityOption, _identity(folder / "identity_options.toml"), key=("dimension", "slug"), check=check
        ),
    ]


def load_templates(folder: Path, *, check: bool, now: datetime) -> list[str]:
    """Load the season templates, one file each; a template is told apart by slug and version. Raises ContentError."""
    present = {(row.slug, row.version): row for row in SeasonTemplate.objects.all()}
    lines = []
    for path in content_files(folder):
        values = _template(path)
        row = present.get((values["slug"], values["version"]))
        changed = [name for name, value in values.items() if row is None or getattr(row, name) != value]
        if not changed:
            continue
        what = "added" if row is None else f"{', '.join(changed)} changed"
        lines.append(f"season template {values['slug']} {values['version']}: {what}")
        if not check:
            SeasonTemplate.objects.update_or_create(
                slug=values["slug"], version=values["version"], defaults=values, create_defaults=values
            )
    return lines


def _goals(path: Path) -> Iterator[dict[str, Any]]:
    for place, family in enumerate(read_content(path).get("families", []), start=1):
        names = both(path, family, "title")
        for step, goal in enumerate(family.get("goals", []), start=1):
            yield {
                "slug": _key(path, goal),
                "family": _key(path, family),
                "family_en": names["title_en"],
                "family_es": names["title_es"],
                **both(path, goal, "title"),
                "order": place * 100 + step,
            }


def _tags(path: Path) -> Iterator[dict[str, Any]]:
    for place, tag in enumerate(read_content(path).get("tags", []), start=1):
        yield {"slug": _key(path, tag), **both(path, tag, "title"), "order": place * 10}


def _identity(path: Path) -> Iterator[dict[str, Any]]:
    content = read_content(path)
    for dimension in IdentityOption.Dimension:
        for place, option in enumerate(content.get(dimension, []), start=1):
            yield {
                "dimension": dimension.value,
                "slug": _key(path, option),
                **both(path, option, "title"),
                "order": place * 10,
            }


def _template(path: Path) -> dict[str, Any]:
    content = read_content(path)
    named = {"slug", "version", "title", "summary", "licence", "source"}
    plan = {key: value for key, value in content.items() if key not in named}
    try:
        SeasonPlan.of(plan)
    except PlanError as error:
        raise ContentError(f"{path.name}: {error}") from error
    return {
        "slug": content["slug"],
        "version": content["version"],
        **both(path, content, "title"),
        **both(path, content, "summary"),
        "licence": content["licence"],
        "source": content["source"],
        "plan": plan,
    }


def _key(path: Path, table: dict[str, Any]) -> str:
    if not isinstance(table.get("slug"), str):
        raise ContentError(f"{path.name}: an entry has no slug")
    return str(table["slug"])
