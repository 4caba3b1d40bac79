"""The hard rules: who can never be paired, each as a named value that a person can read aloud.

A rule never scores. Where it holds, the pair does not exist; the first rule in this order that blocks a pair
is the one it is counted under, so what is private comes last and is told only where nothing else blocks.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from matching.engine.tables import Mask

if TYPE_CHECKING:
    from matching.engine.grid import Grid

OTHER = "other"
"""How a rule that is private is told: that no pairing was possible, never why."""


@dataclass(frozen=True)
class Rule:
    """A rule: its reason code, the rule in words, the pairs it blocks (mentees × mentors), and how it is handled.

    `waivable`: a coordinator may expressly set it aside for a pin. `private`: it is told as "other".
    """

    code: str
    sentence: str
    blocks: Callable[["Grid"], Mask]
    waivable: bool = True
    private: bool = False

    @property
    def told(self) -> str:
        """The code under which coordinators see this rule."""
        return OTHER if self.private else self.code


def no_places(grid: "Grid") -> Mask:
    """Mentors who take nobody."""
    return np.broadcast_to(grid.places == 0, grid.shape)


def exclusion(grid: "Grid") -> Mask:
    """Pairs that the coordinator forbade."""
    return grid.pairs_mask(grid.problem.forbid)


def past_pairing(grid: "Grid") -> Mask:
    """Pairs of an earlier season, where the season does not allow them again."""
    return grid.pairs_mask(grid.problem.past)


def supervisor_chain(grid: "Grid") -> Mask:
    """One of the two is in the chain above the other."""
    return grid.named_mask("managers")


def same_unit(grid: "Grid") -> Mask:
    """Both in one work unit; who has none shares none."""
    if grid.problem.settings.allow_same_unit:
        return grid.nobody
    units: dict[str, int] = {}
    mentees = np.array([units.setdefault(person.unit, len(units)) for person in grid.mentees], dtype=np.int64)
    mentors = np.array([units.setdefault(person.unit, len(units)) for person in grid.mentors], dtype=np.int64)
    same: Mask = (mentees[:, None] == mentors[None, :]) & (mentors != units.get("", -1))
    return same


def rank_gap(grid: "Grid") -> Mask:
    """The mentor's rank minus the mentee's is out of bounds; who has no rank is not bound."""
    if grid.problem.settings.rank_gap is None:
        return grid.nobody
    least, most = grid.problem.settings.rank_gap
    mentees = np.array([person.rank or 0 for person in grid.mentees], dtype=np.int64)
    mentors = np.array([person.rank or 0 for person in grid.mentors], dtype=np.int64)
    ranked_mentees = np.array([person.rank is not None for person in grid.mentees], dtype=bool)
    ranked_mentors = np.array([person.rank is not None for person in grid.mentors], dtype=bool)
    gap = mentors[None, :] - mentees[:, None]
    outside: Mask = ((gap < least) | (gap > most)) & ranked_mentees[:, None] & ranked_mentors
    return outside


def no_shared_language(grid: "Grid") -> Mask:
    """Both name languages and none is the same."""
    return grid.fewer_shared("languages", 1)


def no_shared_mode(grid: "Grid") -> Mask:
    """Both name meeting modes and none is the same."""
    return grid.fewer_shared("modes", 1)


def min_shared_slots(grid: "Grid") -> Mask:
    """Both name times and too few are the same."""
    return grid.fewer_shared("slots", grid.problem.settings.min_shared_slots)


def avoidance(grid: "Grid") -> Mask:
    """One of the two asked not to be paired with the other."""
    return grid.named_mask("avoid")


def same_person(grid: "Grid") -> Mask:
    """Somebody who applied in both roles, with themselves."""
    return grid.pairs_mask((mentee.id, mentee.id) for mentee in grid.mentees if mentee.id in grid.column)


RULES = (
    Rule("no_places", "The mentor takes nobody this season.", no_places, waivable=False),
    Rule("exclusion", "A coordinator said not to pair them this season.", exclusion),
    Rule("past_pairing", "They were a pair before.", past_pairing),
    Rule("supervisor_chain", "One of them supervises the other, directly or further up.", supervisor_chain),
    Rule("same_unit", "They work in the same unit.", same_unit),
    Rule("rank_gap", "Their job ranks are too far apart, or too close.", rank_gap),
    Rule("no_shared_language", "They have no language in common.", no_shared_language),
    Rule("no_shared_mode", "They have no way of meeting in common.", no_shared_mode),
    Rule("min_shared_slots", "They have too few times in common.", min_shared_slots),
    Rule("same_person", "They are the same person.", same_person, waivable=False, private=True),
    Rule("avoidance", "One of them asked not to be paired with the other.", avoidance, waivable=False, private=True),
)
CODES = {rule.code: rule for rule in RULES}


def told(codes: Iterable[str]) -> tuple[str, ...]:
    """Rule codes as coordinators may see them: each once, in the order of the rules, private ones as "other"."""
    wanted = set(codes)
    return tuple(dict.fromkeys(rule.told for rule in RULES if rule.code in wanted))
