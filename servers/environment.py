"""What the children get to read: the addresses of the servers, and settings that the demo needs.

A value that the caller's environment already has always wins.
"""

import base64
import os
import secrets
import socket
from contextlib import ExitStack
from urllib.parse import unquote, urlsplit

from servers import valkey
from servers.accounts import server_account
from servers.failure import StartError
from servers.folders import Folders, data_home, open_folders
from servers.lease import Lease, locked
from servers.running import Running

DEFAULT_PORT = 8000
POSTGRES_PORT = 5432
REDIS_PORT = 6379
# Asks a PostgreSQL server whether it speaks TLS: the one question it answers before any sign-in.
SSL_REQUEST = bytes.fromhex("0000000804d2162f")
SECONDS_TO_CONNECT = 3

TEST_SETTINGS = {
    "PERENNIAL_TEST": "1",
    "DEMO": "true",
    "PUBLIC_URL": "http://testserver",
    "SECRET_KEY": "for-tests-only",
    "ENCRYPTION_KEYS": "k001:" + base64.b64encode(b"01234567890123456789012345678901").decode(),
    # Playwright's synchronous interface runs an event loop in the thread that also uses the database.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
}


def port() -> int:
    """The web server's port from PORT."""
    said = os.environ.get("PORT", "").strip() or str(DEFAULT_PORT)
    if not said.isascii() or not said.isdigit() or not 0 < int(said) < 65536:
        raise StartError(f"PORT must be a number from 1 to 65535, not “{said}”.")
    return int(said)


def check_database_url(url: str) -> None:
    """StartError if a DATABASE_URL can't be read or nobody answers there; the password isn't tried."""
    try:
        parts = urlsplit(url)
        path = unquote(parts.path)[1:]
        host, number = unquote(parts.hostname or "localhost"), parts.port or POSTGRES_PORT
        if parts.scheme not in {"postgres", "postgresql"} or not path:
            raise ValueError
    except ValueError:
        raise StartError(
            "DATABASE_URL can't be read: it must look like postgres://user:password@host:5432/database."
        ) from None
    where: str | tuple[str, int] = (
        f"{path.rpartition('/')[0]}/.s.PGSQL.{number}" if path.startswith("/") else (host, number)
    )
    try:
        with connect(where) as connection:
            connection.sendall(SSL_REQUEST)
            answer = connection.recv(1)
    except OSError as error:
        problem = f"can't reach PostgreSQL at {shown(where)}: {reason(error)}"
        raise StartError(f"DATABASE_URL: {problem}.") from None
    if answer not in {b"S", b"N"}:
        raise StartError(f"DATABASE_URL: what answers at {shown(where)} is not PostgreSQL.")


def check_redis_url(url: str) -> None:
    """StartError if a REDIS_URL can't be read or nobody answers there; the password isn't tried."""
    try:
        parts = urlsplit(url)
        if parts.scheme not in {"redis", "rediss", "unix"}:
            raise ValueError
        address = (parts.hostname or "localhost", parts.port or REDIS_PORT)
        where: str | tuple[str, int] = parts.path if parts.scheme == "unix" else address
    except ValueError:
        raise StartError(
            "REDIS_URL can't be read: it must look like redis://host:6379/0 or unix:///path/to/socket?db=0."
        ) from None
    try:
        with connect(where) as connection:
            # Behind TLS, being there is all that can be asked without a certificate check.
            if parts.scheme != "rediss" and not valkey.speaks(connection):
                raise StartError(f"REDIS_URL: what answers at {shown(where)} is neither Redis nor Valkey.")
    except OSError as error:
        raise StartError(f"REDIS_URL: can't reach a broker at {shown(where)}: {reason(error)}.") from None


def connect(where: str | tuple[str, int]) -> socket.socket:
    if isinstance(where, tuple):
        return socket.create_connection(where, SECONDS_TO_CONNECT)
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(SECONDS_TO_CONNECT)
    connection.connect(where)
    return connection


def shown(where: str | tuple[str, int]) -> str:
    return where if isinstance(where, str) else f"{where[0]}:{where[1]}"


def reason(error: OSError) -> str:
    return "no answer" if isinstance(error, TimeoutError) else error.strerror or str(error)


def kept_secrets(folders: Folders) -> dict[str, str]:
    """SECRET_KEY and ENCRYPTION_KEYS, made once and kept in the data folder, readable by its owner alone."""
    path = folders.data / "secrets.env"
    with locked(folders.data / "secrets.lock"):
        if not path.exists():
            key = base64.b64encode(secrets.token_bytes(32)).decode()
            half_done = path.with_suffix(".new")
            with os.fdopen(os.open(half_done, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                file.write(f"SECRET_KEY={secrets.token_urlsafe(50)}\nENCRYPTION_KEYS=k001:{key}\n")
            half_done.rename(path)
    return dict(line.split("=", 1) for line in path.read_text().splitlines())


class Servers(Running):
    """A running PostgreSQL and a running broker, ours or those that the caller's environment names."""

    def __init__(self, purpose: str) -> None:
        self.folders = open_folders(data_home(purpose), server_account())
        self._purpose = purpose
        self._open = ExitStack()
        self.leases: list[Lease] = []
        self.environment = dict(os.environ)
        self.owns_database = not os.environ.get("DATABASE_URL")

    def _start(self) -> None:
        if self.owns_database:
            database = self._lease(Lease("postgres", self.folders, self._purpose))
            self.environment["DATABASE_URL"] = database.url
            # pg_dump and psql must not be older than the server.
            self.environment["PATH"] = f"{database.programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        else:
            check_database_url(os.environ["DATABASE_URL"])
        if os.environ.get("REDIS_URL"):
            check_redis_url(os.environ["REDIS_URL"])
        else:
            self.environment["REDIS_URL"] = self._lease(Lease("valkey", self.folders, self._purpose)).url

    def _stop(self) -> None:
        self._open.close()

    def _lease(self, lease: Lease) -> Lease:
        self.leases.append(lease)
        self._open.callback(lease.release)
        return lease


def demo_environment(servers: Servers, port_number: int) -> dict[str, str]:
    """The environment of every process of the demo, and of management commands beside it."""
    defaults = {
        "DEMO": "true",
        "PORT": str(port_number),
        "PUBLIC_URL": f"http://127.0.0.1:{port_number}",
        "MAIL_DIR": str(servers.folders.mail),
        **kept_secrets(servers.folders),
    }
    return defaults | servers.environment


def test_environment(servers: Servers, slot: int) -> dict[str, str]:
    """The environment of one test run; runs at the same time differ by their slot."""
    environment = servers.environment | TEST_SETTINGS
    if servers.owns_database:
        environment["DATABASE_URL"] += f"_{slot}"
    if not os.environ.get("REDIS_URL"):
        environment["REDIS_URL"] = environment["REDIS_URL"].replace("?db=0", f"?db={slot * 16}")
    return environment
