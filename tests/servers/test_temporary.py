"""Servers that one program may crash: the database keeps what was committed, the broker nothing, the disk neither."""

import tempfile
from pathlib import Path

import pytest
import redis

from servers.temporary import TemporaryServers
from tests.servers.observing import is_alive
from tests.servers.test_postgres import ask


def test_a_crashed_database_recovers_and_a_crashed_broker_comes_back_empty() -> None:
    with TemporaryServers("servers-") as servers:
        ask(servers.database, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (42) RETURNING n")
        servers.database.crash()
        servers.database.start()
        assert ask(servers.database, "SELECT n FROM kept") == 42
        assert ask(servers.database, "SHOW fsync") == "on"
        assert "automatic recovery in progress" in servers.database.log.read_text()
        with redis.Redis.from_url(servers.environment["REDIS_URL"]) as client:
            client.lpush("mail", "task")
        servers.broker.crash()
        servers.broker.start()
        with redis.Redis.from_url(servers.environment["REDIS_URL"]) as client:
            assert client.exists("mail") == 0


@pytest.mark.parametrize("goes_well", [True, False])
def test_nothing_of_them_is_left_whatever_happened_meanwhile(goes_well: bool) -> None:
    try:
        with TemporaryServers("servers-left-") as servers:
            if not goes_well:
                servers.broker.crash()
                raise RuntimeError
    except RuntimeError:
        pass
    assert servers.folder.parent == Path(tempfile.gettempdir())
    for server in (servers.database, servers.broker):
        assert server.process is not None
        assert not is_alive(server.process.pid)
        assert not server.sockets.exists()
    assert not servers.folder.exists()
