"""Settings: what a malformed one says, which ones we supply, and that the caller's always win."""

import socket
import stat
import threading
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from servers import testing
from servers.environment import (
    Servers,
    check_database_url,
    check_redis_url,
    demo_environment,
    kept_secrets,
    port,
)
from servers.environment import (
    test_environment as environment_of_tests,
)
from servers.failure import StartError
from servers.folders import Folders

MALFORMED_DATABASE_URL = "DATABASE_URL can't be read: it must look like postgres://user:password@host:5432/database."
MALFORMED_REDIS_URL = "REDIS_URL can't be read: it must look like redis://host:6379/0 or unix:///path/to/socket?db=0."


@pytest.fixture
def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def mute_server() -> Iterator[int]:
    """A port where somebody answers, who speaks neither PostgreSQL nor Redis."""
    with ExitStack() as stack:
        server = stack.enter_context(socket.create_server(("127.0.0.1", 0)))

        def hang_up() -> None:
            connection, _address = server.accept()
            connection.recv(64)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n")
            connection.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        yield int(server.getsockname()[1])
        thread.join()


@pytest.mark.parametrize("said", ["abc", "0", "65536", "-1", "80 00", "８０"])
def test_a_port_that_is_none_is_refused_in_one_line(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", said)
    with pytest.raises(StartError) as failure:
        port()
    assert str(failure.value) == f"PORT must be a number from 1 to 65535, not “{said}”."


@pytest.mark.parametrize(("said", "meant"), [("", 8000), (" 8010 ", 8010)])
def test_the_port_has_a_default(said: str, meant: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", said)
    assert port() == meant


@pytest.mark.parametrize(
    "url", ["nonsense", "mysql://localhost/x", "postgres://localhost", "postgres://h:port/x", "postgres://[::1/x"]
)
def test_a_malformed_database_url_is_refused_in_one_line(url: str) -> None:
    with pytest.raises(StartError) as failure:
        check_database_url(url)
    assert str(failure.value) == MALFORMED_DATABASE_URL


@pytest.mark.parametrize("url", ["nonsense", "http://localhost", "redis://localhost:x/0"])
def test_a_malformed_redis_url_is_refused_in_one_line(url: str) -> None:
    with pytest.raises(StartError) as failure:
        check_redis_url(url)
    assert str(failure.value) == MALFORMED_REDIS_URL


def test_a_database_that_is_not_there_is_named_without_its_password(closed_port: int) -> None:
    with pytest.raises(StartError) as failure:
        check_database_url(f"postgres://me:hush@127.0.0.1:{closed_port}/library")
    assert str(failure.value) == (
        f"DATABASE_URL: can't reach PostgreSQL at 127.0.0.1:{closed_port}: Connection refused."
    )


def test_a_broker_that_is_not_there_is_named_without_its_password(closed_port: int) -> None:
    with pytest.raises(StartError) as failure:
        check_redis_url(f"redis://:hush@127.0.0.1:{closed_port}/0")
    assert str(failure.value) == (f"REDIS_URL: can't reach a broker at 127.0.0.1:{closed_port}: Connection refused.")


def test_a_socket_that_is_not_there_is_named() -> None:
    with pytest.raises(StartError) as failure:
        check_database_url("postgres://me@//nowhere/at%20all/library")
    assert str(failure.value) == (
        "DATABASE_URL: can't reach PostgreSQL at /nowhere/at all/.s.PGSQL.5432: No such file or directory."
    )


def test_something_else_at_the_databases_address_is_told(mute_server: int) -> None:
    with pytest.raises(StartError, match="is not PostgreSQL"):
        check_database_url(f"postgres://127.0.0.1:{mute_server}/library")


def test_something_else_at_the_brokers_address_is_told(mute_server: int) -> None:
    with pytest.raises(StartError, match="is neither Redis nor Valkey"):
        check_redis_url(f"redis://127.0.0.1:{mute_server}/0")


def test_secrets_are_made_once_and_only_their_owner_reads_them(folders: Folders) -> None:
    first = kept_secrets(folders)
    assert kept_secrets(folders) == first
    assert stat.S_IMODE((folders.data / "secrets.env").stat().st_mode) == 0o600
    assert first["ENCRYPTION_KEYS"].startswith("k001:")


@pytest.fixture
def servers(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> Servers:
    """The servers of a run, not started: only what the environment is made of."""
    monkeypatch.setenv("DATA_DIR", str(folders.data.parent))
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    servers = Servers("data")
    servers.environment = {"DATABASE_URL": "postgres://u@//s/perennial", "REDIS_URL": "unix:///s/v?db=0"}
    return servers


def test_the_demo_gets_every_setting_it_needs(servers: Servers) -> None:
    environment = demo_environment(servers, 8010)
    assert environment["DEMO"] == "true"
    assert environment["PUBLIC_URL"] == "http://127.0.0.1:8010"
    assert environment["MAIL_DIR"] == str(servers.folders.mail)
    assert environment["SECRET_KEY"] == kept_secrets(servers.folders)["SECRET_KEY"]


def test_a_setting_of_the_caller_wins(servers: Servers) -> None:
    servers.environment["PUBLIC_URL"] = "http://localhost:9"
    assert demo_environment(servers, 8010)["PUBLIC_URL"] == "http://localhost:9"


def test_runs_at_the_same_time_use_other_databases(servers: Servers) -> None:
    slots = [testing.take_slot(servers.folders) for _run in range(2)]
    first, second = (environment_of_tests(servers, slot) for slot in slots)
    assert slots == [0, 1]
    assert first["DATABASE_URL"] == "postgres://u@//s/perennial_0"
    assert second["DATABASE_URL"] == "postgres://u@//s/perennial_1"
    assert first["REDIS_URL"] == "unix:///s/v?db=0"
    assert second["REDIS_URL"] == "unix:///s/v?db=16"
