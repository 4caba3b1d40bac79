"""Tables, content and the demo's people in a database that may be new."""

import subprocess
import sys
from collections.abc import Mapping
from typing import TextIO

from servers.console import say
from servers.environment import Servers
from servers.failure import StartError, last_line
from servers.folders import CHECKOUT
from servers.lease import locked

COMMANDS = ("migrate", "load_content", "seed_demo")


def prepare(servers: Servers, environment: Mapping[str, str], *, stream: TextIO, again: bool) -> None:
    """Run COMMANDS; each does nothing where nothing is to be done.

    With `again` false, a cluster of ours that was prepared once is left alone. StartError carries the
    last words of a command that fails.
    """
    mark = servers.folders.prepared
    if servers.owns_database and mark.exists() and not again:
        return
    with locked(servers.folders.data / "prepare.lock"):
        if not mark.exists():
            say("Preparing a new database: tables, content, the demo library…", stream)
        elif not again:
            return
        for command in COMMANDS:
            log = servers.folders.logs / f"{command}.log"
            with log.open("wb") as output:
                done = subprocess.run(
                    [sys.executable, CHECKOUT / "manage.py", command],
                    env=environment,
                    cwd=CHECKOUT,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    check=False,
                )
            if done.returncode:
                words = last_line(log.read_text(errors="replace"))
                raise StartError(f"{command} failed: {words} (log: {log})")
        if servers.owns_database:
            mark.touch()
