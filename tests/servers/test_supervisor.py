"""Children under a supervisor: none outlives it, and none ends unnoticed."""

import os
import signal
import sys
import time
from collections.abc import Callable

import pytest

from servers import processes
from servers.failure import StartError
from servers.folders import Folders
from servers.supervisor import GRACE_SECONDS, Supervisor
from tests.servers.observing import is_alive, said, start_script

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
# Ignores every polite request, and has a child that does as well.
STUBBORN = [
    sys.executable,
    "-c",
    "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); os.fork();"
    " print(os.getpid(), flush=True); time.sleep(60)",
]
SUPERVISOR = """
import os, sys, tempfile
from pathlib import Path
from servers.supervisor import Stopped, Supervisor, stop_on_signals
stop_on_signals()
try:
    with Supervisor(Path(sys.argv[1]), os.environ) as supervisor:
        for name in ("worker", "web"):
            supervisor.start(name, [sys.executable, "-c", "import time; time.sleep(60)"])
        print(*(child.process.pid for child in supervisor.children), flush=True)
        supervisor.watch(lambda: None)
except Stopped:
    sys.exit(0)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_all_children_and_is_no_failure(number: signal.Signals, folders: Folders) -> None:
    supervisor = start_script(SUPERVISOR, str(folders.logs))
    children = [int(pid) for pid in said(supervisor).split()]
    assert [is_alive(pid) for pid in children] == [True, True]
    supervisor.send_signal(number)
    supervisor.communicate(timeout=10)
    assert supervisor.returncode == 0
    assert [is_alive(pid) for pid in children] == [False, False]


def test_a_killed_supervisor_leaves_no_orphan(folders: Folders) -> None:
    supervisor = start_script(SUPERVISOR, str(folders.logs))
    children = [int(pid) for pid in said(supervisor).split()]
    supervisor.kill()
    supervisor.communicate()
    assert processes.wait_until(lambda: not any(is_alive(pid) for pid in children), 5)


def test_a_child_that_ends_is_named_with_its_last_words(folders: Folders) -> None:
    dying = [sys.executable, "-c", "import sys; sys.exit('the disk is full')"]
    with Supervisor(folders.logs, os.environ) as supervisor:
        supervisor.start("worker", SLEEPER)
        supervisor.start("web", dying)
        with pytest.raises(StartError) as failure:
            supervisor.watch(lambda: None)
    assert str(failure.value) == (f"The web stopped unexpectedly: the disk is full (log: {folders.logs / 'web.log'})")
    assert [is_alive(child.process.pid) for child in supervisor.children] == [False, False]


def test_a_child_that_is_killed_is_named_with_the_signal(folders: Folders) -> None:
    with Supervisor(folders.logs, os.environ) as supervisor:
        child = supervisor.start("web", SLEEPER)
        child.process.kill()
        with pytest.raises(StartError) as failure:
            supervisor.watch(lambda: None)
    assert str(failure.value) == (f"The web stopped unexpectedly: it got SIGKILL (log: {folders.logs / 'web.log'})")


def test_a_child_that_never_gets_ready_is_named(folders: Folders) -> None:
    with Supervisor(folders.logs, os.environ) as supervisor:
        child = supervisor.start("web", SLEEPER)
        with pytest.raises(StartError, match=r"^The web did not answer within 0 s: it said nothing \(log: "):
            supervisor.wait_for(child, lambda: False, 0.1)


def test_children_are_asked_in_reverse_order(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    stop_all: Callable[..., None] = processes.stop_all

    def note(children: list[tuple[object, signal.Signals]], seconds: float) -> None:
        asked.extend(child.pid for child, _number in children)  # type: ignore[attr-defined]
        stop_all(children, seconds)

    monkeypatch.setattr(processes, "stop_all", note)
    with Supervisor(folders.logs, os.environ) as supervisor:
        started = [supervisor.start(name, SLEEPER).process.pid for name in ("worker", "beat", "web")]
    assert asked == started[::-1]


def test_a_stubborn_child_and_its_own_children_are_killed_in_time(folders: Folders) -> None:
    with Supervisor(folders.logs, os.environ) as supervisor:
        child = supervisor.start("web", STUBBORN)
        assert processes.wait_until(lambda: len(child.log.read_text().split()) == 2, 5)
        family = [int(pid) for pid in child.log.read_text().split()]
        before = time.monotonic()
    assert time.monotonic() - before < GRACE_SECONDS + 1
    assert processes.wait_until(lambda: not any(is_alive(pid) for pid in family), 1)
