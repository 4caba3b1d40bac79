"""What is kept of a run for coordinators to read: counts, goal fit, proofs, what rules cost; no score, no wish.

Everything here follows from the pairs and from what coordinators may read besides, but for the season's totals of
wishes, which are decided on once (`matching.wishes`).
"""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from matching import words
from matching.engine import Problem, Trace
from matching.engine.blocking import blocking_pairs
from matching.engine.tiers import COMMON
from matching.engine.without import in_force, matched_without
from matching.export import file_hash
from matching.models import MatchRun, Proposal
from matching.snapshot import Snapshot
from matching.wishes import season_totals
from mentorship.seasons.models import Season

BANDS = 10
TRIED_UP_TO = 1_000
"""People on either side up to whom a run is tried again without each rule, and its file is made."""

Step = Callable[[str], None]


def trials(problem: Problem) -> tuple[str, ...]:
    """The rules without which the run is tried; none in a season too large for it."""
    return in_force(problem) if is_small(problem) else ()


def closer_steps(problem: Problem) -> int:
    """How many steps `look_closer` takes."""
    return len(trials(problem)) + 1 if is_small(problem) else 0


def is_small(problem: Problem) -> bool:
    return max(len(problem.mentees), len(problem.mentors)) <= TRIED_UP_TO


def look_closer(problem: Problem, trace: Trace, step: Step) -> dict[str, Any]:
    """What takes time to find out: the mentees whom each rule costs a mentor, blocking pairs, the file's hash.

    `step` is told in words what comes next. A season too large for it has none of them.
    """
    if not is_small(problem):
        return {"effects": None, "blocking": None, "file": ""}
    effects = {}
    for code in trials(problem):
        step(_("Trying it without a rule: %(rule)s") % {"rule": words.RULES[code]})
        effects[code] = matched_without(problem, code) - len(trace.pairs)
    step(_("Comparing with what each person would choose"))
    blocking = blocking_pairs(problem, [(pair.mentee, pair.mentor) for pair in trace.pairs])
    identity = problem.settings.identity
    return {"effects": effects, "blocking": blocking, "file": "" if identity else file_hash(problem, trace)}


def figures(shot: Snapshot, trace: Trace, proposals: list[Proposal]) -> dict[str, Any]:
    """What is counted of the pairs at once."""
    fits = sorted(row.fit for row in proposals if row.fit is not None)
    bands = [0] * BANDS
    for fit in fits:
        bands[min(fit // 10, BANDS - 1)] += 1
    found = trace.figures
    return {
        "mentees": len(proposals),
        "matched": sum(1 for row in proposals if row.mentor_id),
        "settled": len(shot.held),
        "mentors": found.mentors,
        "places": found.places + len(shot.held),
        "fit": {
            "least": fits[0] if fits else None,
            "median": fits[(len(fits) - 1) // 2] if fits else None,
            "bands": bands,
        },
        "below": {str(cut): sum(1 for fit in fits if fit < cut) for cut in shot.problem.settings.cuts},
        "mentee_favourites": {"asked": found.mentee_favourites.asked, "met": found.mentee_favourites.met},
        "mentor_favourites": {"asked": found.mentor_favourites.asked, "met": found.mentor_favourites.met},
        "removed": dict(found.removed),
        "stages": [stage.name for stage in trace.stages],
        "coverage": {
            "pairs": found.pairs,
            "priority": [found.priority.met, found.priority.asked],
            "below": dict(found.below),
        },
        "proofs": proofs(trace, identity=shot.problem.settings.identity),
        "pairs_looked_at": found.mentees * found.mentors,
        "versions": dict(trace.versions),
        "identity": shot.problem.settings.identity,
        "lapsed": [str(key) for key in shot.lapsed],
    }


def proofs(trace: Trace, *, identity: bool) -> dict[str, dict[str, int]]:
    """Value, bound and number of prices of each step that tells nothing of identity: what a score reads doesn't."""
    return {
        stage.name: {
            "value": stage.value,
            "bound": stage.bound,
            "prices": len(stage.duals.mentees) + len(stage.duals.mentors),
        }
        for stage in trace.stages
        if not identity or stage.name in COMMON
    }


def first_wishes(run: MatchRun, shot: Snapshot, trace: Trace) -> dict[str, Any]:
    """The season's totals of wishes under "wishes", in the first run that matches on identities and in no other."""
    if not shot.problem.settings.identity or run_with_wishes(run.season) is not None:
        return {}
    return {"wishes": season_totals(shot.problem, trace, shot.counted)}


def run_with_wishes(season: Season) -> MatchRun | None:
    """The run with which it was decided what may be said of wishes."""
    rows = MatchRun.objects.done().filter(season=season, figures__has_key="wishes").defer("problem", "trace")
    run: MatchRun | None = rows.order_by("number").first()
    return run
