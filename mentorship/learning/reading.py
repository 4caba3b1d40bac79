"""What pages read of learning: a person's paths with their progress, and which path holds in a season."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from mentorship.learning.models import Completion, LearnerRole, Path, Resource
from mentorship.learning.participation import Part, parts_of
from mentorship.seasons.models import Season


@dataclass(frozen=True)
class Step:
    """One text on somebody's path, and when they read it."""

    resource: Resource
    done_at: datetime | None


@dataclass(frozen=True)
class Course:
    """One person's path in one season and role."""

    part: Part
    steps: tuple[Step, ...]

    @property
    def role_words(self) -> str:
        return str(LearnerRole(self.part.role).label)

    @property
    def done(self) -> int:
        return sum(1 for step in self.steps if step.done_at)

    @property
    def next(self) -> Step | None:
        """The first step that isn't done yet."""
        return next((step for step in self.steps if step.done_at is None), None)

    @property
    def minutes_left(self) -> int:
        return sum(step.resource.minutes for step in self.steps if step.done_at is None)


def parts_for(request: HttpRequest) -> list[Part]:
    """Return the parts of the request's person; asked once a request, since header and page both need them."""
    if not hasattr(request, "learning_parts"):
        request.learning_parts = parts_of(request.user, timezone.now())  # type: ignore[attr-defined]
    found: list[Part] = request.learning_parts  # type: ignore[attr-defined]
    return found


def courses(person: Any, parts: Iterable[Part]) -> list[Course]:
    """Return the paths of a person's parts, empty ones left out; four queries however many there are."""
    parts = list(parts)
    if not parts:
        return []
    slugs = slugs_of_paths({part.season for part in parts})
    wanted = {slug for part in parts for slug in slugs[part.season.pk, part.role]}
    resources = {row.slug: row for row in Resource.objects.in_use().filter(slug__in=wanted)}
    read: dict[Any, datetime] = {
        (row.season_id, row.resource.slug): row.completed_at for row in completions_of(person, parts)
    }
    found = [
        Course(
            part,
            tuple(
                Step(resources[slug], read.get((part.season.pk, slug)))
                for slug in slugs[part.season.pk, part.role]
                if slug in resources
            ),
        )
        for part in parts
    ]
    return [course for course in found if course.steps]


def completions_of(person: Any, parts: Iterable[Part]) -> QuerySet[Completion]:
    """What a person read in the seasons of `parts`, whichever version of a text it was."""
    rows = Completion.objects.filter(person=person, season__in={part.season.pk for part in parts})
    return rows.select_related("resource").only("season", "completed_at", "resource__slug")


def slugs_of_paths(seasons: Iterable[Season]) -> dict[tuple[Any, str], list[str]]:
    """Return the slugs on the path that holds for each (season's key, role), none where there is no path."""
    seasons = list(seasons)
    found: dict[tuple[Any, str], list[str]] = defaultdict(list)
    for path in sorted(Path.objects.for_seasons(seasons).prefetch_related("steps"), key=_narrowness):
        for season in seasons:
            if path.season_id == season.pk or (path.season_id is None and path.template_slug in _kinds(season)):
                found[season.pk, path.role] = [step.slug for step in path.steps.all()]
    return found


def slugs_of_path(season: Season, role: str) -> list[str]:
    """Return what `role` reads in `season`, without what is no longer in use."""
    slugs = slugs_of_paths([season])[season.pk, role]
    there = set(Resource.objects.in_use().filter(slug__in=slugs).values_list("slug", flat=True))
    return [slug for slug in slugs if slug in there]


def _narrowness(path: Path) -> tuple[bool, bool]:
    """The widest first, so that a narrower path takes its place."""
    return (path.season_id is not None, path.template_slug != "")


def _kinds(season: Season) -> set[str]:
    return {"", season.template_slug}
