"""How the tests look at processes from outside."""

import subprocess
import sys
from pathlib import Path

from servers.folders import CHECKOUT


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and was not yet waited for doesn't."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def start_script(text: str, *arguments: str) -> subprocess.Popen[str]:
    """Run Python text that imports `servers`; its standard output is a pipe."""
    return subprocess.Popen([sys.executable, "-c", text, *arguments], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)


def said(process: subprocess.Popen[str]) -> str:
    """The next line that a script prints."""
    assert process.stdout is not None
    return process.stdout.readline().strip()
