"""A season's pairs as they stand now, as far as one coordinator may decide on them: what a change starts from.

Whoever a coordinator doesn't decide on isn't in it: not they, not whoever they are suggested to, not the place that
they take. So no change that is worked out here can move them, and nothing that it costs can tell of them.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from uuid import UUID

from matching import reasons, snapshot
from matching.engine import Mentee, Mentor, Pin, Problem, Standing, told
from matching.engine.grid import Grid
from matching.engine.reasons import count_removed, why_paired
from matching.models import MatchRun, Proposal
from mentorship.applications.models import Application

AT_A_TIME = 100


@dataclass(frozen=True)
class Candidate:
    """Somebody for one person: the key, their goal fit, and the rules in the way as coordinators may read them."""

    key: str
    fit: int
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Present:
    """The pairs of `run` as they stand, with the people and rules of today.

    `standing` is the engine's. `near` counts the mentors who are left out of it because they are near the
    coordinator; `full` are those who have no place for anybody else than people who are: nobody is told of them.
    `rotating` are the applications whose schedule rotates.
    """

    run: MatchRun
    standing: Standing
    rotating: frozenset[str]
    near: int
    full: frozenset[str]

    @property
    def hidden(self) -> int:
        """How many mentors aren't shown."""
        return self.near + len(self.full)

    @property
    def problem(self) -> Problem:
        return self.standing.problem

    @cached_property
    def mentees(self) -> dict[str, Mentee]:
        return {person.id: person for person in self.problem.mentees}

    @cached_property
    def mentors(self) -> dict[str, Mentor]:
        return {person.id: person for person in self.problem.mentors}

    @cached_property
    def forbidden(self) -> frozenset[UUID]:
        """The mentees whose pair a rule has come to forbid, and wasn't set aside for it."""
        waived = {(pin.mentee, pin.mentor): set(pin.waived) for pin in self.problem.pins}
        return frozenset(
            UUID(mentee)
            for grid, pairs in self._pairs()
            for mentee, mentor in pairs
            if _codes(grid, grid.row[mentee], grid.column[mentor]) - waived.get((mentee, mentor), set())
        )

    @cached_property
    def fits(self) -> dict[str, int]:
        """The goal fit of each mentee with whom they have."""
        return {
            mentee: int(grid.fit[grid.row[mentee], grid.column[mentor]])
            for grid, pairs in self._pairs()
            for mentee, mentor in pairs
        }

    def candidates(self, mentee: str) -> list[Candidate]:
        """The mentors who are shown, possible ones first, by goal fit; nobody for a mentee who isn't in it."""
        if mentee not in self.mentees:
            return []
        grid = self._grid([mentee], None)
        found = [
            Candidate(mentor.id, int(grid.fit[0, place]), _told(grid, 0, place))
            for place, mentor in enumerate(grid.mentors)
            if mentor.id not in self.full
        ]
        return sorted(found, key=lambda each: (bool(each.rules), -each.fit, each.key))

    def takers(self, mentor: str) -> list[Candidate]:
        """Every mentee for this mentor, under their key, with the rules in the way."""
        grid = self._grid(self.mentees, [mentor])
        return [
            Candidate(mentee.id, int(grid.fit[place, 0]), _told(grid, place, 0))
            for place, mentee in enumerate(grid.mentees)
        ]

    def why(self, mentee: str, mentor: str) -> dict[str, Any]:
        """Why these two, as data that coordinators may read."""
        pin = next((pin for pin in self.problem.pins if (pin.mentee, pin.mentor) == (mentee, mentor)), None)
        grid = self._grid([mentee], [mentor])
        return reasons.paired(why_paired(grid, 0, 0, pin), rotates=bool({mentee, mentor} & self.rotating))

    def removed(self, mentee: str) -> dict[str, int]:
        """How many mentors each rule takes away from this mentee."""
        return count_removed(self._grid([mentee], None), slice(None))

    def _pairs(self) -> Iterator[tuple[Grid, list[tuple[str, str]]]]:
        """The pairs as they stand, some at a time, with a table of just these people."""
        pairs = sorted(self.standing.pairs.items())
        for start in range(0, len(pairs), AT_A_TIME):
            some = pairs[start : start + AT_A_TIME]
            yield self._grid([mentee for mentee, _mentor in some], [mentor for _mentee, mentor in some]), some

    def _grid(self, mentees: Iterable[str], mentors: Iterable[str] | None) -> Grid:
        """The table of these people alone, without pins and kept pairs."""
        chosen = self.mentors.values() if mentors is None else [self.mentors[key] for key in dict.fromkeys(mentors)]
        people = tuple(self.mentees[key] for key in mentees)
        return Grid(replace(self.problem, mentees=people, mentors=tuple(chosen), pins=(), keep=()))


def take_present(run: MatchRun, user: Any, *, anew: Collection[str] = ()) -> Present:
    """Read how the season of `run`, its last, stands for this coordinator, in a constant number of queries.

    A pair that was rejected isn't made again here: that is for a further run. `anew` is as in `snapshot.take`.
    """
    shot = snapshot.take(run.season, anew=anew)
    theirs = {
        str(key)
        for key in Application.objects.screenable_by(user).filter(season=run.season_id).values_list("pk", flat=True)
    }
    rows = [
        (str(mentee), str(mentor) if mentor else "", state)
        for mentee, mentor, state in Proposal.objects.filter(run=run)
        .order_by()
        .values_list("mentee", "mentor", "state")
    ]
    others = {mentee for mentee, mentor, _state in rows if mentor and mentor not in theirs}
    others |= {str(pair.mentee) for pair in shot.held if str(pair.mentor) not in theirs}
    # Whatever became of a line that concerns them, it takes the place that it names: nothing here tells of it.
    taken = Counter(
        mentor for mentee, mentor, _state in rows if mentor and (mentee in others or mentee not in theirs)
    )
    for pair in shot.held:
        if str(pair.mentee) in others or str(pair.mentee) not in theirs:
            taken[str(pair.mentor)] -= 1
    rejected = tuple((mentee, mentor) for mentee, mentor, state in rows if mentor and state == "rejected")
    # But whom they have they keep, where another coordinator gave them somebody in the place of such a line.
    load = Counter(mentor for mentee, mentor in shot.problem.keep if mentee in theirs and mentee not in others)
    mentors = tuple(
        replace(mentor, capacity=max(mentor.capacity - taken[mentor.id], min(mentor.capacity, load[mentor.id])))
        for mentor in shot.problem.mentors
        if mentor.id in theirs
    )
    # Problem drops pairs of people who aren't in it, pins excepted.
    mentees = tuple(each for each in shot.problem.mentees if each.id in theirs and each.id not in others)
    problem = replace(
        shot.problem,
        mentors=mentors,
        mentees=mentees,
        pins=_pins(shot.problem.pins, mentees, mentors),
        forbid=(*shot.problem.forbid, *rejected),
    )
    full = frozenset(mentor.id for mentor in mentors if not mentor.capacity and taken[mentor.id] > 0)
    return Present(
        run=run,
        standing=Standing.of(problem, shot.problem.keep),
        rotating=shot.rotating,
        near=len(shot.problem.mentors) - len(mentors),
        full=full,
    )


def _pins(pins: Iterable[Pin], mentees: Iterable[Mentee], mentors: Iterable[Mentor]) -> tuple[Pin, ...]:
    """The pins of these people, as far as there are places."""
    known, places = {person.id for person in mentees}, {person.id: person.capacity for person in mentors}
    kept = []
    for pin in pins:
        if pin.mentee in known and places.get(pin.mentor, 0) > 0:
            places[pin.mentor] -= 1
            kept.append(pin)
    return tuple(kept)


def _told(grid: Grid, row: int, column: int) -> tuple[str, ...]:
    return told(_codes(grid, row, column))


def _codes(grid: Grid, row: int, column: int) -> set[str]:
    return {code for code, mask in grid.blocks.items() if mask[row, column]}
