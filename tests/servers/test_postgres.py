"""The embedded cluster: made once, robust against every kind of end."""

import os
import signal
from collections.abc import Callable, Iterator

import environ
import psycopg2
import pytest

from servers import postgres
from servers.failure import StartError
from servers.folders import Folders
from servers.postgres import Postgres


@pytest.fixture(scope="module")
def server(make_folders: Callable[[], Folders]) -> Iterator[Postgres]:
    server = Postgres(make_folders())
    server.start()
    yield server
    server.stop()


def ask(server: Postgres, query: str) -> object:
    """The first value of a query's answer, over the same URL that the application gets."""
    where = {"host": str(server.sockets), "user": postgres.OWNER, "dbname": postgres.DATABASE}
    connection = psycopg2.connect(**where)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(query)
            row = cursor.fetchone()
            return row[0] if row else None
    finally:
        connection.close()


def pid(server: Postgres) -> int:
    assert server.process is not None
    return server.process.pid


def test_the_url_reads_as_a_socket_and_a_database(server: Postgres) -> None:
    config = environ.Env.db_url_config(postgres.database_url(server.sockets))
    assert (config["HOST"], config["NAME"], config["USER"]) == (
        str(server.sockets),
        "perennial",
        "perennial",
    )


def test_nothing_listens_on_the_network(server: Postgres) -> None:
    assert ask(server, "SELECT current_setting('listen_addresses')") == ""


def test_text_is_unicode_and_sorts_alike_everywhere(server: Postgres) -> None:
    query = "SELECT pg_encoding_to_char(encoding) || ' ' || datcollate FROM pg_database WHERE datname = 'perennial'"
    assert ask(server, query) == "UTF8 C.UTF-8"


def test_committed_data_survives_a_restart_and_a_kill(server: Postgres) -> None:
    ask(server, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (41) RETURNING n")
    server.stop()
    server.start()
    assert ask(server, "UPDATE kept SET n = 42 RETURNING n") == 42
    os.kill(pid(server), signal.SIGKILL)
    server.start()
    assert ask(server, "SELECT n FROM kept") == 42


def test_a_server_whose_keeper_was_killed_is_stopped_before_the_next_start(server: Postgres) -> None:
    before = pid(server)
    again = Postgres(server.folders)
    again.start()
    assert ask(again, "SELECT 1") == 1
    assert pid(again) != before
    assert server.process is not None
    assert server.process.poll() == 0
    server.process = again.process


def test_a_pid_file_that_names_a_stranger_stops_nobody(server: Postgres) -> None:
    server.stop()
    (server.cluster / "postmaster.pid").write_text(f"{os.getpid()}\n{server.cluster}\n")
    server.start()
    assert ask(server, "SELECT 1") == 1


def test_the_major_version_is_in_the_clusters_name(server: Postgres) -> None:
    version = (server.cluster / "PG_VERSION").read_text().strip()
    assert server.cluster.name == f"postgres-{version}"


def test_a_damaged_test_cluster_is_made_anew_and_a_damaged_demo_is_left_alone(folders: Folders) -> None:
    for_tests = Postgres(folders, durable=False)
    for_tests.start()
    assert ask(for_tests, "SHOW fsync") == "off"
    for_tests.stop()
    (for_tests.cluster / "global" / "pg_control").unlink()

    with pytest.raises(StartError, match=r"^PostgreSQL did not start: .*global/pg_control.*: No such file"):
        Postgres(folders).start()
    assert not (for_tests.cluster / "global" / "pg_control").exists()

    for_tests.start()
    assert ask(for_tests, "SELECT 1") == 1
    for_tests.stop()


def test_a_wrong_bin_directory_is_named(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMBEDDED_PG_BIN", "/nowhere")
    with pytest.raises(StartError, match=r"^EMBEDDED_PG_BIN: the account \S+ can't run /nowhere/initdb\.$"):
        Postgres(folders)
