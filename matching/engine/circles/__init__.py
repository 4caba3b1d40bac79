"""Who shares a circle: peers on one theme at one time, proved or with the gap told.

`solve(problem)` gives a `CircleTrace`; `verify(problem, trace)` checks it without a solver. Same problem, same bytes,
in whatever order the people come. `rescue` says where the people of a circle that became too small go with the least
change; `what_if_moved` and `what_if_swapped` say what a change by hand comes to. Nothing here reads identity: a peer
has no such field.

**What a circle is.** A *kind* is a theme, a time, a way of meeting and a language. Themes are goals and openly chosen
tags; all members chose the theme, and all are free. A circle has four to eight peers, at most two of one work unit,
and never two where one supervises the other, one asked not to be with the other, or the coordinator said so. A
facilitator guides as many circles as they can, never their own or one of people they may not meet.

**What is best.** 1000 for everybody placed, and up to 100 for how much they want the theme; 100 for a circle that has
a facilitator; 100 for everybody who keeps theme and time on a re-run. Pins must hold. Among equals an order drawn
from the season's seed decides.

**How it is proved.** Kinds are opened and filled by an integer programme (`programme`) rather than circle by circle:
circles of one kind are alike, and dividing its people comes after (`division`). To about a hundred people the search
ends with a proof, or says the gap. Larger seasons are searched until they are near the bound, and repaired six
circles at a time (`repairs`). Every trace also carries prices whose bound `verify` works out in whole numbers
(`proof`). All limits count people, nodes and rounds; none counts seconds.
"""

from matching.engine.certificate import VerificationError
from matching.engine.circles.changes import Broken, Change, what_if_moved, what_if_swapped
from matching.engine.circles.people import Facilitator, Peer
from matching.engine.circles.problem import (
    CircleForbid,
    CirclePin,
    CircleProblem,
    CircleSettings,
    KeptCircle,
    Kind,
)
from matching.engine.circles.rescue import Move, Rescue, rescue
from matching.engine.circles.rules import CIRCLE_RULES, CircleRule, told
from matching.engine.circles.search import LIMITS, Limits
from matching.engine.circles.solver import solve
from matching.engine.circles.trace import Circle, CircleFigures, CircleTrace, NoCircle, Prices, Search, Unplaced
from matching.engine.circles.verification import verify
from matching.engine.reading import ProblemError
from matching.engine.trace import TraceError

__all__ = [
    "CIRCLE_RULES",
    "LIMITS",
    "Broken",
    "Change",
    "Circle",
    "CircleFigures",
    "CircleForbid",
    "CirclePin",
    "CircleProblem",
    "CircleRule",
    "CircleSettings",
    "CircleTrace",
    "Facilitator",
    "KeptCircle",
    "Kind",
    "Limits",
    "Move",
    "NoCircle",
    "Peer",
    "Prices",
    "ProblemError",
    "Rescue",
    "Search",
    "TraceError",
    "Unplaced",
    "VerificationError",
    "rescue",
    "solve",
    "told",
    "verify",
    "what_if_moved",
    "what_if_swapped",
]
