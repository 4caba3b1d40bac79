"""Places that have become free since a season's last run, while people wait for one."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Count, F, IntegerField, OuterRef, Subquery, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce, Greatest, Least

from matching.alone import waiting
from matching.models import MatchRun
from mentorship.applications.models import Application
from mentorship.seasons.models import Season


def freed_places(seasons: Iterable[Season], user: Any) -> dict[UUID, tuple[int, int]]:
    """By season: how many people wait whom `user` may suggest, and how many places another run could give them.

    Only announced seasons in which more places are free than the last run left over: whoever couldn't have one of
    those can't have it now either. Three queries.
    """
    keys = [season.pk for season in seasons if season.announced_at is not None]
    if not keys:
        return {}
    own = Application.objects.screenable_by(user).filter(season__in=keys).values("pk")
    people = dict(waiting(*keys).filter(pk__in=own).order_by().values_list("season").annotate(people=Count("pk")))
    left_over = _left_over(list(people))
    free = _free(list(people))
    return {
        key: (count, free[key] - left_over.get(key, 0))
        for key, count in people.items()
        if free.get(key, 0) > left_over.get(key, 0)
    }


def _free(keys: list[UUID]) -> dict[UUID, int]:
    """The places of the eligible mentors that nobody has."""
    capacity = Least(F("capacity"), F("season__max_mentees_per_mentor"))
    left = Greatest(capacity - Coalesce(F("places__taken"), 0), 0)
    mentors = Application.objects.matchable().filter(season__in=keys, role="mentor", applicant__is_active=True)
    return dict(mentors.order_by().values_list("season").annotate(free=Sum(left)))


def _left_over(keys: list[UUID]) -> dict[UUID, int]:
    """The places that nobody had in each season's last run."""
    newest = MatchRun.objects.done().filter(season=OuterRef("season")).order_by("-number").values("pk")[:1]
    rows = (
        MatchRun.objects.filter(season__in=keys, pk=Subquery(newest))
        .order_by()
        .annotate(
            places=Cast(KT("figures__places"), IntegerField()), matched=Cast(KT("figures__matched"), IntegerField())
        )
    )
    return {key: max(0, places - matched) for key, places, matched in rows.values_list("season", "places", "matched")}
