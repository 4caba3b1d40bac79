"""Freezes a season for the engine, in a constant number of queries whatever its size.

People are known to the engine by their application's key. Identity leaves here only where the season matches on it
and the person asked for it in that dimension; what was not opted in is never read further than this module.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from matching.alone import left_without_before
from matching.engine import Mentee, Mentor, Pin, Problem, Settings, blocked
from matching.models import Exclusion, MatchRun, Proposal
from matching.models import Pin as PinRow
from mentorship.applications.models import Application, ApplicationGoal, Avoidance, Favourite, IdentityAnswer
from mentorship.partnerships.models import Membership, Partnership
from mentorship.partnerships.places import capacity_of
from mentorship.partnerships.querysets import HELD, TOLD
from mentorship.seasons.models import Season

UNBOUNDED = 1_000_000
SAYS_NOTHING = "rather-not-say"

IdPair = tuple[str, str]


@dataclass(frozen=True)
class Held:
    """A pair that has its partnership already: it stays out of the problem and keeps its place."""

    mentee: UUID
    mentor: UUID
    partnership: Partnership


@dataclass(frozen=True)
class Snapshot:
    """What a run works on: the engine's problem, the pairs that are settled, and what the words need besides.

    `lapsed` are the keys of pins that a rule has come to forbid, `locked` the held pairs, `rotating` the
    applications whose schedule rotates, `left_out` the mentees whom a coordinator leaves without a mentor: they are
    not in the problem.
    """

    problem: Problem
    held: tuple[Held, ...] = ()
    lapsed: tuple[UUID, ...] = ()
    locked: frozenset[IdPair] = field(default_factory=frozenset)
    rotating: frozenset[str] = field(default_factory=frozenset)
    left_out: frozenset[str] = field(default_factory=frozenset)


@transaction.atomic
def take(season: Season, *, anew: Collection[str] = ()) -> Snapshot:
    """Read the season's pool as it stands.

    `anew` are mentees on whom a coordinator is deciding anew: that they are held, with somebody or with nobody,
    doesn't count for them.
    """
    applications = list(
        Application.objects.matchable()
        .filter(season=season, role__in=["mentor", "mentee"], applicant__is_active=True)
        .select_related("applicant__profile__job_class")
        .order_by("pk")
    )
    for application in applications:
        application.season = season
    held = _held(season)
    pool = _Pool(season, applications, held)
    previous = _previous(season, anew)
    waiting = [row for row in applications if row.role == "mentee" and not pool.is_held(row)]
    problem = Problem(
        settings=_settings(season),
        mentors=tuple(pool.mentor(row) for row in applications if row.role == "mentor"),
        mentees=tuple(pool.mentee(row) for row in waiting if str(row.pk) not in previous.left_out),
        forbid=tuple(pool.forbidden(season)),
        past=() if season.allow_repeat_pairs else tuple(pool.past(season)),
    )
    pins, lapsed = _pins(season, problem, previous.locked)
    problem = Problem(
        settings=problem.settings,
        mentors=problem.mentors,
        mentees=problem.mentees,
        pins=tuple(pins),
        forbid=problem.forbid,
        keep=previous.pairs,
        past=problem.past,
    )
    return Snapshot(
        problem=problem,
        held=tuple(held),
        lapsed=tuple(lapsed),
        locked=previous.locked,
        rotating=frozenset(str(row.pk) for row in applications if row.schedule_rotates),
        left_out=previous.left_out & {str(row.pk) for row in waiting},
    )


def asks_on_identity(season: Season) -> bool:
    """The season matches on identities and the installation has the feature."""
    return season.identity_matching and settings.IDENTITY != "never"


def both_ask_to_show(pair: Partnership) -> bool:
    """Both members asked to be matched on something they share, and both said that it may be shown to the other."""
    if not asks_on_identity(pair.season) or pair.season.archived_at is not None:
        return False
    keys = [member.application_id for member in pair.memberships.all() if member.active]
    given = [answer.given for answer in IdentityAnswer.objects.filter(application__in=[key for key in keys if key])]
    if len(given) != 2:
        return False
    ours, theirs = (_opted_in(answers, shown=True) for answers in given)
    return any(set(values) & set(theirs.get(dimension, ((), 0))[0]) for dimension, (values, _wish) in ours.items())


class _Pool:
    """The lists of everybody in the pool, read once and looked up by application."""

    def __init__(self, season: Season, applications: list[Application], held: list[Held]) -> None:
        self.applications = applications
        keys = [row.pk for row in applications]
        self.by_person: dict[UUID, list[Application]] = defaultdict(list)
        for row in applications:
            self.by_person[row.applicant_id].append(row)
        self.paired = {pair.mentee for pair in held}
        self.places_taken: dict[UUID, int] = defaultdict(int)
        for pair in held:
            self.places_taken[pair.mentor] += 1
        self.goals: dict[UUID, dict[str, int]] = defaultdict(dict)
        for key, slug, weight in ApplicationGoal.objects.filter(application__in=keys).values_list(
            "application_id", "goal__slug", "weight"
        ):
            self.goals[key][slug] = weight
        self.favourites: dict[UUID, list[UUID]] = defaultdict(list)
        for key, person in (
            Favourite.objects.filter(application__in=keys).order_by("rank").values_list("application_id", "person_id")
        ):
            self.favourites[key].append(person)
        self.avoided = {
            row.application_id: [UUID(str(key)) for key in row.people]
            for row in Avoidance.objects.filter(application__in=keys)
        }
        self.chains = chains_above(self.by_person)
        self.left_without = left_without_before(season)
        self.identity: dict[UUID, dict[str, tuple[tuple[str, ...], int]]] = {}
        if asks_on_identity(season):
            answers = IdentityAnswer.objects.filter(application__in=keys)
            self.identity = {answer.application_id: _opted_in(answer.given) for answer in answers}

    def mentor(self, row: Application) -> Mentor:
        capacity = max(0, capacity_of(row) - self.places_taken[row.pk])
        return Mentor(capacity=capacity, offers=self.goals[row.pk], **self._common(row))

    def mentee(self, row: Application) -> Mentee:
        priority = row.applicant_id in self.left_without
        return Mentee(goals=self.goals[row.pk], priority=priority, **self._common(row))

    def is_held(self, row: Application) -> bool:
        return row.pk in self.paired

    def forbidden(self, season: Season) -> Iterable[IdPair]:
        """Pairs that a coordinator doesn't want, and those of which the mentor said no this season."""
        wishes = Exclusion.objects.filter(season=season).values_list("mentee_id", "mentor_id")
        for mentee, mentor in wishes:
            yield from self._between(mentee, mentor)
        declined = Membership.objects.filter(season=season, partnership__state=Partnership.State.DECLINED)
        sides: dict[UUID, dict[str, UUID]] = defaultdict(dict)
        for partnership, role, person in declined.values_list("partnership_id", "role", "person_id"):
            sides[partnership][role] = person
        for people in sides.values():
            if {"mentee", "mentor"} <= set(people):
                yield from self._between(people["mentee"], people["mentor"])

    def past(self, season: Season) -> Iterable[IdPair]:
        """Pairs of other seasons, whichever way round."""
        earlier = Membership.objects.filter(
            kind="pair",
            role="mentor",
            partnership__state__in=TOLD,
            person__in=list(self.by_person),
            partnership__memberships__role="mentee",
            partnership__memberships__person__in=list(self.by_person),
        ).exclude(season=season)
        for mentor, mentee in earlier.values_list("person_id", "partnership__memberships__person_id"):
            yield from self._between(mentee, mentor)
            yield from self._between(mentor, mentee)

    def _common(self, row: Application) -> dict[str, Any]:
        profile = getattr(row.applicant, "profile", None)
        identity = self.identity.get(row.pk, {})
        # One's own application in the other role is avoided like a colleague: told as "other", never waived.
        avoided = [*self.avoided.get(row.pk, []), row.applicant_id]
        return {
            "id": str(row.pk),
            "unit": str(profile.unit_id or "") if profile else "",
            "rank": profile.job_class.rank if profile and profile.job_class else None,
            "managers": self._others(row, self.chains[row.applicant_id]),
            "slots": () if row.schedule_rotates else tuple(row.slots),
            "modes": tuple(row.modes),
            "languages": tuple(row.languages),
            "favourites": self._others(row, self.favourites[row.pk]),
            "avoid": self._others(row, avoided),
            "identity": {dimension: values for dimension, (values, _wish) in identity.items()},
            "match_on": {dimension: wish for dimension, (_values, wish) in identity.items()},
        }

    def _others(self, row: Application, people: Iterable[UUID]) -> tuple[str, ...]:
        """The keys of these people's applications in the other role."""
        other = "mentor" if row.role == "mentee" else "mentee"
        return tuple(str(found.pk) for person in people for found in self._of(person, other))

    def _between(self, mentee: UUID, mentor: UUID) -> Iterable[IdPair]:
        for first in self._of(mentee, "mentee"):
            for second in self._of(mentor, "mentor"):
                yield str(first.pk), str(second.pk)

    def _of(self, person: UUID, role: str) -> list[Application]:
        return [row for row in self.by_person.get(person, []) if row.role == role]


def _settings(season: Season) -> Settings:
    gap = (season.rank_gap_least, season.rank_gap_most)
    return Settings(
        cuts=tuple(sorted(season.cuts)),
        identity=asks_on_identity(season),
        quiet_guard=season.quiet_guard,
        seed=season.seed or season.slug,
        min_shared_slots=season.min_shared_slots,
        allow_same_unit=season.allow_same_unit,
        rank_gap=None
        if gap == (None, None)
        else (-UNBOUNDED if gap[0] is None else gap[0], UNBOUNDED if gap[1] is None else gap[1]),
    )


def _opted_in(given: Mapping[str, Any], *, shown: bool = False) -> dict[str, tuple[tuple[str, ...], int]]:
    """Per dimension with a wish and something to match on: the values and the wish, 1 or 2; the rest is dropped.

    With `shown`, only where the person also said that it may be shown to a partner who asked the same.
    """
    masked = {}
    for dimension in ("ethnicity", "gender"):
        answer = given.get(dimension) or {}
        values = tuple(sorted(set(answer.get("values") or ()) - {SAYS_NOTHING}))
        wish = answer.get("match") or 0
        if wish >= 1 and values and (answer.get("show") or not shown):
            masked[dimension] = (values, min(wish, 2))
    return masked


def _held(season: Season) -> list[Held]:
    rows = (
        Membership.objects.filter(season=season, kind="pair", active=True, partnership__state__in=HELD)
        .exclude(application=None)
        .select_related("partnership")
        .order_by("partnership_id")
    )
    sides: dict[UUID, dict[str, Membership]] = defaultdict(dict)
    for row in rows:
        sides[row.partnership_id][row.role] = row
    return [
        Held(two["mentee"].application_id, two["mentor"].application_id, two["mentee"].partnership)  # type: ignore[arg-type]
        for two in sides.values()
        if {"mentee", "mentor"} <= set(two)
    ]


def chains_above(people: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """Everybody above each of these people, all the way up; UNION drops what was seen, so a circle ends."""
    statement = """
        WITH RECURSIVE chain(person, boss) AS (
            SELECT user_id, supervisor_id FROM people_profile
            WHERE user_id = ANY(%s) AND supervisor_id IS NOT NULL
            UNION
            SELECT chain.person, above.supervisor_id FROM chain
            JOIN people_profile AS above ON above.user_id = chain.boss
            WHERE above.supervisor_id IS NOT NULL
        )
        SELECT person, boss FROM chain WHERE boss <> person AND boss = ANY(%s) ORDER BY person, boss
    """
    keys = list(people)
    chains: dict[UUID, list[UUID]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(statement, [keys, keys])
        for person, boss in cursor.fetchall():
            chains[person].append(boss)
    return chains


@dataclass(frozen=True)
class _Previous:
    """What the last run left: the pairs that nobody rejected, the held ones of them, and who is held with nobody."""

    pairs: tuple[IdPair, ...]
    locked: frozenset[IdPair]
    left_out: frozenset[str]


def _previous(season: Season, anew: Collection[str]) -> _Previous:
    run = MatchRun.objects.done().filter(season=season).order_by("-number").values("pk")[:1]
    rows = Proposal.objects.filter(run__in=run, state__in=["proposed", "locked"])
    found = [
        (str(mentee), str(mentor) if mentor else None, state == Proposal.State.LOCKED and str(mentee) not in anew)
        for mentee, mentor, state in rows.values_list("mentee", "mentor", "state")
    ]
    return _Previous(
        pairs=tuple(sorted((mentee, mentor) for mentee, mentor, _held in found if mentor)),
        locked=frozenset((mentee, mentor) for mentee, mentor, held in found if mentor and held),
        left_out=frozenset(mentee for mentee, mentor, held in found if not mentor and held),
    )


def _pins(season: Season, problem: Problem, locked: frozenset[IdPair]) -> tuple[list[Pin], list[UUID]]:
    """The pins that can be kept, a coordinator's before held pairs, and the keys of those that can't any more."""
    mentees = {person.id for person in problem.mentees}
    places = {person.id: person.capacity for person in problem.mentors}
    pins: dict[str, Pin] = {}
    lapsed = []

    def can_be(mentee: str, mentor: str, waived: Iterable[str]) -> bool:
        if mentee not in mentees or not places.get(mentor) or mentee in pins:
            return False
        return set(blocked(problem, mentee, mentor)) <= set(waived)

    for row in PinRow.objects.filter(season=season).order_by("at", "pk"):
        mentee, mentor = str(row.mentee_id), str(row.mentor_id)
        if can_be(mentee, mentor, row.waived):
            pins[mentee] = Pin(mentee, mentor, tuple(row.waived))
            places[mentor] -= 1
        elif mentee in mentees:
            lapsed.append(row.pk)
    for mentee, mentor in sorted(locked):
        if can_be(mentee, mentor, ()):
            pins[mentee] = Pin(mentee, mentor)
            places[mentor] -= 1
    return list(pins.values()), lapsed
