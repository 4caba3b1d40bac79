"""Servers to develop against: a test cluster that stays up, its addresses printed for the shell."""

import signal

from servers.accounts import server_account
from servers.console import say
from servers.folders import data_home, open_folders
from servers.lease import Lease


def serve() -> int:
    """Print `export` lines for DATABASE_URL and REDIS_URL, then keep the servers until SIGINT or SIGTERM."""
    folders = open_folders(data_home("test"), server_account())
    signals = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    leases = [Lease("postgres", folders, "test"), Lease("valkey", folders, "test")]
    try:
        signal.pthread_sigmask(signal.SIG_BLOCK, signals)
        say(f"export DATABASE_URL={leases[0].url}")
        say(f"export REDIS_URL={leases[1].url}")
        say(f"export PATH={leases[0].programs}:$PATH")
        signal.sigwait(signals)
    finally:
        for lease in reversed(leases):
            lease.release()
    return 0
