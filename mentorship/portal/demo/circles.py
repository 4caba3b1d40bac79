"""A season of peer circles at Riverbend: people with a theme and a time, and some of them named as facilitators."""

import random
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from matching.demonstration import suggest_circles
from mentorship.applications.models import Application
from mentorship.people.models import User
from mentorship.portal.demo.applicants import Applicants
from mentorship.portal.demo.seasons import SeedError, Stage, season_at
from mentorship.portal.demo.statistics import take_stock
from mentorship.seasons.models import Season
from mentorship.seasons.phases import closes_at

# One facilitator for so many people: some circles wait for somebody to be named.
PEOPLE_PER_FACILITATOR = 9
LEAST = 8


@transaction.atomic
def seed_circles(*, people: int, seed: str, name_en: str, name_es: str, by: User, now: datetime) -> Season:
    """Make a season in review with `people` eligible peers and the circles that the engine suggests for them.

    The same for the same seed. Raises SeedError.
    """
    if people < LEAST:
        raise SeedError(f"--people must be at least {LEAST} for circles")
    rng = random.Random(seed)  # noqa: S311 - believable, not secret
    season = season_at(Stage.REVIEWING, name_en, name_es, by, now, circles=True)
    applicants = Applicants(season, rng, closes_at(season))
    guides = people // PEOPLE_PER_FACILITATOR
    chosen = _staff(season, rng, by)[: people + guides]
    if len(chosen) < people + guides:
        raise SeedError(f"Riverbend has too few people who are free: --people can be {len(chosen) - guides} at most")
    for person in chosen[:people]:
        applicants.add(person, "peer", Application.State.ELIGIBLE)
    applicants.write()
    take_stock()
    suggest_circles(season=season, facilitators=chosen[people:], by=by, now=now)
    season.refresh_from_db()
    return season


def _staff(season: Season, rng: random.Random, by: User) -> list[User]:
    """Staff who take part in no other season at that time and aren't near `by`, who could not decide on them."""
    others = Season.objects.filter(archived_at=None, opens_on__lte=season.ends_on, ends_on__gte=season.opens_on)
    busy = Application.objects.open().filter(season__in=others).values("applicant")
    supervisor = by.profile.supervisor_id if hasattr(by, "profile") else None
    staff = list(
        User.objects.active()
        .filter(is_staff=False, profile__service_start__lte=season.opens_on)
        .exclude(pk__in=busy)
        .exclude(Q(pk=supervisor) | Q(profile__supervisor=by))
        .select_related("profile__job_class", "profile__unit")
        .order_by("employee_number")
    )
    rng.shuffle(staff)
    return staff
