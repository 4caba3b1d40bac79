"""Who starts a shared server and who stops it, also when somebody is killed."""

import signal
import subprocess
from pathlib import Path

import pytest

from servers import processes, valkey
from servers.failure import StartError
from servers.folders import Folders
from servers.lease import Lease
from tests.servers.observing import is_alive, said, start_script

HOLDER = """
import sys, time
from pathlib import Path
from servers.accounts import server_account
from servers.folders import open_folders
from servers.lease import Lease
lease = Lease("valkey", open_folders(Path(sys.argv[1]), server_account()), "test")
print((Path(sys.argv[1]) / "valkey.keeper").read_text().split()[0], flush=True)
if sys.argv[2] == "stay":
    time.sleep(60)
lease.release()
"""


def keeper_of(folders: Folders) -> int:
    return int((folders.data / "valkey.keeper").read_text().split()[0])


def server_of(folders: Folders) -> int:
    return int((folders.data / "valkey" / "valkey.pid").read_text())


def test_the_first_one_starts_the_server_and_the_last_one_out_stops_it(folders: Folders) -> None:
    first = Lease("valkey", folders, "test")
    second = Lease("valkey", folders, "test")
    server = server_of(folders)
    assert first.url == second.url
    first.release()
    assert second.alive()
    assert is_alive(server)
    second.release()
    assert not is_alive(server)
    assert not is_alive(keeper_of(folders))


def test_several_that_start_at_once_share_one_server(folders: Folders) -> None:
    holders = [start_script(HOLDER, str(folders.data), "stay") for _number in range(3)]
    keepers = {said(holder) for holder in holders}
    assert keepers == {str(keeper_of(folders))}
    for holder in holders:
        holder.kill()
        holder.communicate()
    assert processes.wait_until(lambda: not is_alive(keeper_of(folders)), 5)


def test_a_server_ends_when_its_last_user_is_killed(folders: Folders) -> None:
    holder = start_script(HOLDER, str(folders.data), "stay")
    said(holder)
    server = server_of(folders)
    holder.kill()
    holder.communicate()
    assert processes.wait_until(lambda: not is_alive(server), 5)


def test_a_server_outlives_who_started_it_while_others_use_it(folders: Folders) -> None:
    starter = start_script(HOLDER, str(folders.data), "stay")
    said(starter)
    lease = Lease("valkey", folders, "test")
    starter.kill()
    starter.communicate()
    assert lease.alive()
    assert valkey.answers(folders.sockets("valkey") / "valkey.sock")
    lease.release()


def test_a_server_ends_when_its_keeper_is_killed_and_the_next_lease_starts_another(folders: Folders) -> None:
    lease = Lease("valkey", folders, "test")
    server = server_of(folders)
    subprocess.run(["kill", "-KILL", str(keeper_of(folders))], check=True)
    assert processes.wait_until(lambda: not is_alive(server), 5)
    assert not lease.alive()
    lease.release()
    again = Lease("valkey", folders, "test")
    assert valkey.answers(folders.sockets("valkey") / "valkey.sock")
    again.release()


def test_users_learn_that_a_server_died(folders: Folders) -> None:
    lease = Lease("valkey", folders, "test")
    subprocess.run(["kill", "-KILL", str(server_of(folders))], check=True)
    assert processes.wait_until(lambda: not lease.alive(), 5)
    lease.release()


def test_a_server_that_cannot_start_says_why_in_one_line(folders: Folders) -> None:
    (folders.data / "valkey").write_text("a file where the folder should be")
    with pytest.raises(StartError) as failure:
        Lease("valkey", folders, "test")
    assert "\n" not in str(failure.value)
    assert str(folders.data / "valkey") in str(failure.value)


def test_a_stop_signal_while_starting_leaves_nothing(folders: Folders) -> None:
    holder = start_script(HOLDER, str(folders.data), "stay")
    note: Path = folders.data / "valkey.keeper"
    assert processes.wait_until(lambda: note.exists() and note.read_text() != "", 5, every=0.001)
    holder.send_signal(signal.SIGINT)
    holder.communicate()
    assert processes.wait_until(lambda: not is_alive(keeper_of(folders)), 5)
    assert not valkey.answers(folders.sockets("valkey") / "valkey.sock")
