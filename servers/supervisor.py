"""Several long-running children under one roof: started in order, watched, told to stop in reverse."""

import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn

from servers import processes
from servers.failure import StartError, last_line
from servers.folders import CHECKOUT
from servers.running import Running

SECONDS_BETWEEN_LOOKS = 0.2
# How long the children may take, all together, to end by themselves before they are killed.
GRACE_SECONDS = 2.0


class Stopped(BaseException):
    """Somebody asked us to stop, by Ctrl-C or a signal: the orderly end of a demo."""


def stop_on_signals() -> None:
    """From now on SIGINT, SIGTERM and SIGHUP raise Stopped, wherever the main thread is."""

    def raise_stopped(_number: int, _frame: FrameType | None) -> NoReturn:
        raise Stopped

    for number in processes.STOPPING:
        signal.signal(number, raise_stopped)


@dataclass(frozen=True)
class Child:
    name: str
    process: subprocess.Popen[bytes]
    log: Path
    parting: signal.Signals

    def check(self) -> None:
        """StartError with the child's last words, or with the signal, if it has ended."""
        code = self.process.poll()
        if code is None:
            return
        words = last_line(self.log.read_text(errors="replace"))
        why = words if code >= 0 else f"it got {signal.Signals(-code).name}"
        raise StartError(f"The {self.name} stopped unexpectedly: {why} (log: {self.log})")


class Supervisor(Running):
    """Children that live as long as the `with` block; each writes to a log file of its own."""

    def __init__(self, logs: Path, environment: Mapping[str, str]) -> None:
        self._logs = logs
        self._environment = environment
        self.children: list[Child] = []

    def start(
        self,
        name: str,
        arguments: Sequence[str | Path],
        *,
        parting: signal.Signals = signal.SIGTERM,
        orphaned: signal.Signals = signal.SIGTERM,
        pass_fds: Sequence[int] = (),
    ) -> Child:
        """Start a child; `parting` makes it end quickly and cleanly, `orphaned` ends it if we are killed."""
        log = self._logs / f"{name.replace(' ', '-')}.log"
        with log.open("wb") as output:
            process = processes.start(
                arguments,
                parting=orphaned,
                output=output,
                env=self._environment,
                cwd=CHECKOUT,
                pass_fds=pass_fds,
            )
        self.children.append(Child(name, process, log, parting))
        return self.children[-1]

    def check(self) -> None:
        """StartError if a child has ended."""
        for child in self.children:
            child.check()

    def wait_for(self, child: Child, ready: Callable[[], bool], seconds: float) -> None:
        """Return when a child is ready; StartError if any child ends or it takes longer."""

        def ready_or_gone() -> bool:
            self.check()
            return ready()

        if not processes.wait_until(ready_or_gone, seconds, every=0.05):
            words = last_line(child.log.read_text(errors="replace"))
            late = f"The {child.name} did not answer within {seconds:.0f} s"
            raise StartError(f"{late}: {words} (log: {child.log})")

    def watch(self, also: Callable[[], None]) -> NoReturn:
        """Stay until a signal raises Stopped, a child ends or `also` raises."""
        while True:
            self.check()
            also()
            time.sleep(SECONDS_BETWEEN_LOOKS)

    def _stop(self) -> None:
        processes.stop_all([(child.process, child.parting) for child in reversed(self.children)], GRACE_SECONDS)
