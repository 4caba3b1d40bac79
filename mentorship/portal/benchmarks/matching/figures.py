"""What a size's measurement came to, beside the goals and the peers."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from mentorship.portal.benchmarks.matching.measuring import Measured
from mentorship.portal.benchmarks.matching.peers import Environments, PeerFigures, measure_peer, peers_for
from mentorship.portal.benchmarks.matching.sizes import Size
from servers.failure import StartError, last_line

MEASURING = "mentorship.portal.benchmarks.matching.measuring"


@dataclass(frozen=True)
class Goal:
    """What is to be reached: at most so much of this figure, in the unit and with the words it is told in."""

    figure: str
    most: float
    words: str
    factor: float
    unit: str


def _whole(most: float) -> Goal:
    return Goal("seconds", most, "problem to verified trace", *((1000, "ms") if most < 1 else (1, "s")))


def _memory(most: float) -> Goal:
    return Goal("peak_mb", most, "memory at its peak", 1, "MB")


def _questions(why_not: float, repair: float) -> tuple[Goal, Goal]:
    return (
        Goal("why_not_seconds", why_not, "why not, for one mentee", 1000, "ms"),
        Goal("repair_seconds", repair, "a withdrawal repaired", 1000, "ms"),
    )


GOALS = {
    Size(33, 34): (_whole(0.003),),
    Size(500, 500): (_whole(0.1), *_questions(0.002, 0.005)),
    Size(5_000, 5_000): (_whole(3), _memory(300), *_questions(0.010, 0.020)),
    Size(50_000, 50_000): (_whole(150), _memory(1500)),
}
PEERS_GOAL = {Size(500, 500): 30}
"""So many times as fast as every peer."""
BARE = "scipy, bare"


@dataclass(frozen=True)
class MatchingFigures:
    """One size with or without identity; `ratios` say how many times the engine's seconds another takes."""

    size: Size
    identity: bool
    measured: Measured
    peers: dict[str, PeerFigures]

    @property
    def ratios(self) -> dict[str, float]:
        """By peer, those that finished, and the bare assignment."""
        others = {BARE: self.measured.bare_seconds} | {name: peer.seconds for name, peer in self.peers.items()}
        return {name: round(taken / self.measured.seconds, 4) for name, taken in others.items() if taken is not None}

    def to_dict(self) -> dict[str, Any]:
        peers = {
            name: {key: value for key, value in asdict(peer).items() if key != "reason" or value}
            for name, peer in self.peers.items()
        }
        measured = asdict(self.measured)
        return {"size": str(self.size), "identity": self.identity, **measured, "peers": peers, "ratios": self.ratios}

    def beside_goals(self) -> Iterator[list[str]]:
        """Rows of what was measured, what was to be reached, and whether it was."""
        for goal in GOALS.get(self.size, ()):
            reached = getattr(self.measured, goal.figure)
            said = "met" if reached is not None and reached <= goal.most else "missed"
            shown = "–" if reached is None else f"{reached * goal.factor:,.2f} {goal.unit}"
            yield [goal.words, shown, f"≤ {goal.most * goal.factor:g} {goal.unit}", said]
        for name in self.peers:
            least, ratio = PEERS_GOAL.get(self.size), self.ratios.get(name)
            if least is not None:
                shown = "–" if ratio is None else f"{ratio:,.1f} ×"
                yield [f"as fast as {name}", shown, f"≥ {least} ×", "met" if ratio and ratio >= least else "missed"]


def measure_matching(
    size: Size, *, identity: bool, rounds: int | None = None, environments: Environments | None = None
) -> MatchingFigures:
    """Measure a season in a process of its own, and the peers on it if there are environments for them.

    Raises StartError.
    """
    with tempfile.TemporaryDirectory(prefix="season-") as raw:
        folder = Path(raw)
        asked = peers_for(size) if environments is not None else ()
        arguments = [str(size), "--rounds", str(rounds or size.rounds)]
        arguments += ["--identity"] if identity else []
        arguments += ["--folder", raw] if asked else []
        done = subprocess.run(
            [sys.executable, "-m", MEASURING, *arguments],
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise StartError(f"{size} could not be measured: {last_line(done.stderr)}")
        peers = {peer.name: measure_peer(peer, size, folder, environments) for peer in asked if environments}
    return MatchingFigures(size, identity, Measured(**json.loads(done.stdout)), peers)
