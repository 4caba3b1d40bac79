"""The demo that a new installation starts with: Riverbend's staff, its roles, and four seasons to look at."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime

from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from mentorship.applications.models import Application
from mentorship.partnerships.models import HelpCase, Membership, Partnership
from mentorship.people.models import Profile, Role, User
from mentorship.people.services import set_roles
from mentorship.portal.demo.seasons import Stage, seed_season
from mentorship.portal.demo.staff import make_staff, make_units
from mentorship.seasons.models import Season

STAFF = 1000
SEED = "riverbend"
# The season that the report's headline is about, as one looked back on it when it was over.
SIX_MONTHS = "six-month-2022"
LOOKING_BACK = datetime(2022, 12, 19, 18, tzinfo=UTC)


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
    Character(
        "100004", "Lena", "Fischer", frozenset({Role.LEADERSHIP}), gettext_noop("Leadership, reads the report")
    ),
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
    seed_season(
        people=40,
        units=28,
        stage=Stage.RUNNING,
        seed=SEED,
        name_en="Mentoring across Riverbend",
        name_es="Mentoría en todo Riverbend",
        by=ana,
        now=now,
    )
    seed_season(
        people=67,
        units=44,
        stage=Stage.CLOSED,
        seed=SEED,
        name_en="Six-month mentoring 2022",
        name_es="Mentoría de seis meses 2022",
        by=ana,
        now=LOOKING_BACK,
        slug=SIX_MONTHS,
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
    """Return (what they are, person) of a few participants that one can enter as, each of them once."""
    applied = (
        Application.objects.filter(season__archived_at=None, memberships=None)
        .select_related("applicant__profile")
        .order_by("-season__opens_on", "applicant__employee_number")
    )
    # The pair whose next meeting is the furthest away has something behind it and something to come.
    meeting = (
        Membership.objects.filter(active=True, partnership__state=Partnership.State.RUNNING)
        .select_related("person__profile")
        .order_by("-partnership__meetings__starts_at", "person__employee_number")
    )
    helped = meeting.filter(role="mentee", help_cases__in=HelpCase.objects.going_on())
    wanted: list[tuple[str, QuerySet[Application] | QuerySet[Membership]]] = [
        (gettext_noop("Mentee with a draft"), applied.filter(role="mentee", state="draft")),
        (gettext_noop("Mentor who applied"), applied.filter(role="mentor", state="submitted")),
        (gettext_noop("Mentee waiting for a match"), applied.filter(role="mentee", state="eligible")),
        (gettext_noop("Mentor waiting for a match"), applied.filter(role="mentor", state="eligible")),
        (gettext_noop("Mentee in a pair that meets"), meeting.filter(role="mentee").exclude(pk__in=helped)),
        (gettext_noop("Mentor in a pair that meets"), meeting.filter(role="mentor")),
        (gettext_noop("Mentee who has asked for help"), helped),
    ]
    found: dict[User, str] = {}
    for title, rows in wanted:
        people = (row.applicant if isinstance(row, Application) else row.person for row in rows[: len(wanted)])
        if person := next((person for person in people if person not in found), None):
            found[person] = title
    return [(title, person) for person, title in found.items()]
