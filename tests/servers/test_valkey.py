"""The embedded broker: what it accepted is still there after the worst."""

import os
import signal

import pytest
import redis

from servers.failure import StartError
from servers.folders import Folders
from servers.valkey import Valkey, redis_url


def test_an_accepted_task_survives_a_kill(folders: Folders) -> None:
    server = Valkey(folders)
    server.start()
    with redis.Redis.from_url(redis_url(folders.sockets("valkey"), 3)) as client:
        client.lpush("mail", "task")
        # The append-only file is written out every second.
        client.execute_command("WAITAOF", 1, 0, 2000)
    assert server.process is not None
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait()
    server.start()
    with redis.Redis.from_url(redis_url(folders.sockets("valkey"), 3)) as client:
        assert client.lrange("mail", 0, -1) == [b"task"]
        assert client.config_get("port") == {"port": "0"}
    server.stop()
    assert server.process.returncode == 0


def test_a_server_whose_keeper_was_killed_is_stopped_before_the_next_start(folders: Folders) -> None:
    first, second = Valkey(folders), Valkey(folders)
    first.start()
    second.start()
    assert first.process is not None
    assert first.process.wait(5) == 0
    with redis.Redis.from_url(redis_url(folders.sockets("valkey"))) as client:
        assert client.ping() is True
    second.stop()


def test_a_socket_folder_of_somebody_else_is_not_used(folders: Folders) -> None:
    sockets = folders.sockets("valkey")
    sockets.symlink_to(folders.data)
    with pytest.raises(StartError) as failure:
        Valkey(folders).start()
    sockets.unlink()
    assert str(failure.value) == f"{sockets} is not a private folder of {folders.account.name}: remove it."
