"""What the pages of a pair read: the members by role, the partner's card, and what a person has to answer."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from mentorship.partnerships.models import Kind, Membership, Partnership
from mentorship.partnerships.querysets import ASKED, GOING_ON, HELD, MENTORING, TOLD


@dataclass(frozen=True)
class Partner:
    """One member as the others may see them; pronouns only where that was agreed to, goals of the application.

    `mailbox` is the library's own one from the staff list, which colleagues can look up anyway; never another
    address that the person signs in with, nor one that several people read.
    """

    membership: Membership
    name: str
    first_name: str
    pronouns: str
    unit: str
    job: str
    bio: str
    mailbox: str
    goals: list[str]

    @property
    def is_peer(self) -> bool:
        return self.membership.role == Membership.Role.PEER

    @property
    def is_mentor(self) -> bool:
        return self.membership.role == Membership.Role.MENTOR


def with_members(rows: QuerySet[Partnership]) -> QuerySet[Partnership]:
    """Load members, their profiles and goals with the partnerships, in a constant number of queries."""
    members = (
        Membership.objects.select_related(
            "person__profile__unit", "person__profile__job_class", "application__season"
        )
        .prefetch_related("application__goals__goal")
        .order_by("role", "pk")
    )
    return rows.select_related("season").prefetch_related(Prefetch("memberships", members))


def partners(pair: Partnership, person: Any) -> list[Partner]:
    """Everybody in the pair but `person`, and of a circle but those who left it while it goes on.

    Whoever facilitates a circle comes first.
    """
    others = [member for member in pair.memberships.all() if member.person_id != person.pk]
    if pair.kind == Kind.CIRCLE:
        others = [member for member in others if member.active or pair.state not in HELD]
    return [card(member) for member in others]


def card(member: Membership) -> Partner:
    """A member as partners see them; the rows come from `with_members`."""
    profile = getattr(member.person, "profile", None)
    return Partner(
        membership=member,
        name=member.person.display_name,
        first_name=member.person.get_short_name(),
        pronouns=profile.pronouns if profile and profile.show_pronouns_to_partners else "",
        unit=str(profile.unit or "") if profile else "",
        job=str(profile.job_class or "") if profile else "",
        bio=profile.bio if profile else "",
        mailbox=profile.listed_email if profile and not member.person.mailbox_is_shared else "",
        goals=[str(goal.goal) for goal in member.application.goals.all()] if member.application else [],
    )


def role_of(pair: Partnership, person: Any) -> str:
    """The role of `person` in the pair. Raises StopIteration where they have none."""
    return next(member.role for member in pair.memberships.all() if member.person_id == person.pk)


def told_pairs(person: Any) -> QuerySet[Partnership]:
    """The announced pairs of a person that still go on, the newest first."""
    going_on = Partnership.objects.told_to(person).filter(state__in=GOING_ON)
    return going_on.order_by("-announced_at", "pk")


def earlier_pairs(person: Any) -> QuerySet[Partnership]:
    """The pairs of a person that came to their end, until their season is archived; the latest first."""
    over = Partnership.objects.told_to(person).exclude(state__in=GOING_ON).filter(season__archived_at=None)
    return over.order_by("-closed_at", "pk")


def open_questions(person: Any) -> QuerySet[Partnership]:
    """The pairs and circles about which somebody has still to answer, the most urgent first."""
    silent = Membership.objects.filter(person=person, role__in=MENTORING, active=True, answered_at=None)
    asked = Partnership.objects.filter(state=Partnership.State.ASKED, pk__in=silent.values("partnership"))
    return asked.order_by("answer_due", "pk")


def partners_of(person: Any) -> Q:
    """A condition on people: those whom `person` meets with, and the mentees about whom they are asked."""
    asked = Membership.objects.filter(
        partnership__state__in=ASKED,
        partnership__memberships__person=person,
        partnership__memberships__role__in=MENTORING,
    )
    return Q(pk__in=_told_members(person).values("person")) | Q(pk__in=asked.values("person"))


def own_partners(person: Any) -> Q:
    """A condition on people: those who share a pair with `person` that was told; an earlier bar would tell of it."""
    return Q(pk__in=_told_members(person).exclude(person=person).values("person"))


def _told_members(person: Any) -> QuerySet[Membership]:
    """Everybody in the pairs of `person` that were told."""
    return Membership.objects.filter(partnership__state__in=TOLD, partnership__memberships__person=person)
