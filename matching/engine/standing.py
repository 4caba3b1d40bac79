"""A matching as it stands, and what a change to it would do: moves, and their exact effect on the season.

A coordinator changes one pair; who is displaced has to go somewhere. `Standing` finds where: with as many mentees
matched as possible, as few pairs changed as possible, and then with the best fit, each exactly, as everywhere in the
engine. It is a problem of its own in which the pairs that stand are those to keep, and in which nobody's identity
exists: whatever it says follows from the pairs and from what coordinators may read, so nothing that it says can be
used to tell who asked to be matched on what.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from matching.engine.assembly import Run, with_pins
from matching.engine.grid import open_season
from matching.engine.ground import Ground
from matching.engine.problem import IdPair, Pin, Problem
from matching.engine.residual import Chains, Residual
from matching.engine.rules import told
from matching.engine.solver import best_run
from matching.engine.tables import NOBODY
from matching.engine.views import Listed

LOOKED_AT = 64
"""So many alternatives are looked at, those first for whom the fewest others move, to tell the best of."""


class NotPossible(Exception):
    """A pair that can't be made; `codes` are the rules in the way, as coordinators may read them.

    Without codes it is no rule: one of the two isn't in the season, or has pins that leave no place.
    """

    def __init__(self, codes: Iterable[str] = ()) -> None:
        self.codes = tuple(codes)
        super().__init__(", ".join(self.codes))


@dataclass(frozen=True, slots=True)
class Move:
    """A mentee who goes from one mentor to another; None is nobody. Fits are goal fits, 0..100."""

    mentee: str
    before: str | None
    after: str | None
    fit_before: int | None
    fit_after: int | None


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does: who moves, whoever it was asked for first, then one displaced by the other.

    The rest are differences over the season: `matched` mentees with a mentor, `priority` those of them who were left
    without one before, `below` pairs under each cut, `fit` the sum of goal fits, `favourites` mentees with a mentor
    whom they named.
    """

    moves: tuple[Move, ...]
    matched: int
    priority: int
    below: Mapping[str, int]
    fit: int
    favourites: int

    @property
    def cost(self) -> tuple[int, ...]:
        """What it costs the season, the gravest first: the order in which alternatives are offered."""
        return (-self.matched, -self.priority, *self.below.values(), -self.fit, len(self.moves))


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another mentor for a mentee, their goal fit, and what it would do to the season."""

    mentor: str
    fit: int
    effect: Effect


class Standing:
    """The pairs of a season as they stand. `problem` has no identity and keeps exactly `pairs`; pins hold.

    Questions are answered along one path from the proofs of the pairs that stand. Where they aren't the best that
    can be made with least change, because somebody left or joined, the season is solved anew for each.
    """

    def __init__(self, problem: Problem, pairs: Iterable[IdPair]) -> None:
        """The season of `problem` with these pairs, (mentee, mentor); whoever isn't in the season is left out.

        A pair that a rule has come to forbid stands until a change moves it.
        """
        known = {mentee.id for mentee in problem.mentees}, {mentor.id for mentor in problem.mentors}
        self.pairs = {mentee: mentor for mentee, mentor in pairs if mentee in known[0] and mentor in known[1]}
        settings = replace(problem.settings, identity=False)
        self.problem = replace(problem, settings=settings, keep=tuple(self.pairs.items()))
        self.season = open_season(self.problem)

    def repaired(self) -> Effect:
        """The best that can be made of it with least change: nothing, unless somebody left or joined."""
        best = with_pins(self.season, self._run.assignment)
        return self._compare(self._named(enumerate(best.tolist())), ())

    def instead(self, mentee: str, mentor: str) -> Effect:
        """Give this mentee that mentor. Raises NotPossible."""
        self._check(mentee, mentor)
        chains = self._chains(mentee)
        if chains is None:
            return self._anew(self._pinned((mentee, mentor)), mentee)
        column = self.season.column[mentor]
        if chains.reach(column) is None:
            raise NotPossible
        return self._along(chains, column)

    def swap(self, one: str, other: str) -> Effect:
        """Give two mentees each other's mentor; nobody else moves. Raises NotPossible, also where one has none."""
        if one not in self.pairs or other not in self.pairs:
            raise NotPossible
        swapped = {one: self.pairs[other], other: self.pairs[one]}
        for pair in swapped.items():
            self._check(*pair)
        return self._compare(self.pairs | swapped, (one, other))

    def apart(self, mentee: str, mentor: str) -> Effect:
        """Never pair these two this season. Raises NotPossible for a pin."""
        if any((pin.mentee, pin.mentor) == (mentee, mentor) for pin in self.problem.pins):
            raise NotPossible
        chains = self._chains(mentee)
        if chains is None:
            return self._anew(replace(self.problem, forbid=(*self.problem.forbid, (mentee, mentor))), mentee)
        if self.pairs.get(mentee) != mentor:
            return self._compare(self.pairs, ())
        going = chains.residual.going(chains.mentee)
        return self._along(chains, chains.best(going, but=chains.end)[0])

    def unmatched(self, mentee: str) -> Effect:
        """Leave this mentee without a mentor; the place is free for somebody else."""
        chains = self._chains(mentee)
        if chains is None:
            others = tuple(person for person in self.problem.mentees if person.id != mentee)
            pins = tuple(pin for pin in self.problem.pins if pin.mentee != mentee)
            return self._anew(replace(self.problem, mentees=others, pins=pins), mentee)
        chains.reach(chains.residual.outside)
        return self._along(chains, chains.residual.outside)

    def alternatives(self, mentee: str, *, most: int = 8) -> tuple[Alternative, ...]:
        """Other mentors for this mentee, by what each would cost the season, at most so many.

        They are the best of those for whom the fewest others must move.
        """
        if mentee not in self.season.row:
            return ()
        chains = self._chains(mentee)
        if chains is None:
            return self._alternatives_anew(mentee, most)
        going = chains.residual.going(chains.mentee)
        columns = [
            column
            for column in chains.best(going, but=chains.end, most=max(most, LOOKED_AT))
            if column != chains.residual.outside
        ]
        rows = np.full(len(columns), chains.mentee)
        fits = Listed(self.season, rows, np.array(columns, dtype=np.int64)).fit.tolist()
        return _ranked(
            [
                Alternative(self.season.mentors[column].id, fit, self._along(chains, column))
                for column, fit in zip(columns, fits, strict=True)
            ],
            most,
        )

    @cached_property
    def _run(self) -> Run:
        return best_run(self.season)

    @cached_property
    def _residual(self) -> Residual | None:
        """What questions are asked of, if the pairs that stand are the best that can be made with least change."""
        run = self._run
        if self._named(enumerate(with_pins(self.season, run.assignment).tolist())) != self.pairs:
            return None
        return Residual(Ground(self.season), run.assignment, run.proofs)

    def _chains(self, mentee: str) -> Chains | None:
        """The chains to this mentee's place; None where the season must be solved anew. Raises NotPossible."""
        if mentee not in self.season.row:
            raise NotPossible
        row = self.season.row[mentee]
        if self._residual is None or self.season.pinned[row] != NOBODY:
            return None
        return self._residual.chains(row)

    def _along(self, chains: Chains, column: int) -> Effect:
        """The effect of the mentee going there, and of the chain that makes room."""
        outside = chains.residual.outside
        steps = [(chains.mentee, NOBODY if column == outside else column), *chains.steps(column)]
        moving = {self.season.mentees[row].id for row, _column in steps}
        after = {mentee: mentor for mentee, mentor in self.pairs.items() if mentee not in moving}
        return self._compare(after | self._named(steps), (self.season.mentees[chains.mentee].id,))

    def _named(self, steps: Iterable[tuple[int, int]]) -> dict[str, str]:
        """Rows and columns as ids, without who goes to nobody."""
        mentees, mentors = self.season.mentees, self.season.mentors
        return {mentees[row].id: mentors[column].id for row, column in steps if column != NOBODY}

    def _alternatives_anew(self, mentee: str, most: int) -> tuple[Alternative, ...]:
        own = next(self.season.blocks_of(np.array([self.season.row[mentee]])))
        found = []
        for column in np.nonzero(own.allowed[0])[0].tolist():
            mentor = self.season.mentors[column].id
            if self.pairs.get(mentee) != mentor:
                with suppress(NotPossible):
                    found.append(Alternative(mentor, int(own.fit[0, column]), self.instead(mentee, mentor)))
        return _ranked(found, most)

    def _check(self, mentee: str, mentor: str) -> None:
        """Raise NotPossible unless these two may be paired and a place can be made for them."""
        season = self.season
        if mentee not in season.row or mentor not in season.column:
            raise NotPossible
        pair = Listed(season, np.array([season.row[mentee]]), np.array([season.column[mentor]]))
        codes = [code for code, mask in pair.blocks.items() if mask[0]]
        if codes:
            raise NotPossible(told(codes))
        taken = sum(1 for pin in self.problem.pins if pin.mentor == mentor and pin.mentee != mentee)
        if taken >= season.mentors[season.column[mentor]].capacity:
            raise NotPossible

    def _pinned(self, *pairs: IdPair) -> Problem:
        mentees = {mentee for mentee, _mentor in pairs}
        pins = [pin for pin in self.problem.pins if pin.mentee not in mentees]
        return replace(self.problem, pins=(*pins, *(Pin(mentee, mentor) for mentee, mentor in pairs)))

    def _anew(self, changed: Problem, first: str) -> Effect:
        """The effect of solving the changed season."""
        season = open_season(changed)
        best = with_pins(season, best_run(season).assignment)
        after = {
            season.mentees[row].id: season.mentors[column].id
            for row, column in enumerate(best.tolist())
            if column != NOBODY
        }
        return self._compare(after, (first,))

    def _compare(self, after: Mapping[str, str], first: tuple[str, ...]) -> Effect:
        moved = [mentee for mentee in sorted({*self.pairs, *after}) if self.pairs.get(mentee) != after.get(mentee)]
        moves = tuple(self._move(mentee, after) for mentee in self._story(moved, after, first))
        cuts = self.problem.settings.cuts
        people = {mentee.id: mentee for mentee in self.problem.mentees}
        return Effect(
            moves=moves,
            matched=sum((move.after is not None) - (move.before is not None) for move in moves),
            priority=sum(
                (move.after is not None) - (move.before is not None) for move in moves if people[move.mentee].priority
            ),
            below={
                str(cut): sum(_under(move.fit_after, cut) - _under(move.fit_before, cut) for move in moves)
                for cut in cuts
            },
            fit=sum((move.fit_after or 0) - (move.fit_before or 0) for move in moves),
            favourites=sum(
                (move.after in people[move.mentee].favourites) - (move.before in people[move.mentee].favourites)
                for move in moves
            ),
        )

    def _story(self, moved: list[str], after: Mapping[str, str], first: tuple[str, ...]) -> list[str]:
        """The mentees who move: those it was asked for, each followed by whom they displace."""
        left = dict.fromkeys(moved)
        told_of: list[str] = []
        for start in (*first, *moved):
            mentee: str | None = start
            while mentee is not None and mentee in left:
                del left[mentee]
                told_of.append(mentee)
                goes_to = after.get(mentee)
                mentee = next((one for one in left if goes_to is not None and self.pairs.get(one) == goes_to), None)
        return told_of

    def _move(self, mentee: str, after: Mapping[str, str]) -> Move:
        before, now = self.pairs.get(mentee), after.get(mentee)
        return Move(mentee, before, now, self._fit(mentee, before), self._fit(mentee, now))

    def _fit(self, mentee: str, mentor: str | None) -> int | None:
        if mentor is None:
            return None
        pair = np.array([self.season.row[mentee]]), np.array([self.season.column[mentor]])
        return int(Listed(self.season, *pair).fit[0])


def _under(fit: int | None, cut: int) -> bool:
    return fit is not None and fit < cut


def _ranked(found: list[Alternative], most: int) -> tuple[Alternative, ...]:
    return tuple(sorted(found, key=lambda choice: (choice.effect.cost, -choice.fit, choice.mentor))[:most])
