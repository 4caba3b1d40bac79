"""A matching as it stands, and what a change to it would do: moves, and their exact effect on the season.

A coordinator changes one pair; who is displaced has to go somewhere. `Standing` finds where: with as many mentees
matched as possible, as few pairs changed as possible, and then with the best fit, each exactly, as everywhere in the
engine. It is a problem of its own in which the pairs that stand are those to keep, and in which nobody's identity
exists: whatever it says follows from the pairs and from what coordinators may read, so nothing that it says can be
used to tell who asked to be matched on what.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from matching.engine.grid import Grid
from matching.engine.problem import IdPair, Pin, Problem
from matching.engine.rules import told
from matching.engine.solver import solve


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


@dataclass(frozen=True)
class Standing:
    """The pairs of a season as they stand. `problem` has no identity and keeps exactly `pairs`; pins are held fast."""

    problem: Problem
    pairs: Mapping[str, str]
    _grid: Grid = field(repr=False, compare=False)

    @classmethod
    def of(cls, problem: Problem, pairs: Iterable[IdPair]) -> Self:
        """The season of `problem` with these pairs, (mentee, mentor); pairs of people who aren't in it are left out.

        A pair that a rule has come to forbid stands until a change moves it.
        """
        known = {mentee.id for mentee in problem.mentees}, {mentor.id for mentor in problem.mentors}
        made = {mentee: mentor for mentee, mentor in pairs if mentee in known[0] and mentor in known[1]}
        blind = replace(problem, settings=replace(problem.settings, identity=False), keep=tuple(made.items()))
        return cls(blind, made, Grid(blind))

    def repaired(self) -> Effect:
        """The best that can be made of it with least change: nothing, unless somebody withdrew, joined or declined."""
        return self._effect(self.problem)

    def instead(self, mentee: str, mentor: str) -> Effect:
        """Give this mentee that mentor. Raises NotPossible."""
        self._check(mentee, mentor)
        return self._effect(self._pinned((mentee, mentor)), first=(mentee,))

    def swap(self, one: str, other: str) -> Effect:
        """Give two mentees each other's mentor. Raises NotPossible, also where one of them has none."""
        if one not in self.pairs or other not in self.pairs:
            raise NotPossible
        pairs = (one, self.pairs[other]), (other, self.pairs[one])
        for pair in pairs:
            self._check(*pair)
        return self._effect(self._pinned(*pairs), first=(one, other))

    def apart(self, mentee: str, mentor: str) -> Effect:
        """Never pair these two this season. Raises NotPossible for a pin."""
        if any((pin.mentee, pin.mentor) == (mentee, mentor) for pin in self.problem.pins):
            raise NotPossible
        return self._effect(replace(self.problem, forbid=(*self.problem.forbid, (mentee, mentor))), first=(mentee,))

    def unmatched(self, mentee: str) -> Effect:
        """Leave this mentee without a mentor; the place is free for somebody else."""
        others = tuple(person for person in self.problem.mentees if person.id != mentee)
        pins = tuple(pin for pin in self.problem.pins if pin.mentee != mentee)
        return self._effect(replace(self.problem, mentees=others, pins=pins), first=(mentee,))

    def alternatives(self, mentee: str, *, most: int = 8) -> tuple[Alternative, ...]:
        """The other mentors possible for this mentee, by what each would cost the season, at most so many."""
        row = self._grid.row.get(mentee)
        if row is None:
            return ()
        found = []
        for column, mentor in enumerate(self._grid.mentors):
            if not self._grid.allowed[row, column] or self.pairs.get(mentee) == mentor.id:
                continue
            try:
                effect = self.instead(mentee, mentor.id)
            except NotPossible:
                continue
            found.append(Alternative(mentor.id, int(self._grid.fit[row, column]), effect))
        found.sort(key=lambda choice: (choice.effect.cost, -choice.fit, choice.mentor))
        return tuple(found[:most])

    def _check(self, mentee: str, mentor: str) -> None:
        """Raise NotPossible unless these two may be paired and a place can be made for them."""
        if mentee not in self._grid.row or mentor not in self._grid.column:
            raise NotPossible
        row, column = self._grid.row[mentee], self._grid.column[mentor]
        codes = [code for code, mask in self._grid.blocks.items() if mask[row, column]]
        if codes:
            raise NotPossible(told(codes))
        taken = sum(1 for pin in self.problem.pins if pin.mentor == mentor and pin.mentee != mentee)
        if taken >= self._grid.mentors[column].capacity:
            raise NotPossible

    def _pinned(self, *pairs: IdPair) -> Problem:
        mentees = {mentee for mentee, _mentor in pairs}
        pins = [pin for pin in self.problem.pins if pin.mentee not in mentees]
        return replace(self.problem, pins=(*pins, *(Pin(mentee, mentor) for mentee, mentor in pairs)))

    def _effect(self, changed: Problem, first: tuple[str, ...] = ()) -> Effect:
        after = {pair.mentee: pair.mentor for pair in solve(changed).pairs}
        return self._compare(after, first)

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
        return int(self._grid.fit[self._grid.row[mentee], self._grid.column[mentor]])


def _under(fit: int | None, cut: int) -> bool:
    return fit is not None and fit < cut
