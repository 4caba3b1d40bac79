"""The storm's workers: an installation's own Celery application, one process each, started again when killed."""

import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

from servers import processes
from servers.failure import StartError, last_line
from servers.folders import CHECKOUT

COMMAND = (
    "celery --app mentorship.celery worker --include mentorship.portal.benchmarks.storm.worker --queues mail "
    "--pool solo --loglevel WARNING --without-gossip --without-mingle --without-heartbeat"
)


class Workers:
    """As many as wanted. The main thread starts them, any thread may kill one."""

    def __init__(self, wanted: int, folder: Path, rng: random.Random) -> None:
        self.kills = 0
        self._wanted = wanted
        self._folder = folder
        self._random = rng
        self._lock = threading.Lock()
        self._started = 0
        self._running: dict[int, subprocess.Popen[bytes]] = {}
        self._killed: set[int] = set()

    def refill(self) -> None:
        """Start another one for each that was killed. Raises StartError where one ended by itself."""
        for pid, process in list(self._running.items()):
            if process.poll() is not None:
                if pid not in self._killed:
                    words = last_line(self._log(pid).read_text(errors="replace"))
                    raise StartError(f"A worker ended by itself ({process.returncode}): {words}")
                with self._lock:
                    del self._running[pid]
        while len(self._running) < self._wanted:
            self._start()

    def kill(self, pid: int | None) -> bool:
        """Kill this worker, with None any one; False where it doesn't live any more."""
        with self._lock:
            living = [number for number in self._running if number not in self._killed]
            if pid is None and living:
                pid = self._random.choice(living)
            if pid not in living:
                return False
            self._killed.add(pid)
            self.kills += 1
            os.kill(pid, signal.SIGKILL)
            return True

    def stop(self) -> None:
        # A worker that gets SIGQUIT leaves its tasks to the broker.
        processes.stop_all([(process, signal.SIGQUIT) for process in self._running.values()], 5)

    def _start(self) -> None:
        self._started += 1
        # The folder's name tells these processes from those of other storms.
        name = f"{self._folder.name}-{self._started}"
        half_known = self._folder / "logs" / f"{name}.log"
        with half_known.open("wb") as output:
            process = processes.start(
                [sys.executable, "-m", *COMMAND.split(), "--hostname", f"{name}@%h"],
                parting=signal.SIGKILL,
                output=output,
                cwd=CHECKOUT,
            )
        half_known.rename(self._log(process.pid))
        with self._lock:
            # The system may give a number a second time.
            self._killed.discard(process.pid)
            self._running[process.pid] = process

    def _log(self, pid: int) -> Path:
        return self._folder / "logs" / f"worker-{pid}.log"
