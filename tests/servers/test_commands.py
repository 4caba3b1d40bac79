"""The commands as a person meets them: one clear line for each failure, and exit codes that tell."""

import ast
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from servers.command import BEHIND
from servers.environment import Servers
from servers.folders import CHECKOUT, Folders


def run(program: str, *arguments: str, stdin: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, program, *arguments],
        cwd=CHECKOUT,
        env={**os.environ, **settings},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def told(done: subprocess.CompletedProcess[str]) -> tuple[int, str, str]:
    return done.returncode, done.stdout, done.stderr


def test_a_taken_port_is_one_clear_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        done = run("manage.py", "demo", PORT=str(number))
    assert told(done) == (1, "", f"port {number} is in use: set PORT=… to another one.\n")


def test_a_malformed_port_is_one_clear_line() -> None:
    assert told(run("manage.py", "demo", PORT="http")) == (
        1,
        "",
        "PORT must be a number from 1 to 65535, not “http”.\n",
    )


def test_a_database_that_is_not_there_is_one_clear_line(folders: Folders) -> None:
    done = run("manage.py", "embedded", "check", DATABASE_URL="postgres://127.0.0.1:1/x", DATA_DIR=str(folders.data))
    line = "DATABASE_URL: can't reach PostgreSQL at 127.0.0.1:1: Connection refused.\n"
    assert told(done) == (1, "", line)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_closed_data_folder_is_one_clear_line(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    done = run("manage.py", "embedded", "check", DATA_DIR=str(tmp_path))
    line = f"Can't use the data folder {tmp_path / 'demo'}: Permission denied. Set DATA_DIR to another one.\n"
    assert told(done) == (1, "", line)


def test_a_data_folder_that_cannot_be_made_is_one_clear_line() -> None:
    done = run("manage.py", "embedded", "check", DATA_DIR="/dev/full/data")
    line = "Can't use the data folder /dev/full/data/demo: Not a directory. Set DATA_DIR to another one.\n"
    assert told(done) == (1, "", line)


def test_a_management_command_keeps_its_output_its_input_and_its_exit_code(folders: Folders) -> None:
    text = "import sys; print(sys.stdin.read().upper()); sys.exit(7)"
    done = run(
        "manage.py", "embedded", "shell", "--no-imports", "--command", text, stdin="hear", DATA_DIR=str(folders.data)
    )
    assert told(done) == (7, "HEAR\n", "")


def test_a_command_that_fails_on_the_tables_of_an_earlier_version_is_followed_by_what_brings_them(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("DATA_DIR", str(folders.data))
    with Servers("demo") as servers:
        servers.folders.prepared.write_text("an earlier version")

    def shell(text: str) -> tuple[int, str, str]:
        return told(run("manage.py", "embedded", "shell", "--no-imports", "--command", text))

    assert shell("import sys; sys.exit(7)") == (7, "", f"{BEHIND}\n")
    assert shell("print(1)") == (0, "1\n", "")
    assert run("manage.py", "embedded", "migrate").returncode == 0
    assert shell("import sys; sys.exit(7)") == (7, "", "")


def test_run_py_parses_on_pythons_that_are_too_old() -> None:
    ast.parse((CHECKOUT / "run.py").read_text(), feature_version=(3, 6))


def test_a_python_that_is_too_old_is_one_clear_line() -> None:
    pretend = "import runpy, sys; sys.version_info = (3, 9, 2); runpy.run_path('run.py', run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", pretend], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert told(done) == (1, "", "Perennial needs Python 3.11 or newer; this is Python 3.9.\n")


def test_run_py_without_a_command_says_which_there_are() -> None:
    done = run("run.py")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("usage: python3 run.py demo ")
