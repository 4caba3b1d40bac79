"""Freezes a season's circles for the engine, in a constant number of queries whatever its size.

People are known to the engine by their own key here, since a facilitator may also be a peer, and needs no
application. Nothing of identity is read.
"""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from matching.engine.circles import (
    Circle,
    CircleProblem,
    CircleSettings,
    Facilitator,
    KeptCircle,
    Kind,
    Peer,
)
from matching.models import CircleFacilitator, CircleProposal, CircleRun, Exclusion
from matching.snapshot import chains_above
from mentorship.applications.models import Application, ApplicationGoal, Avoidance
from mentorship.partnerships.models import Membership
from mentorship.partnerships.querysets import HELD
from mentorship.seasons.models import Season

State = CircleProposal.State
Role = Membership.Role


@dataclass(frozen=True)
class CircleSnapshot:
    """The peers and facilitators of a season, and the circles that its last run left.

    `problem` holds everybody; `circles` are the last run's that still wait for a yes, by what is true today: who
    withdrew isn't in them. `held` are the keys of those that a coordinator holds, `settled` the peers who have their
    partnership already, `applications` those of all peers, by person.
    """

    problem: CircleProblem
    circles: tuple[Circle, ...] = ()
    held: frozenset[str] = field(default_factory=frozenset)
    settled: frozenset[str] = field(default_factory=frozenset)
    applications: dict[str, Application] = field(default_factory=dict)

    @property
    def to_solve(self) -> CircleProblem:
        """What is left for a run: without the circles that are settled or held, and what their facilitators give."""
        fixed = [circle for circle in self.circles if circle.id in self.held]
        away = {member for circle in fixed for member in circle.members} | self.settled
        busy = Counter(facilitator for circle in fixed for facilitator in circle.facilitators)
        return CircleProblem(
            settings=self.problem.settings,
            peers=tuple(peer for peer in self.problem.peers if peer.id not in away),
            facilitators=tuple(_left(each, busy[each.id]) for each in self.problem.facilitators),
            apart=self.problem.apart,
            keep=tuple(circle for circle in self.problem.keep if circle.id not in self.held),
        )


@transaction.atomic
def take(season: Season) -> CircleSnapshot:
    """Read the season's peers, facilitators and circles as they stand."""
    applications = list(
        Application.objects.matchable()
        .filter(season=season, applicant__is_active=True)
        .select_related("applicant__profile")
        .order_by("role", "pk")
    )
    peers = {str(row.applicant_id): row for row in applications if row.role == "peer"}
    named = list(
        CircleFacilitator.objects.filter(season=season, person__is_active=True).select_related("person__profile")
    )
    members = list(
        Membership.objects.filter(
            Q(active=True, partnership__state__in=HELD) | Q(declined_to_guide()), season=season, kind="circle"
        ).values_list("person_id", "role", "active")
    )
    settled = frozenset(str(person) for person, role, active in members if active and role == Role.PEER)
    guiding = Counter(str(person) for person, role, active in members if active and role == Role.FACILITATOR)
    declined = {str(person) for person, _role, active in members if not active}
    people = _People(applications, named)
    guides = {str(row.person_id) for row in named} - declined
    circles, held = _circles(season, set(peers), guides)
    problem = CircleProblem(
        settings=CircleSettings(seed=season.seed or season.slug),
        peers=tuple(people.peer(row) for row in peers.values()),
        facilitators=tuple(
            people.facilitator(row, guiding[str(row.person_id)]) for row in named if str(row.person_id) in guides
        ),
        apart=tuple(
            (str(one), str(other))
            for one, other in Exclusion.objects.filter(season=season).values_list("mentee_id", "mentor_id")
        ),
        keep=tuple(_kept(circle) for circle in circles),
    )
    return CircleSnapshot(
        problem=problem,
        circles=circles,
        held=held,
        settled=settled,
        applications=peers,
    )


def pool(season: Season) -> dict[str, int]:
    """How many eligible peers there are, and how many may guide a circle."""
    peers = Application.objects.matchable().filter(season=season, role="peer", applicant__is_active=True)
    return {
        "peers": peers.count(),
        "facilitators": CircleFacilitator.objects.filter(season=season, person__is_active=True).count(),
    }


class _People:
    """The lists of everybody, read once and looked up by application or person."""

    def __init__(self, applications: list[Application], named: list[CircleFacilitator]) -> None:
        keys = [row.pk for row in applications]
        # Somebody's words as a peer come before those as a mentor: "peer" is the last of the roles.
        self.application = {row.applicant_id: row for row in applications}
        self.goals: dict[UUID, dict[str, int]] = defaultdict(dict)
        chosen = ApplicationGoal.objects.filter(application__in=keys)
        for key, slug, weight in chosen.values_list("application_id", "goal__slug", "weight"):
            self.goals[key][slug] = weight
        self.avoided: dict[UUID, set[str]] = defaultdict(set)
        whose = {row.pk: row.applicant_id for row in applications}
        for avoidance in Avoidance.objects.filter(application__in=keys):
            self.avoided[whose[avoidance.application_id]] |= {str(person) for person in avoidance.people}
        self.chains = chains_above({row.applicant_id for row in applications} | {row.person_id for row in named})

    def peer(self, row: Application) -> Peer:
        return Peer(themes=self.goals[row.pk], **self._common(row.applicant, row))

    def facilitator(self, row: CircleFacilitator, guiding: int) -> Facilitator:
        application = self.application.get(row.person_id)
        capacity = max(0, row.circles - guiding)
        return Facilitator(capacity=capacity, **self._common(row.person, application))

    def _common(self, person: Any, row: Application | None) -> dict[str, Any]:
        profile = getattr(person, "profile", None)
        return {
            "id": str(person.pk),
            "unit": str(profile.unit_id or "") if profile else "",
            "managers": tuple(str(boss) for boss in self.chains[person.pk]),
            "slots": () if row is None or row.schedule_rotates else tuple(row.slots),
            "modes": () if row is None else tuple(row.modes),
            "languages": () if row is None else tuple(row.languages),
            "avoid": tuple(sorted(self.avoided[person.pk])),
        }


def declined_to_guide() -> Q:
    """A condition on memberships: somebody was asked to guide a circle and said no, or didn't answer in time."""
    return Q(role=Role.FACILITATOR, active=False, answered_at=None, partnership__state__in=[*HELD, "declined"])


def _circles(
    season: Season, standing: Collection[str], guides: Collection[str]
) -> tuple[tuple[Circle, ...], frozenset[str]]:
    """The last run's circles that have no partnership, without whoever withdrew, and the keys of the held ones."""
    run = CircleRun.objects.done().filter(season=season).order_by("-number").values("pk")[:1]
    rows = (
        CircleProposal.objects.filter(run__in=run)
        .exclude(partnership__state__in=HELD)
        .select_related("theme")
        .prefetch_related("seats__application", "guides")
        .order_by("pk")
    )
    found = []
    held = set()
    for row in rows:
        circle = to_circle(row)
        found.append(
            Circle(
                circle.id,
                circle.kind,
                tuple(member for member in circle.members if member in standing),
                tuple(person for person in circle.facilitators if person in guides),
            )
        )
        if row.state == State.LOCKED:
            held.add(circle.id)
    return tuple(found), frozenset(held)


def to_circle(row: CircleProposal) -> Circle:
    """A suggested circle as the engine knows it; seats with their applications and guides are loaded."""
    return Circle(
        str(row.pk),
        Kind(row.theme.slug, row.slot, row.mode, row.language),
        tuple(sorted(str(seat.application.applicant_id) for seat in row.seats.all())),
        tuple(sorted(str(guide.person_id) for guide in row.guides.all())),
    )


def _kept(circle: Circle) -> KeptCircle:
    kind = circle.kind
    return KeptCircle(
        id=circle.id,
        theme=kind.theme,
        slot=kind.slot,
        mode=kind.mode,
        language=kind.language,
        members=circle.members,
        facilitators=circle.facilitators,
    )


def _left(facilitator: Facilitator, busy: int) -> Facilitator:
    return replace(facilitator, capacity=max(0, facilitator.capacity - busy))
