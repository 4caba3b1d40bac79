"""The demo that a new installation starts with: Riverbend's staff, its roles, and two seasons to look at."""

import random
from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from mentorship.applications.models import Application
from mentorship.people.models import Profile, Role, User
from mentorship.people.services import set_roles
from mentorship.portal.demo.seasons import Stage, seed_season
from mentorship.portal.demo.staff import make_staff, make_units
from mentorship.seasons.models import Season

STAFF = 1000
SEED = "riverbend"


@dataclass(frozen=True)
class Character:
    """Somebody with a role, known by an employee number of their own."""

    employee_number: str
    given_name: str
    family_name: str
    roles: frozenset[str]
    title: str


CHARACTERS = [
    Character("100001", "Ana", "Ortega", frozenset({Role.COORDINATOR}), gettext_noop("Coordinator")),
    Character("100002", "Marcus", "Bell", frozenset({Role.COORDINATOR}), gettext_noop("Second coordinator")),
    Character("100003", "Ada", "Nakamura", frozenset({Role.ADMINISTRATOR}), gettext_noop("Administrator")),
    Character("100004", "Lena", "Fischer", frozenset({Role.LEADERSHIP}), gettext_noop("Leadership")),
    Character("100005", "Tariq", "Ansari", frozenset({Role.ANALYST}), gettext_noop("Analyst")),
]
NEWCOMER = Character("100006", "Rosa", "Delgado", frozenset(), gettext_noop("Page clerk, hasn't applied yet"))


@transaction.atomic
def seed_demo(*, now: datetime) -> bool:
    """Fill an empty installation with Riverbend; False where there is a season already and nothing was done."""
    if Season.objects.exists():
        return False
    units = make_units()
    make_staff(people=STAFF, units=units, rng=random.Random(SEED), today=now.date())  # noqa: S311
    people = {character.employee_number: _make(character, now) for character in [*CHARACTERS, NEWCOMER]}
    ana = people["100001"]
    seed_season(
        people=120,
        units=52,
        stage=Stage.APPLYING,
        seed=SEED,
        name_en="Riverbend Mentoring",
        name_es="Mentoría Riverbend",
        by=ana,
        now=now,
        identity=settings.IDENTITY != "never",
    )
    seed_season(
        people=67,
        units=44,
        stage=Stage.REVIEWING,
        seed=SEED,
        name_en="Mentoring between branches",
        name_es="Mentoría entre sucursales",
        by=ana,
        now=now,
    )
    return True


def _make(character: Character, now: datetime) -> User:
    """Make one character with a desk at the central library; whoever enters the admin gets a second factor."""
    email = f"{character.given_name}.{character.family_name}@riverbend.example".lower()
    person = User.objects.create_user(
        character.employee_number, given_name=character.given_name, family_name=character.family_name, email=email
    )
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    colleague = Profile.objects.filter(unit__department="Circulation", managerial=False).order_by("user").first()
    if colleague:
        colleague.pk, colleague._state.adding, colleague.user = None, True, person
        colleague.listed_email = email
        colleague.save()
    else:
        Profile.objects.create(user=person, listed_email=email)
    if character.roles:
        set_roles(person=person, roles=set(character.roles), by=None, now=now)
        Authenticator.objects.create(
            user=person, type=Authenticator.Type.TOTP, data={"secret": get_adapter().encrypt(generate_totp_secret())}
        )
    return person


def participants() -> list[tuple[str, User]]:
    """Return (what they are, person) of a few participants that one can enter as."""
    wanted = [
        (gettext_noop("Mentee with a draft"), "mentee", "draft"),
        (gettext_noop("Mentor who applied"), "mentor", "submitted"),
        (gettext_noop("Mentee waiting for a match"), "mentee", "eligible"),
        (gettext_noop("Mentor waiting for a match"), "mentor", "eligible"),
    ]
    found = []
    for title, role, state in wanted:
        application = (
            Application.objects.filter(role=role, state=state, season__archived_at=None)
            .select_related("applicant__profile")
            .order_by("-season__opens_on", "applicant__employee_number")
            .first()
        )
        if application:
            found.append((title, application.applicant))
    return found
