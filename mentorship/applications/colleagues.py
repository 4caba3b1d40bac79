"""Whom one can name: mentors in the directory, the best goal fits first, and colleagues found by name."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib.postgres.lookups import Unaccent
from django.db.models import Case, F, QuerySet, Value, When
from django.db.models.functions import Concat, Lower

from mentorship.applications.fit import STRONG, goal_fit
from mentorship.applications.models import Application, ApplicationGoal
from mentorship.people.models import Profile, User
from mentorship.seasons.models import Goal, Season

SHORTEST_SEARCH = 2
RECOMMENDED = 5


@dataclass(frozen=True)
class Listed:
    """A mentor in the directory with what they offer; `fit` is how well that covers what somebody wants, 0–100."""

    person: User
    strong: list[Goal] = field(default_factory=list)
    some: list[Goal] = field(default_factory=list)
    fit: int | None = None
    shared: list[Goal] = field(default_factory=list)


def search(people: QuerySet[User], words: str) -> QuerySet[User]:
    """Narrow to people whose shown name holds each of `words`, without regard to case and accents; by name.

    Only the name that others see is searched: a former name finds nobody.
    """
    shown = Case(
        When(profile__preferred_name__gt="", then=F("profile__preferred_name")),
        default=Concat(F("given_name"), Value(" "), F("family_name")),
    )
    people = people.annotate(shown_name=Lower(Unaccent(shown)))
    # The database holds no NUL, so a word with one is two.
    for word in words.replace("\0", " ").split():
        people = people.filter(shown_name__contains=Lower(Unaccent(Value(word))))
    return people.order_by("shown_name", "pk")


def found_by_name(words: str, *, besides: UUID) -> QuerySet[User]:
    """Return active colleagues by name; nobody for less than two letters. Says nothing of who applied."""
    people = User.objects.active().exclude(pk=besides).select_related("profile__unit")
    return search(people, words) if len(words.strip()) >= SHORTEST_SEARCH else people.none()


def in_directory(season: Season, *, besides: UUID) -> QuerySet[User]:
    """Return the mentors of a season who asked to be listed."""
    listed = Application.objects.in_directory().filter(season=season).values("applicant")
    people = User.objects.filter(pk__in=listed).exclude(pk=besides).select_related("profile__unit")
    return search(people, "")


def nameable(application: Application, *, besides: Iterable[Any] = ()) -> QuerySet[User]:
    """Return the mentors of the directory whom a mentee may be matched with: never their own supervisor."""
    supervisors = Profile.objects.filter(user=application.applicant_id, supervisor__isnull=False).values("supervisor")
    people = in_directory(application.season, besides=application.applicant_id)
    return people.exclude(pk__in=supervisors).exclude(pk__in=list(besides))


def with_offers(people: Iterable[User], season: Season, wanted: dict[str, int] | None = None) -> list[Listed]:
    """Return the people with what they offer in `season`, in the same order; one query.

    `wanted` is importance by goal key, and gives each a fit and the goals in common.
    """
    people = list(people)
    offers: dict[Any, list[ApplicationGoal]] = {}
    rows = ApplicationGoal.objects.filter(
        application__in=Application.objects.in_directory().filter(season=season, applicant__in=people)
    )
    for row in rows.select_related("goal", "application").order_by("goal__order", "goal__slug"):
        offers.setdefault(row.application.applicant_id, []).append(row)
    listed = []
    for person in people:
        held = offers.get(person.pk, [])
        weights = {str(row.goal_id): row.weight for row in held}
        listed.append(
            Listed(
                person=person,
                strong=[row.goal for row in held if row.weight >= STRONG],
                some=[row.goal for row in held if row.weight < STRONG],
                fit=None if wanted is None else goal_fit(wanted, weights),
                shared=[row.goal for row in held if wanted and str(row.goal_id) in wanted],
            )
        )
    return listed


def best_fits(application: Application, *, besides: Iterable[Any]) -> list[Listed]:
    """Return the five mentors of the directory whose offers cover the applicant's goals best, none without any.

    `besides` are the keys of those who are named already. Equal fits are ordered by name.
    """
    wanted = {str(row.goal_id): row.weight for row in application.goals.all()}
    people = nameable(application, besides=besides)
    listed = [row for row in with_offers(people, application.season, wanted) if row.shared]
    return sorted(listed, key=lambda row: -(row.fit or 0))[:RECOMMENDED]


def is_key(text: str) -> bool:
    """Whether a text that came with a request can be somebody's key."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True
