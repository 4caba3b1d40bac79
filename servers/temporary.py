"""A PostgreSQL and a Valkey for one program alone, which may crash them; all that they wrote is gone afterwards."""

import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

from servers.accounts import server_account
from servers.folders import open_folders
from servers.postgres import Postgres
from servers.running import Running
from servers.valkey import Valkey


class TemporaryServers(Running):
    """Both run as long as the `with` block, as children of its thread, which must be the main one.

    The database survives a crash with all that was committed; the broker comes back empty, as one without
    persistence does. `folder` also has a place for the logs of whoever uses them.
    """

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._open = ExitStack()

    @property
    def environment(self) -> dict[str, str]:
        """The addresses of both, as the settings read them."""
        return {"DATABASE_URL": self.database.url, "REDIS_URL": self.broker.url}

    def _start(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=self._prefix))
        self._open.callback(shutil.rmtree, self.folder)
        # The servers' account passes through on the way to its own subfolders, but can't list.
        self.folder.chmod(0o711)
        self.folders = open_folders(self.folder, server_account())
        self.database = Postgres(self.folders)
        self.broker = Valkey(self.folders, durable=False)
        for server in (self.database, self.broker):
            self._open.callback(server.stop)
            self._open.callback(server.crash)  # nobody needs what a clean shutdown would write
            server.start()

    def _stop(self) -> None:
        self._open.close()
