"""The share that a command holds in a running server: the first one starts it, the last one stops it."""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from servers import processes
from servers.failure import StartError, last_line
from servers.folders import CHECKOUT, Folders

Kind = Literal["postgres", "valkey"]
SECONDS_TO_START = 60
TITLES: dict[Kind, str] = {"postgres": "PostgreSQL", "valkey": "Valkey"}


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock file for a moment; whoever else wants it waits."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def try_lock(descriptor: int) -> bool:
    """Whether an exclusive lock could be had at once; it is then held."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class Lease:
    """A running server of one kind in a data folder, for as long as the lease isn't released.

    Three lock files: `.lease` (shared by all who use the server, taken alone by whoever stops it),
    `.keeper` (held by the keeper while it lives; carries its pid, the URL and the programs' folder) and
    `.starting` (so that only one starts a keeper).
    """

    def __init__(self, kind: Kind, folders: Folders, purpose: str) -> None:
        self.kind = kind
        self.title = TITLES[kind]
        self._folders = folders
        self._purpose = purpose
        self._spawned: subprocess.Popen[bytes] | None = None
        self._lease = self._open("lease")
        # Waits here while a server of the last ones out is still stopping.
        fcntl.flock(self._lease, fcntl.LOCK_SH)
        try:
            with locked(self._path("starting")):
                self._join_or_start()
            _pid, self.url, self.programs = self._note()
        except BaseException:
            self.release()
            raise

    def alive(self) -> bool:
        """Whether the server still runs."""
        with locked(self._path("starting")):
            keeper = self._open("keeper")
            try:
                return not try_lock(keeper)
            finally:
                os.close(keeper)

    def release(self) -> None:
        """Give the share back; returns at once if others use the server, else when it has stopped."""
        if try_lock(self._lease):
            keeper = self._open("keeper")
            if not try_lock(keeper):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(self._note()[0]), signal.SIGTERM)
                processes.wait_until(lambda: try_lock(keeper), 15)
            os.close(keeper)
        os.close(self._lease)
        if self._spawned is not None:
            self._spawned.poll()

    def _note(self) -> list[str]:
        """The keeper's pid, the server's URL and its programs' folder; less while it is starting."""
        return self._path("keeper").read_text().splitlines()

    def _path(self, suffix: str) -> Path:
        return self._folders.data / f"{self.kind}.{suffix}"

    def _open(self, suffix: str) -> int:
        return os.open(self._path(suffix), os.O_RDWR | os.O_CREAT, 0o600)

    def _join_or_start(self) -> None:
        keeper = self._open("keeper")
        try:
            # A keeper may be there but not ready, if who started it was killed meanwhile.
            processes.wait_until(lambda: len(self._note()) == 3 or try_lock(keeper), SECONDS_TO_START)
            if try_lock(keeper):
                self._start(keeper)
        finally:
            os.close(keeper)

    def _start(self, keeper: int) -> None:
        os.ftruncate(keeper, 0)
        reading, report = os.pipe()
        log = self._folders.logs / f"{self.kind}-keeper.log"
        with log.open("wb") as output:
            self._spawned = subprocess.Popen(
                [
                    *(sys.executable, "-m", "servers.keeper", self.kind, str(self._folders.data)),
                    *(self._purpose, str(keeper), str(report)),
                ],
                cwd=CHECKOUT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=(keeper, report),
            )
        os.pwrite(keeper, f"{self._spawned.pid}\n".encode(), 0)
        os.close(report)
        with os.fdopen(reading) as lines:
            said = lines.readline().strip()
        if said != "ready":
            raise StartError(said.removeprefix("failed: ") or last_line(log.read_text(errors="replace")))
