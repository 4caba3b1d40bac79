"""Tables, content and the demo's people in a database that may be new."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import IO, TextIO

from servers.console import say
from servers.environment import Servers
from servers.failure import StartError, last_line
from servers.folders import CHECKOUT
from servers.lease import locked

# No source of the database's content lies in these.
UNRELATED = {"__pycache__", "docs", "locale", "static", "templates", "tests", "var"}
COMMANDS = ("migrate", "load_content", "seed_demo")
# One process for all of them: loading Django takes longer than each of them does when there is nothing to do.
RUN_THEM = """\
import sys, django
from django.core.management import call_command
django.setup()
for command in sys.argv[1:]:
    call_command(command)
"""
# Exits with PENDING where the tables aren't those of today's sources.
PENDING = 3
ASK_FOR_MIGRATIONS = f"""\
import sys, django
django.setup()
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
executor = MigrationExecutor(connection)
sys.exit({PENDING} if executor.migration_plan(executor.loader.graph.leaf_nodes()) else 0)
"""


def prepare(servers: Servers, environment: Mapping[str, str], *, stream: TextIO, anew: bool) -> None:
    """Run COMMANDS, unless a cluster of ours has been through them: with `anew`, through today's sources.

    Each command does nothing where nothing is to be done. StartError carries the last words of one that
    fails.
    """
    mark = servers.folders.prepared
    sources = fingerprint()
    with locked(servers.folders.data / "prepare.lock"):
        if servers.owns_database:
            before = mark.read_text() if mark.exists() else None
            if before == sources or (before is not None and not anew):
                return
            if before is None:
                say("Preparing a new database: tables, content, the demo library…", stream)
        run_commands(servers, environment)
        if servers.owns_database:
            mark.write_text(sources)


def fingerprint() -> str:
    """Changes with every change of the sources that COMMANDS depend on, told by size and time as make does."""
    seen = hashlib.sha256()
    for folder, subfolders, names in os.walk(CHECKOUT):
        subfolders[:] = sorted(name for name in subfolders if name not in UNRELATED and name[0] != ".")
        for name in sorted(names):
            status = Path(folder, name).lstat()
            seen.update(f"{folder}/{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def is_behind(servers: Servers, environment: Mapping[str, str]) -> bool:
    """Whether a database of ours lacks migrations; one that has been through today's sources does not."""
    if not servers.owns_database or servers.folders.prepared.read_text() == fingerprint():
        return False
    return run_python(ASK_FOR_MIGRATIONS, environment, output=subprocess.DEVNULL) == PENDING


def run_commands(servers: Servers, environment: Mapping[str, str]) -> None:
    log = servers.folders.logs / "prepare.log"
    with log.open("wb") as output:
        code = run_python(RUN_THEM, environment, *COMMANDS, output=output)
    if code:
        words = last_line(log.read_text(errors="replace"))
        raise StartError(f"The database can't be prepared: {words} (log: {log})")


def run_python(program: str, environment: Mapping[str, str], *arguments: str, output: IO[bytes] | int) -> int:
    """Run a few lines that need Django, and return their exit code."""
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env={"DJANGO_SETTINGS_MODULE": "mentorship.settings", **environment},
        cwd=CHECKOUT,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        check=False,
    ).returncode
