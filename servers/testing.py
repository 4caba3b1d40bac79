"""The test suite on servers of its own: the lints first, then pytest with branch coverage."""

import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from servers import browser
from servers.console import say
from servers.environment import Servers, test_environment
from servers.failure import StartError
from servers.folders import CHECKOUT, Folders
from servers.foreground import attend
from servers.supervisor import Stopped, stop_on_signals

# A file's tests stay with one worker, the files in their order: sorted by how many tests they have, the guards, few
# but long, would come last and one worker would wait. More than two of them gain nothing on a machine of two cores.
EVERYTHING = ["--cov", "--numprocesses", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
# A run takes sixteen of the broker's databases, one for each of pytest-xdist's workers.
SLOTS = 32


def run(arguments: list[str]) -> int:
    """Everything, or with pytest's arguments only what they name, without lints and coverage."""
    stop_on_signals()
    browser.ensure()
    try:
        with Servers("test") as servers:
            slot = take_slot(servers.folders)
            environment = test_environment(servers, slot) | caches(servers.folders, slot)
            if not arguments:
                lint(servers.folders, environment)
            return attend([sys.executable, "-m", "pytest", *(arguments or EVERYTHING)], environment, CHECKOUT)
    except Stopped:
        return 128 + signal.SIGINT


def take_slot(folders: Folders) -> int:
    """A number that no other run has at this time; the lock lasts until our process ends."""
    for slot in range(SLOTS):
        descriptor = os.open(folders.data / f"slot-{slot}", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
        else:
            return slot
    raise StartError(f"{SLOTS} test runs are under way on this checkout: wait for one to end.")


def caches(folders: Folders, slot: int) -> dict[str, str]:
    """Caches outside the checkout: it may belong to somebody else, or to several runs at once."""
    cache = folders.data / "cache"
    return {
        "RUFF_CACHE_DIR": str(cache / "ruff"),
        "MYPY_CACHE_DIR": str(cache / "mypy"),
        "COVERAGE_FILE": str(cache / f"coverage-{slot}"),
    }


def lint(folders: Folders, environment: Mapping[str, str]) -> None:
    """StartError with the names of the lints that found something; their findings are printed."""
    programs = Path(sys.executable).parent
    lints: dict[str, list[str]] = {
        "ruff check": [str(programs / "ruff"), "check", "--quiet", "."],
        "ruff format": [str(programs / "ruff"), "format", "--quiet", "--check", "."],
        "mypy": [sys.executable, "-m", "mypy"],
        # A script's first line names the place where the environment was made, which may have moved.
        "lint-imports": [
            *(sys.executable, str(programs / "lint-imports"), "--no-logo"),
            *("--cache-dir", str(folders.data / "cache" / "imports")),
        ],
    }
    failed = []
    for name, arguments in lints.items():
        say(f"{name}…")
        if subprocess.run(arguments, env=environment, cwd=CHECKOUT, check=False).returncode:
            failed.append(name)
    if failed:
        raise StartError(f"The tests did not run, for these found something: {', '.join(failed)}.")
