"""How far the training of a season has come, counted in SQL: totals by role, for the report and for coordinators."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from mentorship.learning.models import PARTICIPANTS, Completion, LearnerRole, Resource
from mentorship.learning.participation import members_now, people_in, people_now_in
from mentorship.learning.reading import slugs_of_paths
from mentorship.partnerships.models import Membership
from mentorship.people.models import User
from mentorship.seasons.models import Season


@dataclass(frozen=True)
class TrainingFigures:
    """How many took part in a role, began their path and finished it; `steps` is how many texts are on it."""

    role: str
    people: int
    began: int
    finished: int
    steps: int


def training_of(season: Season) -> list[TrainingFigures]:
    """Return the totals of each role that anybody has in the season; those who left count too.

    A text counts in whichever version it was read. The number of queries is the same for every season.
    """
    paths = slugs_of_paths([season])
    there = set(Resource.objects.in_use().values_list("slug", flat=True))
    found = []
    for role in PARTICIPANTS:
        slugs = [slug for slug in paths[season.pk, role] if slug in there]
        people = with_progress(people_in(season, role), season, slugs)
        counts = people.aggregate(
            people=Count("pk"),
            began=Count("pk", filter=began()),
            finished=Count("pk", filter=finished(slugs)),
        )
        if counts["people"]:
            found.append(TrainingFigures(role=role.value, steps=len(slugs), **counts))
    return found


def with_progress(people: QuerySet[User], season: Season, slugs: Sequence[str]) -> QuerySet[User]:
    """Annotate `people` with `texts_read`: how many of `slugs` each has read in the season."""
    read = (
        Completion.objects.filter(person=OuterRef("pk"), season=season, resource__slug__in=list(slugs))
        .order_by()
        .values("person")
        .annotate(texts=Count("resource__slug", distinct=True))
        .values("texts")
    )
    return people.annotate(texts_read=Coalesce(Subquery(read, output_field=IntegerField()), Value(0)))


def began() -> Q:
    """A condition on people `with_progress`: they have read at least one text."""
    return Q(texts_read__gte=1)


def unfinished(people: QuerySet[User], slugs: Sequence[str]) -> QuerySet[User]:
    """Those of people `with_progress` who have something to read."""
    return people.exclude(finished(slugs))


def in_order(people: QuerySet[User]) -> QuerySet[User]:
    """People `with_progress`, those who have most to read first."""
    return people.order_by(F("texts_read"), "family_name", "given_name", "pk")


def finished(slugs: Sequence[str]) -> Q:
    """A condition on people `with_progress`: they have read everything. Nobody finishes an empty path."""
    return Q(texts_read__gte=len(slugs) or 1)


def not_begun(season: Season, role: str, slugs: Sequence[str], **since: Any) -> QuerySet[User]:
    """Those who take part as `role` as things stand and have read none of `slugs`."""
    return with_progress(people_now_in(season, role, **since), season, slugs).exclude(began())


def without_orientation(first_texts: dict[Any, str]) -> QuerySet[Membership]:
    """Mentors of partnerships that go on who haven't read the first text of their path.

    `first_texts` names it for each season's key; all seasons are asked about in one query.
    """
    condition = Q(pk=None)
    for slug in set(first_texts.values()):
        read = Completion.objects.filter(person=OuterRef("person"), season=OuterRef("season"), resource__slug=slug)
        seasons = [season for season, first in first_texts.items() if first == slug]
        condition |= Q(season__in=seasons) & ~Q(Exists(read))
    return members_now().filter(condition, role=LearnerRole.MENTOR)
