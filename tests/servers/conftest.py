"""Data folders of their own for the servers that these tests start and stop."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from servers.accounts import server_account
from servers.folders import Folders, open_folders


@pytest.fixture(scope="session")
def make_folders() -> Iterator[Callable[[], Folders]]:
    """Makes data folders; pytest's own temporary folders are closed to the servers' account."""
    made: list[Folders] = []

    def make() -> Folders:
        parent = Path(tempfile.mkdtemp(prefix="servers-"))
        parent.chmod(0o711)
        made.append(open_folders(parent / "data", server_account()))
        return made[-1]

    yield make
    for folders in made:
        shutil.rmtree(folders.data.parent)


@pytest.fixture
def folders(make_folders: Callable[[], Folders]) -> Folders:
    return make_folders()
