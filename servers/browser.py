"""Debian's Chromium for the browser tests: installed by root where it is missing, else asked for."""

import ctypes
import os
import shutil
import subprocess
import sys

from servers.console import say
from servers.failure import StartError, last_line

PACKAGES = ("chromium", "libatomic1")
ENVIRONMENT = {"DEBIAN_FRONTEND": "noninteractive"}


def missing() -> list[str]:
    """The Debian packages that the browser tests still need; Playwright's driver needs libatomic1."""
    absent = [] if shutil.which("chromium") else ["chromium"]
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        absent.append("libatomic1")
    return absent


def ensure() -> None:
    """Install what is missing, as root; otherwise say what will be skipped. With CI=true, StartError."""
    if not missing():
        return
    problem = (
        install()
        if os.geteuid() == 0 and shutil.which("apt-get")
        else f"root can install it with apt-get install {' '.join(missing())}"
    )
    if absent := missing():
        wanted = ", ".join(absent)
        if os.environ.get("CI") == "true":
            raise StartError(f"The browser tests need {wanted}; {problem}.")
        say(f"Browser tests are skipped. Missing: {wanted}; {problem}.", sys.stderr)


def install() -> str:
    """Install the missing packages; returns what went wrong, if something did."""
    say(f"Installing {' and '.join(missing())} for the browser tests…", sys.stderr)
    wait = ["-o", "DPkg::Lock::Timeout=120"]
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", *missing()]):
        done = subprocess.run(
            ["apt-get", "--quiet", *wait, *arguments],
            env=os.environ | ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            return f"apt-get {arguments[0]} failed: {last_line(done.stdout)}"
    return "apt-get installed something else"
