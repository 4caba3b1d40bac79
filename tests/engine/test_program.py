"""The engine from the command line: what it prints, and how it leaves."""

import json
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from matching.engine.__main__ import main
from tests.engine.seasons import mentee, mentor, random_problem, season


@pytest.fixture
def problem(tmp_path: Path) -> Path:
    path = tmp_path / "problem.json"
    path.write_text(json.dumps(random_problem(Random(1), 6, 6, least=3)))
    return path


@pytest.fixture
def trace(problem: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert main(["solve", str(problem)]) == 0
    path = problem.with_name("trace.json")
    path.write_text(capsys.readouterr().out)
    return path


def test_a_season_is_solved_and_verified_in_two_commands(problem: Path):
    engine = [sys.executable, "-m", "matching.engine"]
    solved = subprocess.run([*engine, "solve", problem], capture_output=True, check=False)
    assert (solved.returncode, solved.stderr) == (0, b"")
    trace = problem.with_name("trace.json")
    trace.write_bytes(solved.stdout)
    verified = subprocess.run([*engine, "verify", problem, trace], capture_output=True, text=True, check=False)
    assert (verified.returncode, verified.stdout, verified.stderr) == (0, "The trace holds.\n", "")


def test_a_trace_has_the_fields_of_the_format_on_one_line_of_ascii(trace: Path):
    text = trace.read_text()
    assert text.isascii()
    assert text.count("\n") == 1
    fields = {"pairs", "unmatched", "stages", "figures", "input_hash", "seed", "versions"}
    assert fields <= set(json.loads(text)) <= fields | {"blind"}
    assert set(json.loads(text)["stages"][0]) == {"name", "value", "bound", "duals"}


def test_a_tampered_trace_leaves_with_1_and_the_reason(
    problem: Path, trace: Path, capsys: pytest.CaptureFixture[str]
):
    content = json.loads(trace.read_text())
    content["stages"][2]["value"] += 1
    trace.write_text(json.dumps(content))
    assert main(["verify", str(problem), str(trace)]) == 1
    assert capsys.readouterr() == ("", "stages: not what the problem and the pairs give\n")


def test_a_trace_that_is_none_leaves_with_1_and_the_reason(
    problem: Path, trace: Path, capsys: pytest.CaptureFixture[str]
):
    trace.write_text("{}")
    assert main(["verify", str(problem), str(trace)]) == 1
    assert capsys.readouterr() == ("", "trace.pairs: is missing\n")


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("not json", "problem: is not JSON"),
        (json.dumps({"mentors": [{"id": "M1", "capacity": -1}]}), "mentor M1: capacity: must be from 0 to 1000000"),
        (
            json.dumps(season([mentee("E1", unit="a")], [mentor("M1", unit="a")], pins=[["E1", "M1"]])),
            "pin E1, M1: mentor: is ruled out by same_unit",
        ),
    ],
)
def test_bad_input_leaves_with_2_and_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, line: str
):
    path = tmp_path / "problem.json"
    path.write_text(content)
    assert main(["solve", str(path)]) == 2
    assert capsys.readouterr() == ("", f"{line}\n")


def test_a_file_that_is_not_there_leaves_with_2_and_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["solve", str(tmp_path / "none.json")]) == 2
    assert capsys.readouterr() == ("", f"{tmp_path}/none.json: No such file or directory\n")


@pytest.mark.parametrize("arguments", [[], ["guess"], ["solve"], ["verify", "one"], ["solve", "a", "b"]])
def test_a_wrong_command_line_leaves_with_2_and_one_line(arguments: list[str], capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    out, complaint = capsys.readouterr()
    assert (out, complaint.count("\n")) == ("", 1)
