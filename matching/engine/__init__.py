"""Who should work with whom: the matching of one season, solved exactly and proved.

`solve(problem)` gives a `Trace`; `verify(problem, trace)` checks it without a solver; `explain(problem, trace,
mentee)` says what every other mentor would cost. `Standing` holds a season's pairs as they are and says what a
change to them does. Same problem, same bytes, in whatever order the people come. Pure Python on numpy, and on scipy
while solving; no clock, no randomness, no environment.

The mathematics is one page, `docs/matching.md`. In its order, so it can be read here:

- what exists and what it is worth: `people`, `problem`, `rules`, `scoring`, `tiers`, over any pairs one looks at
  (`sides`, `pairs`, `views`, `season`);
- what proves a tier, and the face on which the next is solved: `certificate`, `ground`;
- a season that is one table (`grid`): `solver`, which asks `best` for the pairs and `duals` for the prices;
- any larger one: `wide`, which solves along few pairs (`arcs`) and holds the prices against all;
- what comes of it: `assembly`, `trace`, `reasons`, `figures`; and what checks it, believing only pairs and prices:
  `verification`;
- what else could be: `residual`, of which `explanation` tells in all tiers, and `standing` as coordinators may read
  it.

**Identity.** A person's identity without a wish to be matched on it is dropped when the person is made
(`people`), before any score or hash. A trace holds no identity values; its scores and prices could be used to work
some out, so it is for the server's eyes alone. Nothing in `standing` has seen identity at all.
"""

from matching.engine.certificate import VerificationError
from matching.engine.explanation import Explanation, Loss, explain
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
    "Explanation",
    "Figures",
    "Loss",
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
    "explain",
    "parse",
    "solve",
    "told",
    "verify",
]
