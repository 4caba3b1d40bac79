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
# One process for all of them: loading Django takes longer than each of them does when there is nothing to do.
RUN_THEM = """\
import sys, django
from django.core.management import call_command
django.setup()
for command in sys.argv[1:]:
    call_command(command)
"""


def prepare(servers: Servers, environment: Mapping[str, str], *, stream: TextIO, again: bool) -> None:
    """Run COMMANDS; each does nothing where nothing is to be done.

    With `again` false, a cluster of ours that was prepared once is left alone. StartError carries the last
    words of a command that fails.
    """
    mark = servers.folders.prepared
    if mark.exists() and not again:
        return
    with locked(servers.folders.data / "prepare.lock"):
        if servers.owns_database and not mark.exists():
            say("Preparing a new database: tables, content, the demo library…", stream)
        elif not again:
            return
        log = servers.folders.logs / "prepare.log"
        with log.open("wb") as output:
            done = subprocess.run(
                [sys.executable, "-c", RUN_THEM, *COMMANDS],
                env={"DJANGO_SETTINGS_MODULE": "mentorship.settings", **environment},
                cwd=CHECKOUT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
        if done.returncode:
            words = last_line(log.read_text(errors="replace"))
            raise StartError(f"The database can't be prepared: {words} (log: {log})")
        if servers.owns_database:
            mark.touch()
