"""Loads the lists that describe work: job classes and kinds of work unit."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from mentorship.common.content import ContentError, both, mend_rows, read_content
from mentorship.common.registries import registries
from mentorship.people.models import JobClass, UnitKind

CONTENT = Path(__file__).parent / "content"


def register_content() -> None:
    registries.add_content(10, CONTENT, load_work)


def load_work(folder: Path, *, check: bool, now: datetime) -> list[str]:
    """Load job classes and kinds of work unit. Raises ContentError."""
    return [
        *mend_rows(UnitKind, _kinds(folder / "unit_kinds.toml"), key=("slug",), check=check),
        *mend_rows(JobClass, _classes(folder / "job_classes.toml"), key=("slug",), check=check),
    ]


def _kinds(path: Path) -> Iterator[dict[str, Any]]:
    for place, kind in enumerate(read_content(path).get("kinds", []), start=1):
        yield {"slug": kind["slug"], **both(path, kind, "title"), "order": place * 10}


def _classes(path: Path) -> Iterator[dict[str, Any]]:
    for entry in read_content(path).get("classes", []):
        if type(entry.get("rank")) is not int or not isinstance(entry.get("slug"), str):
            raise ContentError(f"{path.name}: each job class needs a slug and a rank")
        yield {
            "slug": entry["slug"],
            **both(path, entry, "title"),
            "family": entry["family"],
            "rank": entry["rank"],
            "managerial": entry.get("managerial", False),
            "degree_required": entry.get("degree_required", False),
        }
