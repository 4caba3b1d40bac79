"""Who should work with whom: the matching of one season, solved exactly and proved.

`solve(problem)` gives a `Trace`; `verify(problem, trace)` checks it without a solver. Same problem, same bytes,
in whatever order the people come. Pure Python on numpy, and on scipy while solving; no clock, no randomness, no
environment.

**What is best.** Rules say which pairs exist at all (`rules`). Among them four tiers are settled in order
(`tiers`), each to its exact optimum before the next begins, which then may only choose among the assignments
that are best in all before:

1. *coverage*: as many mentees as possible have a mentor; then as many as possible of those with priority; then
   as few as possible with a goal fit under the first cut, then under the second. These share one number per
   pair. With M = 1 + the most pairs that could be made and T cuts, a pair weighs
   `M^(T+1) + [priority] · M^T − Σ_t [fit < cut_t] · M^(T−t)`. At most M − 1 pairs are made, so no digit of the sum
   in base M ever outweighs one step of the digit before it: the largest sum is the lexicographic optimum. A
   problem whose sums would not fit below 2^53, where floats are exact, is refused.
2. *keep*: as many pairs as possible of those to keep on a re-run.
3. *fit*: the largest sum of scores, 6 · goal fit + identity + preference (`scoring`).
4. *lottery*: among equals, the largest sum of 20-bit tickets drawn from the published seed and the two ids.

**How it is proved.** A tier is an assignment problem whose linear programme has whole-number solutions, so its
optimum has whole-number prices to prove it (`certificate`): one per mentee and mentor, no pair worth more than
the prices of its two, and the prices of everybody (times places) add up to exactly what the pairs reach. The
prices also describe *all* best assignments: those that use only pairs worth exactly their two prices and leave
nobody with a price unmatched, or a place short. That face is what the next tier is solved on; there, who must be
matched may have a price below zero. scipy finds the pairs (`solver`), shortest paths in the residual graph give
the prices (`duals`), and `verification` believes neither: it checks the sums.

**The quiet guard.** Where a season matches on identity, the last two tiers are first settled blind to it. Whoever
asked for no such match then keeps at least the goal fit, and a mentor at all, that they had there; only the
others' pairs are improved. The blind assignment and its proofs are in the trace, so the guard is checked like
everything else. It always satisfies its own guard, and coverage and keep do not read identity: their proofs hold
for both runs.

**Identity.** A person's identity without a wish to be matched on it is dropped when the person is made
(`people`), before any score or hash. A trace holds no identity values.
"""

from matching.engine.certificate import VerificationError
from matching.engine.grid import blocked
from matching.engine.people import Mentee, Mentor, Person
from matching.engine.problem import Pin, Problem, ProblemError, Settings, parse
from matching.engine.rules import RULES, Rule, told
from matching.engine.solver import solve
from matching.engine.standing import Alternative, Effect, Move, NotPossible, Standing
from matching.engine.trace import (
    Blind,
    BlindFigures,
    Duals,
    Figures,
    NoMentor,
    Pair,
    Reason,
    Share,
    Spread,
    Stage,
    Trace,
    TraceError,
    Unmatched,
)
from matching.engine.verification import verify

__all__ = [
    "RULES",
    "Alternative",
    "Blind",
    "BlindFigures",
    "Duals",
    "Effect",
    "Figures",
    "Mentee",
    "Mentor",
    "Move",
    "NoMentor",
    "NotPossible",
    "Pair",
    "Person",
    "Pin",
    "Problem",
    "ProblemError",
    "Reason",
    "Rule",
    "Settings",
    "Share",
    "Spread",
    "Stage",
    "Standing",
    "Trace",
    "TraceError",
    "Unmatched",
    "VerificationError",
    "blocked",
    "parse",
    "solve",
    "told",
    "verify",
]
