"""The embedded broker: what it accepted is still there after the worst."""

import os
import signal

import redis

from servers.accounts import Account
from servers.folders import Folders
from servers.valkey import Valkey, redis_url


def test_an_accepted_task_survives_a_kill(folders: Folders, account: Account) -> None:
    server = Valkey(folders, account)
    server.start()
    with redis.Redis.from_url(redis_url(folders.sockets, 3)) as client:
        client.lpush("mail", "task")
        # The append-only file is written out every second.
        client.execute_command("WAITAOF", 1, 0, 2000)
    assert server.process is not None
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait()
    server.start()
    with redis.Redis.from_url(redis_url(folders.sockets, 3)) as client:
        assert client.lrange("mail", 0, -1) == [b"task"]
        assert client.config_get("port") == {"port": "0"}
    server.stop()
    assert server.process.returncode == 0


def test_a_server_whose_keeper_was_killed_is_stopped_before_the_next_start(
    folders: Folders, account: Account
) -> None:
    first, second = Valkey(folders, account), Valkey(folders, account)
    first.start()
    second.start()
    assert first.process is not None
    assert first.process.wait(5) == 0
    with redis.Redis.from_url(redis_url(folders.sockets)) as client:
        assert client.ping() is True
    second.stop()
