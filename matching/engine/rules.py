"""The hard rules: who can never be paired, each as a named value that a person can read aloud.

A rule never scores. Where it holds, the pair does not exist; the first rule in this order that blocks a pair
is the one it is counted under, so what is private comes last and is told only where nothing else blocks.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from matching.engine.pairs import Pairs
from matching.engine.tables import Mask

OTHER = "other"
"""How a rule that is private is told: that no pairing was possible, never why."""


@dataclass(frozen=True)
class Rule:
    """A rule: its reason code, the rule in words, the pairs it blocks among those looked at, and how it is handled.

    `waivable`: a coordinator may expressly set it aside for a pin. `private`: it is told as "other".
    """

    code: str
    sentence: str
    blocks: Callable[[Pairs], Mask]
    waivable: bool = True
    private: bool = False

    @property
    def told(self) -> str:
        """The code under which coordinators see this rule."""
        return OTHER if self.private else self.code


def no_places(pairs: Pairs) -> Mask:
    """Mentors who take nobody."""
    return np.broadcast_to(pairs.of_mentors(pairs.sides.places) == 0, pairs.shape)


def exclusion(pairs: Pairs) -> Mask:
    """Pairs that the coordinator forbade."""
    return pairs.marked(pairs.sides.forbidden_pairs)


def past_pairing(pairs: Pairs) -> Mask:
    """Pairs of an earlier season, where the season does not allow them again."""
    return pairs.marked(pairs.sides.past_pairs)


def supervisor_chain(pairs: Pairs) -> Mask:
    """One of the two is in the chain above the other."""
    return pairs.marked(pairs.sides.chained_pairs)


def same_unit(pairs: Pairs) -> Mask:
    """Both in one work unit; who has none shares none."""
    if pairs.sides.problem.settings.allow_same_unit:
        return pairs.nobody
    of_mentees, of_mentors = pairs.sides.units
    mentors = pairs.of_mentors(of_mentors)
    same: Mask = (pairs.of_mentees(of_mentees) == mentors) & (mentors != 0)
    return same


def rank_gap(pairs: Pairs) -> Mask:
    """The mentor's rank minus the mentee's is out of bounds; who has no rank is not bound."""
    if pairs.sides.problem.settings.rank_gap is None:
        return pairs.nobody
    least, most = pairs.sides.problem.settings.rank_gap
    of_mentees, of_mentors = pairs.sides.ranks
    ranked_mentees, ranked_mentors = pairs.sides.ranked
    gap = pairs.of_mentors(of_mentors) - pairs.of_mentees(of_mentees)
    both = (pairs.of_mentees(ranked_mentees) & pairs.of_mentors(ranked_mentors)) != 0
    outside: Mask = ((gap < least) | (gap > most)) & both
    return outside


def no_shared_language(pairs: Pairs) -> Mask:
    """Both name languages and none is the same."""
    return _fewer_shared(pairs, "languages", 1)


def no_shared_mode(pairs: Pairs) -> Mask:
    """Both name meeting modes and none is the same."""
    return _fewer_shared(pairs, "modes", 1)


def min_shared_slots(pairs: Pairs) -> Mask:
    """Both name times and too few are the same."""
    return _fewer_shared(pairs, "slots", pairs.sides.problem.settings.min_shared_slots)


def avoidance(pairs: Pairs) -> Mask:
    """One of the two asked not to be paired with the other."""
    return pairs.marked(pairs.sides.avoided_pairs)


def same_person(pairs: Pairs) -> Mask:
    """Somebody who applied in both roles, with themselves."""
    return pairs.marked(pairs.sides.same_person_pairs)


def _fewer_shared(pairs: Pairs, name: str, least: int) -> Mask:
    """The pairs in which both fill this list and have fewer than `least` entries in common."""
    if least <= 0:
        return pairs.nobody
    fewer: Mask = pairs.dot(pairs.sides.compatible(name, least)) < least
    return fewer


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
