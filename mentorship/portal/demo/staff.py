"""Riverbend's staff: 73 locations, a chain of supervisors, and as many people as asked for."""

import random
import unicodedata
from datetime import date, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from mentorship.people.meeting import MODES, SLOTS
from mentorship.people.models import JobClass, Profile, Source, UnitKind, User, WorkUnit
from mentorship.portal.demo.names import (
    BRANCHES,
    CENTRAL,
    CENTRAL_DEPARTMENTS,
    FAMILY_NAMES,
    GIVEN_NAMES,
    REGIONS,
)

FIRST_NUMBER = 300_001
# One in so many has no library mailbox, as pages and messengers often have none.
WITHOUT_MAILBOX = 12


def make_units() -> list[WorkUnit]:
    """Return Riverbend's work units: each branch, each central department. Makes what is missing."""
    kinds = {kind.slug: kind for kind in UnitKind.objects.all()}
    wanted = [(name, "", REGIONS[n % len(REGIONS)], "branch") for n, name in enumerate(BRANCHES)]
    wanted += [(CENTRAL, department, "Central", kind) for department, kind in CENTRAL_DEPARTMENTS.items()]
    known = {(unit.location, unit.department): unit for unit in WorkUnit.objects.all()}
    WorkUnit.objects.bulk_create(
        WorkUnit(location=location, department=department, region=region, kind=_kind(kinds, kind))
        for location, department, region, kind in wanted
        if (location, department) not in known
    )
    found = {(unit.location, unit.department): unit for unit in WorkUnit.objects.all()}
    return [found[location, department] for location, department, _region, _kind_key in wanted]


def _kind(kinds: dict[str, UnitKind], wanted: str) -> UnitKind | None:
    """Return the kind whose key starts with `wanted`: a library may have renamed the rest."""
    return next((kind for slug, kind in kinds.items() if slug.startswith(wanted)), None)


def make_staff(
    *, people: int, units: list[WorkUnit], rng: random.Random, today: date, leads: dict[Any, User] | None = None
) -> list[User]:
    """Add `people` members of staff, spread over `units`, each with a supervisor but for the director.

    `leads` ({unit's key: who leads it}) says that the units are led already; else the first ones lead them.
    """
    steps = [job_class for job_class in JobClass.objects.order_by("rank") if not job_class.managerial]
    leading = list(JobClass.objects.filter(managerial=True).order_by("rank"))
    first = FIRST_NUMBER + User.objects.filter(employee_number__gte=str(FIRST_NUMBER)).count()
    password = make_password(None)
    taken: set[str] = set(User.objects.values_list("email", flat=True))
    staff, profiles = [], []
    for n in range(people):
        given, family = rng.choice(GIVEN_NAMES), rng.choice(FAMILY_NAMES)
        # The first of all directs the library, the first in each unit leads it.
        leading_one = leads is None and n < len(units)
        email = None if not leading_one and n % WITHOUT_MAILBOX == 0 else _mailbox(given, family, taken)
        user = User(
            employee_number=str(first + n),
            given_name=given,
            family_name=family,
            email=email,
            language="es" if rng.random() < 0.08 else "en",
            password=password,
        )
        staff.append(user)
        unit = units[n % len(units)]
        if leading_one:
            job_class = leading[-1] if n == 0 else rng.choice(leading[:-1] or leading)
            supervisor = staff[0] if n else None
        else:
            job_class = _step(steps, rng)
            supervisor = staff[n % len(units)] if leads is None else leads.get(unit.pk)
        profiles.append(_profile(user, unit, job_class, supervisor, rng, today))
    User.objects.bulk_create(staff, batch_size=500)
    Profile.objects.bulk_create(profiles, batch_size=500)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in staff if user.email
    )
    return staff


def _profile(
    user: User, unit: WorkUnit, job_class: JobClass, supervisor: User | None, rng: random.Random, today: date
) -> Profile:
    speaks = ["en"] + (["es"] if user.language == "es" or rng.random() < 0.25 else [])
    return Profile(
        user=user,
        listed_email=user.email or "",
        unit=unit,
        unit_source=Source.IMPORTED,
        job_class=job_class,
        job_class_source=Source.IMPORTED,
        managerial=job_class.managerial,
        managerial_source=Source.IMPORTED,
        supervisor=supervisor,
        supervisor_source=Source.IMPORTED,
        service_start=today - timedelta(days=rng.randint(60, 9000)),
        service_start_source=Source.IMPORTED,
        degree="mls" if job_class.degree_required or rng.random() < 0.05 else "none",
        degree_source=Source.IMPORTED,
        languages=speaks,
        modes=sorted(rng.sample(list(MODES), rng.randint(1, len(MODES)))),
        slots=sorted(rng.sample(SLOTS[:15], rng.randint(3, 8)), key=SLOTS.index),
        schedule_rotates=rng.random() < 0.2,
        in_directory=rng.random() < 0.7,
    )


def _step(steps: list[JobClass], rng: random.Random) -> JobClass:
    """Pick a class for somebody who leads nobody: the lower the step, the more people stand on it."""
    weights = [len(steps) - n for n in range(len(steps))]
    return rng.choices(steps, weights)[0]


def _mailbox(given: str, family: str, taken: set[str]) -> str:
    plain = unicodedata.normalize("NFKD", f"{given}.{family}").encode("ascii", "ignore").decode().lower()
    plain = plain.replace("'", "").replace(" ", "")
    name, n = plain, 1
    while f"{name}@riverbend.example" in taken:
        n += 1
        name = f"{plain}{n}"
    taken.add(f"{name}@riverbend.example")
    return f"{name}@riverbend.example"
