"""Circles from the command line: what is printed, and how it leaves."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from matching.engine.__main__ import main
from tests.engine.circles.seasons import facilitator, peer, season


@pytest.fixture
def problem(tmp_path: Path) -> Path:
    path = tmp_path / "problem.json"
    path.write_text(json.dumps(season([peer(f"P{n}") for n in range(5)], [facilitator("F1")], seed="2027")))
    return path


def test_circles_are_found_and_verified_in_two_commands(problem: Path):
    engine = [sys.executable, "-m", "matching.engine"]
    solved = subprocess.run([*engine, "circles", problem], capture_output=True, check=False)
    assert (solved.returncode, solved.stderr) == (0, b"")
    trace = problem.with_name("trace.json")
    trace.write_bytes(solved.stdout)
    verified = subprocess.run(
        [*engine, "verify-circles", problem, trace], capture_output=True, text=True, check=False
    )
    assert (verified.returncode, verified.stdout, verified.stderr) == (0, "The trace holds.\n", "")


def test_a_tampered_trace_leaves_with_1_and_the_reason(problem: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["circles", str(problem)]) == 0
    content = json.loads(capsys.readouterr().out)
    content["value"] += 1
    trace = problem.with_name("trace.json")
    trace.write_text(json.dumps(content))
    assert main(["verify-circles", str(problem), str(trace)]) == 1
    assert capsys.readouterr() == ("", "value: not what the problem and the circles give\n")


def test_verifying_imports_no_solver(problem: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["circles", str(problem)]) == 0
    trace = problem.with_name("trace.json")
    trace.write_text(capsys.readouterr().out)
    script = (
        "import sys; from matching.engine.__main__ import main; "
        f"code = main(['verify-circles', {str(problem)!r}, {str(trace)!r}]); "
        "print(code, 'scipy' in sys.modules)"
    )
    seen = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert seen.stdout == "The trace holds.\n0 False\n"


@pytest.mark.parametrize(
    ("record", "line"),
    [
        ({"peers": {}}, "peers: must be a list"),
        ({"peers": [{"unit": "a"}]}, "peers[0]: id: must be a text that is not empty"),
        ({"peers": [{"id": "P1"}, {"id": "P1"}]}, "peer P1: id: appears twice"),
        ({"peers": [{"id": "P1", "identity": {}}]}, "peer P1: identity: is not a field of the format"),
        ({"peers": [{"id": "P1", "themes": {"a": -1}}]}, "peer P1: themes.a: must be from 0 to 1000"),
        ({"facilitators": [{"id": "F1", "capacity": -1}]}, "facilitator F1: capacity: must be from 0 to 1000000"),
        ({"pins": [{"peer": "P1", "theme": "a"}]}, "pin P1: peer: nobody has this id"),
        ({"peers": [{"id": "P1"}], "pins": [{"peer": "P1"}]}, "pin P1: theme: must be a text that is not empty"),
        (
            {"peers": [{"id": "P1"}], "pins": [{"peer": "P1", "circle": "C1"}]},
            "pin P1: circle: no kept circle has this id",
        ),
        ({"apart": [["P1"]]}, "apart[0]: must be two ids"),
        ({"keep": [{"id": "C1"}]}, "keep[0]: theme: must be a text that is not empty"),
        ({"forbid": [{"peer": "P1"}]}, "forbid[0]: theme: must be a text that is not empty"),
        ({"settings": {"second_facilitator": 1}}, "settings: second_facilitator: must be true or false"),
    ],
)
def test_bad_input_leaves_with_2_and_one_line_naming_record_and_field(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], record: dict[str, object], line: str
):
    path = tmp_path / "problem.json"
    path.write_text(json.dumps(record))
    assert main(["circles", str(path)]) == 2
    assert capsys.readouterr() == ("", f"{line}\n")
