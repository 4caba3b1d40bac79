"""Seasons of Riverbend at a given stage, with as many people from as many work units as asked for."""

import random
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import Q

from matching.demonstration import NotEverybodyError, match_and_announce
from mentorship.applications.models import Application
from mentorship.partnerships.services import NothingToAnnounce
from mentorship.people.models import Profile, Role, User, WorkUnit
from mentorship.portal.demo.applicants import Applicants
from mentorship.portal.demo.closed_season import live_to_the_end
from mentorship.portal.demo.ledger import send_all, waiting
from mentorship.portal.demo.running_season import live_until_now
from mentorship.portal.demo.staff import make_staff, make_units
from mentorship.portal.demo.statistics import take_stock
from mentorship.portal.demo.stories import ImpossibleSumError
from mentorship.seasons.models import Season
from mentorship.seasons.phases import closes_at, zone
from mentorship.seasons.services import DATES, create_season, publish_season, set_identity_matching
from mentorship.seasons.working_hours import monday_of

TEMPLATE = "six-month-mentoring"
HIRING_ATTEMPTS = 60
# So often, among those who applied, somebody doesn't meet a rule.
REFUSED_EVERY = 10
State = Application.State
# A running season's meetings began so long ago; a closed one's lay in so many months of the calendar.
UNDER_WAY_FOR = timedelta(days=84)
MONTHS = 6


class Stage(StrEnum):
    """How far the season has come."""

    DRAFT = "draft"
    APPLYING = "applying"
    REVIEWING = "reviewing"
    MATCHED = "matched"
    RUNNING = "running"
    CLOSED = "closed"


LIVED = frozenset({Stage.RUNNING, Stage.CLOSED})


class SeedError(Exception):
    """The season can't be made as asked; the text says why."""


@transaction.atomic
def seed_season(
    *,
    people: int,
    units: int,
    stage: Stage,
    seed: str,
    name_en: str,
    name_es: str,
    by: User,
    now: datetime,
    identity: bool = False,
    slug: str = "",
) -> Season:
    """Make a season at `stage` with `people` from `units` work units, the same for the same seed.

    With `identity` it has the optional identity page, which four in ten of them use.
    Applying: 60 % have submitted (one in ten of them isn't eligible), the others have a draft. From reviewing on all
    of `people` are eligible. Running and closed: everybody is in a pair, and what came of them lies before `now`.
    Raises SeedError.
    """
    if not 1 <= units <= people:
        raise SeedError("--units must be at least 1 and at most --people")
    rng = random.Random(seed)  # noqa: S311 - believable, not secret
    season = season_at(stage, name_en, name_es, by, now)
    if slug:
        season.slug = slug
        season.save(update_fields=["slug"])
    if identity:
        _ask_identity(season, by)
    if stage is Stage.DRAFT:
        return season
    lived = stage in LIVED
    applicants = Applicants(season, rng, closes_at(season) if lived else now)
    _fill(applicants, stage, _choose_units(units, rng), people, by)
    if lived:
        _one_place_each(applicants)
    applicants.write()
    take_stock()
    if stage is Stage.MATCHED:
        match_and_announce(season=season, by=by, now=now)
    elif lived:
        _live(season, stage, people, by, rng, now)
    season.refresh_from_db()
    return season


def _live(season: Season, stage: Stage, people: int, by: User, rng: random.Random, now: datetime) -> None:
    """Let the season's people meet. Raises SeedError where not everybody could be matched."""
    before = waiting()
    try:
        if stage is Stage.CLOSED:
            live_to_the_end(season, people, by, rng)
        else:
            live_until_now(season, by, rng, now)
    except (NotEverybodyError, ImpossibleSumError, NothingToAnnounce) as error:
        raise SeedError("so few people from so few work units can't all be matched: ask for more") from error
    send_all(but=before, now=now)


def season_at(stage: Stage, name_en: str, name_es: str, by: User, now: datetime, *, circles: bool = False) -> Season:
    """Make the season with dates that put `now` into the stage; of circles instead of pairs if that is wanted."""
    season = create_season(
        template=TEMPLATE, name_en=name_en, name_es=name_es, opens_on=now.date() + timedelta(days=30), by=by, now=now
    )
    shift = _opening(season, stage, now) - season.opens_on
    for name in DATES:
        setattr(season, name, getattr(season, name) + shift)
    season.has_pairs, season.has_circles = not circles, circles
    season.contact_name = "Noor Haddad, Employee Assistance"
    season.contact_email = "assistance@riverbend.example"
    season.second_coordinator = User.objects.filter(groups__name=Role.COORDINATOR).exclude(pk=by.pk).first()
    season.save()
    if stage is not Stage.DRAFT:
        publish_season(season=season, by=by, now=now + min(shift, timedelta(0)))
        season.refresh_from_db()
    return season


def _opening(season: Season, stage: Stage, now: datetime) -> date:
    """The opening day that puts `now` into the stage; `season` has its dates as from some other day."""
    open_days = season.closes_on - season.opens_on
    today = now.date()
    if stage is Stage.RUNNING:
        return monday_of(today - UNDER_WAY_FOR - (season.starts_on - season.opens_on))
    if stage is Stage.CLOSED:
        day = monday_of(today - (season.report_on - season.opens_on) - timedelta(days=1))
        # A report of six months reads best where they are six months of the calendar too.
        while _months(season.starts_on, season.ends_on, day - season.opens_on) > MONTHS:
            day -= timedelta(days=7)
        return day
    return (
        today
        + {
            Stage.DRAFT: timedelta(days=30),
            Stage.APPLYING: -(open_days // 2),
            Stage.REVIEWING: -open_days - timedelta(days=2),
            Stage.MATCHED: -open_days - timedelta(days=10),
        }[stage]
    )


def _months(first: date, last: date, shift: timedelta) -> int:
    """How many months of the calendar two days touch, once they are shifted."""
    first, last = first + shift, last + shift
    return (last.year - first.year) * 12 + last.month - first.month + 1


def _one_place_each(applicants: Applicants) -> None:
    """Give each mentor one place, and the first ones one more while mentees are left, so that all are paired."""
    applications = [draft.application for draft in applicants.drafts]
    mentors = [application for application in applications if application.role == "mentor"]
    left = len(applications) - 2 * len(mentors)
    for number, mentor in enumerate(mentors):
        mentor.capacity = 2 if number < left else 1


def _ask_identity(season: Season, by: User) -> None:
    """Add the optional identity page, as a coordinator would have done before the season opened."""
    before = datetime.combine(season.opens_on, time(), zone(season)) - timedelta(days=1)
    note = "Riverbend's counsel has read the identity page and how matches use it."
    set_identity_matching(season=season, on=True, note=note, by=by, now=before)
    season.refresh_from_db()


def _choose_units(count: int, rng: random.Random) -> list[WorkUnit]:
    units = make_units()
    if count > len(units):
        raise SeedError(f"Riverbend has {len(units)} work units: --units can't be more")
    return rng.sample(units, count)


def _fill(applicants: Applicants, stage: Stage, units: list[WorkUnit], people: int, by: User) -> None:
    """Let `people` apply, taken from the units in turn so that each has at least one; hire where staff run out."""
    pools = _pools(applicants, units, near=by if stage in LIVED else None)
    refused = _flat(_pools(applicants, units, eligible=False)) if stage is Stage.APPLYING else {}
    mentors = people // 2
    for n in range(people):
        role = "mentor" if n < mentors else "mentee"
        state = str(State.ELIGIBLE)
        unit = units[n % len(units)]
        if stage is Stage.APPLYING:
            state = str(State.SUBMITTED if n % 5 < 3 else State.DRAFT)
            if n % REFUSED_EVERY == 2 and refused[role]:
                applicants.add(refused[role].pop(), role, state)
                continue
        applicants.add(_take(pools[role], unit, role, applicants), role, state)


Pools = dict[str, dict[object, list[User]]]


def _flat(pools: Pools) -> dict[str, list[User]]:
    return {role: [person for people in pool.values() for person in people] for role, pool in pools.items()}


def _pools(
    applicants: Applicants, units: list[WorkUnit], *, eligible: bool = True, near: User | None = None
) -> Pools:
    """Return {role: {unit: people}} of those who were here and took part in no other season at that time.

    Nobody near `near`, a coordinator, who could then not decide on them.
    """
    season = applicants.season
    others = Season.objects.filter(archived_at=None, opens_on__lte=season.ends_on, ends_on__gte=season.opens_on)
    busy = Application.objects.open().filter(season__in=others).values("applicant")
    staff = list(
        User.objects.active()
        .filter(profile__unit__in=units, is_staff=False, profile__service_start__lte=season.opens_on)
        .exclude(pk__in=busy)
        .exclude(_near(near))
        .select_related("profile__job_class", "profile__unit")
        .order_by("employee_number")
    )
    applicants.rng.shuffle(staff)
    pools: Pools = {"mentor": defaultdict(list), "mentee": defaultdict(list)}
    for n, person in enumerate(staff):
        # Nobody stands in both pools; whoever is further along mentors more often.
        job_class = person.profile.job_class
        first = "mentor" if (job_class.rank if job_class else 0) + n % 2 * 3 >= 6 else "mentee"
        for role in (first, "mentee" if first == "mentor" else "mentor"):
            if applicants.is_eligible(person, role) is eligible:
                pools[role][person.profile.unit_id].append(person)
                break
    return pools


def _near(coordinator: User | None) -> Q:
    if coordinator is None:
        return Q(pk__in=[])
    supervisor: Any = getattr(coordinator, "profile", None) and coordinator.profile.supervisor_id
    return Q(pk=supervisor) | Q(profile__supervisor=coordinator)


def _take(pool: dict[object, list[User]], unit: WorkUnit, role: str, applicants: Applicants) -> User:
    """Take somebody of `unit` out of the pool, or hire somebody who suits. Raises SeedError."""
    for _attempt in range(HIRING_ATTEMPTS):
        if pool[unit.pk]:
            return pool[unit.pk].pop()
        lead = Profile.objects.filter(unit=unit, managerial=True).select_related("user").first()
        hired = make_staff(
            people=1,
            units=[unit],
            rng=applicants.rng,
            today=applicants.now.date(),
            leads={unit.pk: lead.user} if lead else {},
        )
        person: User = User.objects.select_related("profile__job_class", "profile__unit").get(pk=hired[0].pk)
        if applicants.is_eligible(person, role):
            return person
    raise SeedError(f"nobody in {unit} may take part as {role}: look at the season's eligibility rules")
