"""Other programs on the same season, each in an environment of its own, in the same run on the same computer."""

import json
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Self

from mentorship.portal.benchmarks.matching.sizes import ONE_TABLE, SMALL, Size
from servers.failure import StartError, last_line

SCRIPTS = Path(__file__).resolve().parent.parent / "peers"
LIMIT = 300
"""Seconds that a peer has."""
ROUNDS = 3
"""So often a small season is given to a peer, for the median; a large one once."""


@dataclass(frozen=True)
class Peer:
    """A program to run beside the engine: `requirement` is what pip installs for it, "" if it is at hand."""

    name: str
    script: str
    requirement: str = ""
    arguments: tuple[str, ...] = ()
    needs: str = ""


SMALL_PEERS = (
    Peer("mentor-match 7.0.1, one round", "mentor_match.py", "mentor-match==7.0.1", ("1",)),
    Peer("mentor-match 7.0.1, three rounds", "mentor_match.py", "mentor-match==7.0.1", ("3",)),
    Peer("matching 1.4.3", "stable_game.py", "matching==1.4.3"),
)
LARGE_PEERS = (
    Peer("scipy, one dense assignment", "dense_assignment.py", needs="scipy"),
    Peer("ortools, flow", "flow.py", needs="ortools"),
)


@dataclass(frozen=True)
class PeerFigures:
    """What a peer took and whom it placed; None with the reason where there is nothing to tell."""

    seconds: float | None
    placed: int | None
    reason: str = ""


class Environments:
    """Throw-away virtual environments, made when one is first asked for and removed at the end."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._made: dict[str, Path | StartError] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def python(self, requirement: str) -> Path:
        """The interpreter of an environment that has this and nothing else. Raises StartError."""
        if requirement not in self._made:
            folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="peer-")))
            try:
                self._made[requirement] = install(requirement, folder)
            except StartError as error:
                self._made[requirement] = error
        made = self._made[requirement]
        if isinstance(made, StartError):
            raise made
        return made


def install(requirement: str, folder: Path) -> Path:
    """Make an environment with this in it, as this computer's pip is set up. Raises StartError."""
    python = folder / "bin" / "python"
    for arguments in (
        [sys.executable, "-m", "venv", str(folder)],
        [str(python), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", requirement],
    ):
        done = subprocess.run(arguments, env=bare_environment(), capture_output=True, text=True, check=False)
        if done.returncode:
            said = last_line(done.stderr or done.stdout)
            raise StartError(f"{requirement} could not be installed; is there a network? ({said})")
    return python


def bare_environment() -> dict[str, str]:
    """This program's environment without its own places to import from."""
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}


def peers_for(size: Size) -> tuple[Peer, ...]:
    """Those who can be asked at this size: what is plain Python is too slow beyond the small ones."""
    if size.pairs <= SMALL:
        return SMALL_PEERS
    if size.pairs <= ONE_TABLE:
        return tuple(peer for peer in LARGE_PEERS if find_spec(peer.needs))
    return ()


def measure_peer(peer: Peer, size: Size, folder: Path, environments: Environments) -> PeerFigures:
    """Give the season in this folder to a peer, more than once if it is small; the first failure is told."""
    told = []
    for _round in range(ROUNDS if size.pairs <= SMALL else 1):
        figures = run_peer(peer, folder, environments)
        if figures.seconds is None:
            return figures
        told.append(figures.seconds)
    return replace(figures, seconds=median(told))


def run_peer(peer: Peer, folder: Path, environments: Environments, *, limit: float = LIMIT) -> PeerFigures:
    """Give the season in this folder to a peer, once."""
    try:
        python = environments.python(peer.requirement) if peer.requirement else Path(sys.executable)
        done = subprocess.run(
            [python, SCRIPTS / peer.script, folder, *peer.arguments],
            env=bare_environment(),
            capture_output=True,
            text=True,
            timeout=limit,
            check=False,
        )
    except StartError as error:
        return PeerFigures(None, None, str(error))
    except subprocess.TimeoutExpired:
        return PeerFigures(None, None, f"not done after {limit:g} seconds")
    if done.returncode:
        return PeerFigures(None, None, f"it failed: {last_line(done.stderr)}")
    return PeerFigures(**json.loads(done.stdout))
