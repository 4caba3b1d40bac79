"""Workers are killed while they send, the broker is killed and the database crashes: nothing lost, nothing twice."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from mentorship.portal.benchmarks.reminders import measure_reminders
from mentorship.portal.benchmarks.storm.plan import Plan
from servers import processes
from servers.folders import CHECKOUT

# A few seconds with a core for itself, minutes on a busy machine: 2,000 and 10,000 are the command's to send.
DELIVERIES, KILLS = 400, 8


def folders_left(asker: int) -> list[Path]:
    """The folders of the storms that a process asked for."""
    return sorted(Path(tempfile.gettempdir()).glob(f"perennial-storm-{asker}-*"))


def processes_left(asker: int) -> list[str]:
    """The servers and workers of the storms that a process asked for, by their command lines."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_text(errors="replace")
        except OSError:
            continue  # it has just ended
        if f"perennial-storm-{asker}-" in line:
            found.append(line)
    return found


def test_no_message_is_lost_and_none_comes_twice():
    out = StringIO()
    sizes = ("--deliveries", str(DELIVERIES), "--workers", "4", "--kills", str(KILLS))
    call_command("benchmark", "reminders", *sizes, "--json", stdout=out)
    figures = json.loads(out.getvalue())
    assert {name: figures[name] for name in ("deliveries", "workers", "lost", "duplicates")} == {
        "deliveries": DELIVERIES,
        "workers": 4,
        "lost": 0,
        "duplicates": 0,
    }
    assert (figures["kills"], figures["broker_kills"], figures["database_restarts"]) == (KILLS, 1, 1)
    # Every other one was killed between the mail server's yes and its own note of it.
    assert KILLS // 2 <= figures["uncertain"] <= KILLS
    assert figures["wakes_lost"] >= 1
    assert figures["seconds"] > 0
    assert (folders_left(os.getpid()), processes_left(os.getpid())) == ([], [])


def test_control_a_worker_that_sends_before_it_commits_sends_twice():
    plan = Plan(deliveries=80, workers=2, kills=4, broker_kills=0, database_restarts=0, inside_transaction=True)
    figures = measure_reminders(plan)
    assert (figures.kills, figures.lost) == (4, 0)
    assert figures.duplicates >= 1


ASKER = """
import sys
from mentorship.portal.benchmarks.reminders import measure_reminders
from mentorship.portal.benchmarks.storm.plan import Plan
measure_reminders(Plan(deliveries=4000, workers=2, kills=0))
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_storm_that_is_broken_off_leaves_no_process_and_no_folder(number):
    asker = subprocess.Popen([sys.executable, "-c", ASKER], cwd=CHECKOUT, stderr=subprocess.DEVNULL)
    try:
        # The broker is the last of the servers to start.
        assert processes.wait_until(lambda: any("valkey" in line for line in processes_left(asker.pid)), 300)
        asker.send_signal(number)
        asker.wait(60)
    finally:
        asker.kill()
        asker.wait()
    # The storm of one that was killed hears of it from the kernel.
    assert processes.wait_until(lambda: (folders_left(asker.pid), processes_left(asker.pid)) == ([], []), 60)


def test_a_storm_that_cannot_start_says_why_in_one_line(monkeypatch):
    monkeypatch.setenv("EMBEDDED_PG_BIN", "/nowhere")
    with pytest.raises(
        CommandError, match=r"^The storm broke off: .*EMBEDDED_PG_BIN: .* can't run /nowhere/initdb\.$"
    ):
        call_command("benchmark", "reminders", "--deliveries", "8")
