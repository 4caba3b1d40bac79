"""Seasons of Riverbend at a given stage, with as many people from as many work units as asked for."""

import random
from collections import defaultdict
from datetime import datetime, time, timedelta
from enum import StrEnum

from django.db import transaction

from mentorship.applications.models import Application
from mentorship.people.models import Profile, User, WorkUnit
from mentorship.portal.demo.applicants import Applicants
from mentorship.portal.demo.staff import make_staff, make_units
from mentorship.seasons.models import Season
from mentorship.seasons.phases import zone
from mentorship.seasons.services import create_season, publish_season, set_identity_matching

TEMPLATE = "six-month-mentoring"
HIRING_ATTEMPTS = 60
# So often, among those who applied, somebody doesn't meet a rule.
REFUSED_EVERY = 10
State = Application.State


class Stage(StrEnum):
    """How far the season has come."""

    DRAFT = "draft"
    APPLYING = "applying"
    REVIEWING = "reviewing"
    MATCHED = "matched"


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
) -> Season:
    """Make a season at `stage` with `people` from `units` work units, the same for the same seed.

    With `identity` it has the optional identity page, which four in ten of them use.
    Applying: 60 % have submitted (one in ten of them isn't eligible), the others have a draft. From reviewing on all
    of `people` are eligible. Raises SeedError.
    """
    if not 1 <= units <= people:
        raise SeedError("--units must be at least 1 and at most --people")
    rng = random.Random(seed)  # noqa: S311 - believable, not secret
    season = _season_at(stage, name_en, name_es, by, now)
    if identity:
        _ask_identity(season, by)
    if stage is not Stage.DRAFT:
        applicants = Applicants(season, rng, now)
        _fill(applicants, stage, _choose_units(units, rng), people)
        applicants.write()
    if stage is Stage.MATCHED:
        from matching.demonstration import match_and_announce

        match_and_announce(season=season, by=by, now=now)
    return season


def _season_at(stage: Stage, name_en: str, name_es: str, by: User, now: datetime) -> Season:
    """Make the season with dates that put `now` into the stage."""
    season = create_season(
        template=TEMPLATE, name_en=name_en, name_es=name_es, opens_on=now.date() + timedelta(days=30), by=by, now=now
    )
    open_days = (season.closes_on - season.opens_on).days
    lead = {
        Stage.DRAFT: 30,
        Stage.APPLYING: -open_days // 2,
        Stage.REVIEWING: -open_days - 2,
        Stage.MATCHED: -open_days - 10,
    }[stage]
    shift = timedelta(days=lead - 30)
    for name in ("opens_on", "closes_on", "matches_on", "starts_on", "ends_on", "survey_on", "report_on"):
        setattr(season, name, getattr(season, name) + shift)
    season.contact_name = "Noor Haddad, Employee Assistance"
    season.contact_email = "assistance@riverbend.example"
    season.save()
    if stage is not Stage.DRAFT:
        publish_season(season=season, by=by, now=now + min(shift, timedelta(0)))
    return season


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


def _fill(applicants: Applicants, stage: Stage, units: list[WorkUnit], people: int) -> None:
    """Let `people` apply, taken from the units in turn so that each has at least one; hire where staff run out."""
    pools = _pools(applicants, units)
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


def _pools(applicants: Applicants, units: list[WorkUnit], *, eligible: bool = True) -> Pools:
    """Return {role: {unit: people}} of those who don't take part in a season that is under way."""
    busy = Application.objects.open().filter(season__archived_at=None).values("applicant")
    staff = list(
        User.objects.active()
        .filter(profile__unit__in=units, is_staff=False)
        .exclude(pk__in=busy)
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
