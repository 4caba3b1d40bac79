"""The hard rules: who can never be paired, each as a named value that a person can read aloud.

A rule never scores. Where it holds, the pair does not exist; the first rule in this order that blocks a pair
is the one it is counted under, so what is private comes last and is told only where nothing else blocks.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from matching.engine.sides import Sides
from matching.engine.tables import Mask

OTHER = "other"
"""How a rule that is private is told: that no pairing was possible, never why."""


@dataclass(frozen=True)
class Rule:
    """A rule: its reason code, the rule in words, the pairs it blocks (mentees × mentors), and how it is handled.

    `waivable`: a coordinator may expressly set it aside for a pin. `private`: it is told as "other".
    """

    code: str
    sentence: str
    blocks: Callable[[Sides], Mask]
    waivable: bool = True
    private: bool = False

    @property
    def told(self) -> str:
        """The code under which coordinators see this rule."""
        return OTHER if self.private else self.code


def no_places(sides: Sides) -> Mask:
    """Mentors who take nobody."""
    return np.broadcast_to(sides.places == 0, sides.shape)


def exclusion(sides: Sides) -> Mask:
    """Pairs that the coordinator forbade."""
    return sides.pairs_mask(sides.problem.forbid)


def past_pairing(sides: Sides) -> Mask:
    """Pairs of an earlier season, where the season does not allow them again."""
    return sides.pairs_mask(sides.problem.past)


def supervisor_chain(sides: Sides) -> Mask:
    """One of the two is in the chain above the other."""
    return sides.named_mask("managers")


def same_unit(sides: Sides) -> Mask:
    """Both in one work unit; who has none shares none."""
    if sides.problem.settings.allow_same_unit:
        return sides.nobody
    units: dict[str, int] = {}
    mentees = np.array([units.setdefault(person.unit, len(units)) for person in sides.mentees], dtype=np.int64)
    mentors = np.array([units.setdefault(person.unit, len(units)) for person in sides.mentors], dtype=np.int64)
    same: Mask = (mentees[:, None] == mentors[None, :]) & (mentors != units.get("", -1))
    return same


def rank_gap(sides: Sides) -> Mask:
    """The mentor's rank minus the mentee's is out of bounds; who has no rank is not bound."""
    if sides.problem.settings.rank_gap is None:
        return sides.nobody
    least, most = sides.problem.settings.rank_gap
    mentees = np.array([person.rank or 0 for person in sides.mentees], dtype=np.int64)
    mentors = np.array([person.rank or 0 for person in sides.mentors], dtype=np.int64)
    ranked_mentees = np.array([person.rank is not None for person in sides.mentees], dtype=bool)
    ranked_mentors = np.array([person.rank is not None for person in sides.mentors], dtype=bool)
    gap = mentors[None, :] - mentees[:, None]
    outside: Mask = ((gap < least) | (gap > most)) & ranked_mentees[:, None] & ranked_mentors
    return outside


def no_shared_language(sides: Sides) -> Mask:
    """Both name languages and none is the same."""
    return sides.fewer_shared("languages", 1)


def no_shared_mode(sides: Sides) -> Mask:
    """Both name meeting modes and none is the same."""
    return sides.fewer_shared("modes", 1)


def min_shared_slots(sides: Sides) -> Mask:
    """Both name times and too few are the same."""
    return sides.fewer_shared("slots", sides.problem.settings.min_shared_slots)


def avoidance(sides: Sides) -> Mask:
    """One of the two asked not to be paired with the other."""
    return sides.named_mask("avoid")


def same_person(sides: Sides) -> Mask:
    """Somebody who applied in both roles, with themselves."""
    return sides.pairs_mask((mentee.id, mentee.id) for mentee in sides.mentees if mentee.id in sides.column)


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
