"""Where the servers keep what they write: a data folder per checkout and a short one for sockets."""

import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from servers.accounts import Account
from servers.failure import StartError

CHECKOUT = Path(__file__).resolve().parent.parent
# What the kernel allows for a socket's path, in bytes, and the longest name that a server gives one.
LONGEST_SOCKET = 107
LONGEST_NAME = ".s.PGSQL.5432"


def short_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def data_home(purpose: str) -> Path:
    """The data folder of this checkout for one purpose ("demo", "test"); DATA_DIR names another parent."""
    if named := os.environ.get("DATA_DIR"):
        return Path(named).absolute() / purpose
    name = f"perennial-{short_hash(str(CHECKOUT))}"
    if os.geteuid() == 0:
        return Path("/var/lib") / name / purpose
    own = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share")
    nearest = next(folder for folder in (own, *own.parents) if folder.exists())
    if os.access(nearest, os.W_OK):
        return own / name / purpose
    return CHECKOUT / "var" / purpose


@dataclass(frozen=True)
class Folders:
    """The folders of one set of servers."""

    data: Path
    account: Account

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def mail(self) -> Path:
        return self.data / "mail"

    @property
    def prepared(self) -> Path:
        """Exists when the cluster in this folder has its tables and the demo's people."""
        return self.data / "prepared"

    def sockets(self, kind: str) -> Path:
        """The folder of one server's socket; its name is short and always the same for this data folder."""
        name = f"perennial-{self.account.name}-{short_hash(f'{self.data}/{kind}')}"
        folder = Path(tempfile.gettempdir()) / name
        if not self.account.is_ours or len(os.fsencode(folder / LONGEST_NAME)) > LONGEST_SOCKET:
            folder = Path("/tmp") / name  # noqa: S108 (make_private looks whose it is)
        return folder

    @property
    def copies(self) -> Path:
        return self.data / "programs"


def open_folders(data: Path, account: Account) -> Folders:
    """Create what is missing; StartError if a folder can't be made."""
    try:
        for folder in reversed([data, *data.parents]):
            if not folder.exists():
                folder.mkdir(exist_ok=True)
                # Another account passes through on the way to its own subfolder, but can't list.
                folder.chmod(0o711)
        for private in ("logs", "mail"):
            (data / private).mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        problem = f"Can't use the data folder {data}: {error.strerror}"
        raise StartError(f"{problem}. Set DATA_DIR to another one.") from error
    return Folders(data, account)


def make_private(folder: Path, account: Account) -> None:
    """Create a folder of sockets, or check that it is still the account's alone.

    The temporary directory is everybody's: never follow a link or use what another account made.
    """
    try:
        account.make_folder(folder)
        found = folder.lstat()
    except OSError as error:
        raise StartError(f"Can't create {folder} for sockets: {error.strerror}.") from error
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid or found.st_mode & 0o077:
        raise StartError(f"{folder} is not a private folder of {account.name}: remove it.")
