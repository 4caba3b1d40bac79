#!/usr/bin/env python3
"""The first step on a bare machine: makes the environment in .venv, then hands over to manage.py.

Python's standard library only, and nothing that an older Python couldn't parse.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit("Perennial needs Python 3.11 or newer; this is Python %d.%d." % sys.version_info[:2])  # noqa: UP031

import fcntl
import hashlib
import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent
TOOLS = ROOT / ".tools"
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
LOCK = ROOT / "requirements.lock"
STAMP = ENVIRONMENT / "stamp"
UV_VERSION = "0.13.9"
USAGE = """\
usage: python3 run.py demo                 the whole product with a demo library, until Ctrl-C
       python3 run.py test [ARGUMENTS]     the test suite; with pytest's arguments, only what they name
       python3 run.py manage COMMAND …     a management command on the demo's database"""


def expected_stamp() -> str:
    """Two lines: one changes with Python and the place, for .venv can't be moved; one with the packages."""
    place = [sys.version, sys.executable, str(ROOT)]
    packages = [LOCK.read_text(), UV_VERSION]
    return "".join(hashlib.sha256("\0".join(parts).encode()).hexdigest() + "\n" for parts in (place, packages))


def present_stamp() -> str:
    try:
        return STAMP.read_text() if PYTHON.exists() else ""
    except FileNotFoundError:
        return ""


def run(what: str, arguments: "list[str]", environment: "dict[str, str]") -> None:
    """Run a step in silence; if it fails, end with one line made of its last words."""
    done = subprocess.run(
        arguments, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        lines = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        telling = [line for line in lines if line.lower().startswith(("error", "caused by", "no module"))]
        sys.exit(f"Can't {what}: {' · '.join((telling or lines or ['it said nothing'])[-3:])}")


def install() -> None:
    """Fetch uv with pip, and with it exactly the locked packages into .venv."""
    sys.stderr.write("Installing what Perennial needs…\n")
    environment = os.environ | {
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_USER": "0",
        "PIP_REQUIRE_VIRTUALENV": "0",
        "UV_COMPILE_BYTECODE": "1",
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_SYSTEM_CERTS": "1",
    }
    # uv doesn't read pip's settings; whoever has pip look elsewhere means all of it.
    if "PIP_INDEX_URL" in os.environ:
        environment.setdefault("UV_DEFAULT_INDEX", os.environ["PIP_INDEX_URL"])
    if not os.access(Path.home(), os.W_OK):
        environment.setdefault("UV_CACHE_DIR", str(TOOLS / "cache"))
    environment.pop("VIRTUAL_ENV", None)
    uv = str(TOOLS / "bin" / "uv")
    if not (TOOLS / f"uv-{UV_VERSION}.dist-info").exists() or not os.access(uv, os.X_OK):
        run(
            "install uv with pip (Debian: apt install python3-pip)",
            [
                *(sys.executable, "-m", "pip", "install", "--quiet", "--no-input", "--no-deps", "--upgrade"),
                *("--target", str(TOOLS), f"uv=={UV_VERSION}"),
            ],
            environment,
        )
    if present_stamp().partition("\n")[0] != expected_stamp().partition("\n")[0]:
        run(
            "make .venv",
            [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(ENVIRONMENT)],
            environment,
        )
    run(
        "install the locked packages",
        [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", str(PYTHON), str(LOCK)],
        environment,
    )


def prepare() -> None:
    """Install unless that was done for this lock and this Python; safe when several start at once."""
    if present_stamp() == expected_stamp():
        return
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if present_stamp() != expected_stamp():
            install()
            STAMP.write_text(expected_stamp())


def main() -> None:
    if sys.argv[1:2] not in (["demo"], ["test"], ["manage"]):
        sys.stderr.write(USAGE + "\n")
        sys.exit(2)
    try:
        prepare()
    except KeyboardInterrupt:
        sys.exit("Interrupted.")
    except OSError as error:
        sys.exit(f"Can't prepare the environment in {ROOT}: {error.filename or ''}: {error.strerror}")
    command = "embedded" if sys.argv[1] == "manage" else sys.argv[1]
    # Without its compiled files each start would take seconds longer.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.execv(PYTHON, [str(PYTHON), str(ROOT / "manage.py"), command, *sys.argv[2:]])  # noqa: S606


if __name__ == "__main__":
    main()
