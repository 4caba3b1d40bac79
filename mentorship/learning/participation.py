"""Who takes part in which season, in which role: read from applications and partnerships.

Until matches are announced these are the people who were told that they can take part; afterwards the members of the
partnerships that were told, and in seasons with workshops also the peers who were told.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from mentorship.applications.models import Application
from mentorship.partnerships.models import Membership
from mentorship.partnerships.querysets import TOLD
from mentorship.people.models import User
from mentorship.seasons.models import Season

GOING_ON = ["announced", "running"]
# Told that they can take part, and there is no partnership yet that would say it.
_UNMATCHED = Q(season__announced_at=None) | Q(role="peer", season__has_workshops=True)


@dataclass(frozen=True)
class Part:
    """One person's part in one current season; `going_on` is false for those whose partnership is over."""

    season: Season
    role: str
    going_on: bool = True


def parts_of(user: Any, now: datetime) -> list[Part]:
    """Return the parts that a person has in current seasons, the newest season first; three queries at most.

    A coordinator's own part is in the newest season alone.
    """
    current = Season.objects.current(now)
    members = _memberships().filter(person=user, season__in=current).select_related("season", "partnership")
    told = _applications().filter(applicant=user, season__in=current).select_related("season")
    found = [
        *(Part(row.season, row.role, row.active and row.partnership.state in GOING_ON) for row in members),
        *(Part(row.season, row.role) for row in told),
    ]
    if user.has_role("coordinator") and (newest := current.first()):
        found.append(Part(newest, "coordinator"))
    # Those that are over first, so that one which goes on takes their place.
    parts = {(part.season.pk, part.role): part for part in sorted(found, key=lambda part: part.going_on)}
    return sorted(parts.values(), key=lambda part: (-part.season.opens_on.toordinal(), part.season.slug, part.role))


def takes_part(user: Any, now: datetime) -> bool:
    """Whether a person takes part in a current season; one query."""
    return bool(
        Season.objects.current(now)
        .filter(
            Exists(_memberships().filter(person=user, season=OuterRef("pk")))
            | Exists(_applications().filter(applicant=user, season=OuterRef("pk")))
        )
        .exists()
    )


def took_part(person: str, season: str, role: str) -> Q:
    """A condition on rows whose look-ups lead to a person and a season: that they ever took part in `role`."""
    member = _memberships().filter(person=OuterRef(person), season=OuterRef(season), role=role)
    applicant = _applications().filter(applicant=OuterRef(person), season=OuterRef(season), role=role)
    return Q(Exists(member)) | Q(Exists(applicant))


def people_in(season: Season, role: str) -> QuerySet[User]:
    """Everybody who ever took part in `season` as `role`, those who left included."""
    rows = _memberships().filter(season=season, role=role).values("person")
    told = _applications().filter(season=season, role=role).values("applicant")
    people: QuerySet[User] = User.objects.filter(Q(pk__in=rows) | Q(pk__in=told))
    return people


def people_now_in(season: Season, role: str, *, told_by: datetime | None = None) -> QuerySet[User]:
    """Those who may sign in and take part as `role` as things stand, of them those told by the moment `told_by`."""
    members = members_now().filter(season=season, role=role)
    told = _applications().filter(season=season, role=role)
    if told_by is not None:
        members = members.filter(partnership__announced_at__lte=told_by, joined_at__lte=told_by)
        told = told.filter(released_at__lte=told_by)
    going_on = Q(pk__in=members.values("person")) | Q(pk__in=told.values("applicant"))
    people: QuerySet[User] = User.objects.active().filter(going_on)
    return people


def members_now() -> QuerySet[Membership]:
    """The members of partnerships that go on, of whichever season."""
    return Membership.objects.filter(active=True, partnership__state__in=GOING_ON)


def _memberships() -> QuerySet[Membership]:
    return Membership.objects.filter(partnership__state__in=TOLD)


def _applications() -> QuerySet[Application]:
    return Application.objects.filter(_UNMATCHED, state="eligible", released_at__isnull=False)
