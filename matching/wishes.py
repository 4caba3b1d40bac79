"""Whether anything may be said of how a season met the wishes to be matched on something shared, and what.

Decided once, for the first run of a season that matches on identities, and never again: totals of two runs could be
subtracted, and so could the mere fact that one of them is hidden. It counts people, and of them only those who agreed
to be counted in published totals. This module knows no Django.

1. Nothing unless at least five mentees asked and five didn't, five of those who asked have it and five don't.
2. The comparison with the run that can't see identity is said only where at least five of the mentees whose mentor
   differs between the two gained by it and five didn't: whoever knows the goals could work out that run and would
   otherwise learn of single people from the difference.
"""

from collections.abc import Collection, Iterable, Mapping

from matching.engine import Mentee, Mentor, Problem, Trace
from mentorship.common.small_groups import SMALLEST

Wish = tuple[str, str]
"""A mentee's key and a dimension."""


def season_totals(problem: Problem, trace: Trace, counted: Collection[Wish]) -> dict[str, int]:
    """What may be told: {"asked", "met", "blind"} in people; without "blind", or empty, where that is hidden."""
    asked = {mentee for mentee, _dimension in counted}
    everybody = {mentee.id for mentee in problem.mentees}
    real = {pair.mentee: pair.mentor for pair in trace.pairs}
    met = _met(problem, real, counted)
    if not _large(asked, everybody - asked, met, asked - met):
        return {}
    told = {"asked": len(asked), "met": len(met)}
    if trace.blind is not None:
        blind = dict(trace.blind.pairs)
        met_blind = _met(problem, blind, counted)
        elsewhere = {mentee for mentee in everybody if real.get(mentee) != blind.get(mentee)}
        gained, lost = met - met_blind, met_blind - met
        if not lost and _large(gained, elsewhere - gained):
            told["blind"] = len(met_blind)
    return told


def _large(*groups: Collection[str]) -> bool:
    return all(len(group) >= SMALLEST for group in groups)


def _met(problem: Problem, mentor_of: Mapping[str, str], counted: Iterable[Wish]) -> set[str]:
    """The mentees among `counted` whose mentor asked for the same and shares it."""
    mentees: dict[str, Mentee] = {person.id: person for person in problem.mentees}
    mentors: dict[str, Mentor] = {person.id: person for person in problem.mentors}
    return {
        mentee
        for mentee, dimension in counted
        if (mentor := mentor_of.get(mentee)) is not None
        and set(mentees[mentee].identity.get(dimension, ())) & set(mentors[mentor].identity.get(dimension, ()))
    }
