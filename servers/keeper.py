"""The parent of one server: runs it while anybody holds its lease, stops it when the last one is gone.

A process of its own, so that a server outlives the command that happened to start it first; and nobody
has to say goodbye, for the kernel drops a dead process's locks.
"""

import fcntl
import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType
from typing import NoReturn

from servers.accounts import server_account
from servers.failure import StartError
from servers.folders import open_folders
from servers.postgres import Postgres
from servers.valkey import Valkey

SECONDS_BETWEEN_LOOKS = 0.2


def leave(_number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(0)


def nobody_holds(lease: int) -> bool:
    """Whether the lease is free; if it is, it is now ours and newcomers wait until we are gone."""
    try:
        fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def keep(kind: str, data: Path, purpose: str, note: int, report: int) -> None:
    """Start a server, write its URL into the locked file `note` and a line to `report`, and watch it.

    The line is "ready" or "failed: " with a reason.
    """
    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    folders = open_folders(data, server_account())
    server: Postgres | Valkey | None = None
    durable = purpose != "test"
    try:
        server = Postgres(folders, durable) if kind == "postgres" else Valkey(folders, durable)
        server.start()
        os.pwrite(note, f"{os.getpid()}\n{server.url}\n{server.program_folder}\n".encode(), 0)
        os.write(report, b"ready\n")
        os.close(report)
        lease = os.open(data / f"{kind}.lease", os.O_RDWR)
        while server.process is not None and server.process.poll() is None and not nobody_holds(lease):
            time.sleep(SECONDS_BETWEEN_LOOKS)
    except (StartError, OSError) as failure:
        os.write(report, f"failed: {failure}\n".encode())
        sys.exit(1)
    finally:
        if server is not None:
            server.stop()


if __name__ == "__main__":
    keep(sys.argv[1], Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
