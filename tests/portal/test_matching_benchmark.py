"""The matching engine's benchmark measures what it says, beside goals and peers; how fast is for people to judge."""

import json
import os
import shlex
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from matching.engine import solve
from mentorship.portal.benchmarks.matching import measuring, peers
from mentorship.portal.benchmarks.matching.figures import BARE, MatchingFigures
from mentorship.portal.benchmarks.matching.invented import invented_problem
from mentorship.portal.benchmarks.matching.measuring import Measured, Solved
from mentorship.portal.benchmarks.matching.peers import SCRIPTS, Environments, Peer, PeerFigures, peers_for, run_peer
from mentorship.portal.benchmarks.matching.sizes import USUAL, Size
from servers.failure import StartError

KEYS = """size identity placed proved seconds solve_seconds verify_seconds cpu_seconds peak_mb pairs_priced
    bare_seconds why_not_seconds repair_seconds peers ratios""".split()
ANNA, BEN, CEM = "anna", "ben", "cem"
# Mara has two places and Nils one; only Anna may go to Nils.
SEASON = {"mentors": [["mara", 2], ["nils", 1]], "mentees": [ANNA, BEN, CEM]}
SCORES = [[5, 3], [4, -1], [6, -1]]
STAND_IN = {
    "__init__.py": "",
    "rules/__init__.py": "",
    "mentee.py": """
class Mentee:
    def __init__(self, email, grade):
        self.email, self.mentors = email, []
""",
    "mentor.py": """
class Mentor:
    def __init__(self, email, grade):
        self.email, self.mentees = email, []
""",
    "rules/rule.py": """
class Rule:
    pass
class Disqualify:
    def __init__(self, condition):
        self.condition = condition
    def apply(self, match):
        match.disallowed = self.condition(match)
        return 0
""",
    # Whoever comes first takes the best who is left in this round.
    "process.py": """
from types import SimpleNamespace
def process_data(mentors, mentees, all_rules):
    for rules in all_rules:
        left = list(mentors)
        for mentee in mentees:
            found = []
            for mentor in left:
                match = SimpleNamespace(mentor=mentor, mentee=mentee, disallowed=False)
                score, todo = 0, list(rules)
                while todo and not match.disallowed:
                    score += todo.pop().apply(match)
                if not match.disallowed:
                    found.append((score, mentor.email, mentor))
            if found:
                mentor = max(found)[2]
                left.remove(mentor)
                mentee.mentors.append(mentor)
                mentor.mentees.append(mentee)
""",
    "games.py": """
import json, pathlib
class HospitalResident:
    @classmethod
    def create_from_dictionaries(cls, residents, hospitals, places):
        game = cls()
        game.told = residents, hospitals, places
        pathlib.Path(__file__).with_name("told.json").write_text(json.dumps(game.told))
        return game
    def solve(self):
        return {hospital: names[: self.told[2][hospital]] for hospital, names in self.told[1].items()}
""",
}


@pytest.fixture
def season(tmp_path: Path) -> Path:
    (tmp_path / "season.json").write_text(json.dumps(SEASON | {"scores": SCORES}))
    np.save(tmp_path / "scores.npy", np.array(SCORES, dtype=np.int16))
    return tmp_path


@pytest.fixture
def stand_in(tmp_path: Path) -> Path:
    """An interpreter that finds another package called matching, as a peer's environment would."""
    package = tmp_path / "elsewhere" / "matching"
    (package / "rules").mkdir(parents=True)
    for name, text in STAND_IN.items():
        (package / name).write_text(text)
    python = tmp_path / "python"
    where = shlex.quote(str(package.parent))
    python.write_text(f'#!/bin/sh\nPYTHONPATH={where} exec {shlex.quote(sys.executable)} "$@"\n')
    python.chmod(0o755)
    return python


def said(*arguments: Any) -> str:
    out = StringIO()
    call_command("benchmark", "matching", *arguments, stdout=out)
    return out.getvalue()


def placed(python: str | Path, script: str, *arguments: str | Path) -> int:
    done = subprocess.run([python, SCRIPTS / script, *arguments], capture_output=True, text=True, check=True)
    figures = json.loads(done.stdout)
    assert list(figures) == ["seconds", "placed"]
    assert figures["seconds"] > 0
    return figures["placed"]


def figures_of(size: Size, peers: dict[str, PeerFigures] | None = None, **changed: Any) -> MatchingFigures:
    usual = dict.fromkeys(Measured.__dataclass_fields__, 0.004) | {"placed": 498, "proved": True, "pairs_priced": 7}
    return MatchingFigures(size, False, Measured(**(usual | changed)), peers or {})


def test_each_size_is_measured_with_and_without_identity_and_proved():
    rows = json.loads(said("--sizes", "4x3", "6x6", "--rounds", "2", "--json"))
    assert [(row["size"], row["identity"]) for row in rows] == [
        ("4x3", False),
        ("4x3", True),
        ("6x6", False),
        ("6x6", True),
    ]
    for row in rows:
        assert list(row) == KEYS
        assert row["proved"] is True
        assert min(row[key] for key in KEYS if key.endswith("seconds")) > 0
        assert row["placed"] > 0
        assert row["peers"] == {}
        assert list(row["ratios"]) == [BARE]
    # A table is held against the prices of all four tiers.
    assert [rows[0]["pairs_priced"], rows[2]["pairs_priced"]] == [4 * 4 * 3, 4 * 6 * 6]


def test_what_is_measured_is_what_the_engine_does():
    for size in (Size(33, 34), Size(620, 610)):
        for identity in (False, True):
            problem = invented_problem(size, identity=identity)
            assert Solved.of(problem).trace == solve(problem)


def test_in_a_large_season_all_pairs_are_priced_in_every_tier_that_can_decide():
    size = Size(620, 610)
    # Coverage, fit and lottery: with no pairs to keep, that tier has nothing to price.
    assert Solved.of(invented_problem(size, identity=False)).pairs_priced >= 3 * size.pairs


def test_control_a_result_that_does_not_hold_is_not_told_as_proved(monkeypatch):
    size = Size(4, 4)
    assert measuring.measure(size, identity=False, rounds=1).proved is True
    other = solve(invented_problem(size, identity=True))
    monkeypatch.setattr(measuring, "warm_up", lambda **_: None)
    monkeypatch.setattr(measuring, "assemble", lambda *_: other)
    assert measuring.measure(size, identity=False, rounds=1).proved is False


def test_the_memory_is_that_of_the_measuring_process_alone():
    ballast = np.ones(50_000_000)
    row = json.loads(said("--sizes", "4x3", "--rounds", "1", "--json"))[0]
    assert ballast.nbytes / 2**20 > 300 > row["peak_mb"] > 20


def test_the_table_stands_beside_the_goals():
    heading, *rows, empty, goals, first, second = said("--sizes", "33x34", "--rounds", "1").splitlines()
    assert heading.split("  ")[0] == goals.split("  ")[0] == "mentors × mentees"
    assert [row.startswith("33 × 34") for row in (*rows, first, second)] == [True] * 4
    assert empty == ""
    assert "problem to verified trace" in first
    assert first.split()[-1] in ("met", "missed")
    assert "goal" not in said("--sizes", "4x3", "--rounds", "1")


def test_a_goal_is_met_or_missed_in_its_own_unit():
    slow, fast = PeerFigures(2.0, 490), PeerFigures(0.5, 490)
    figures = figures_of(
        Size(500, 500),
        {"slow": slow, "fast": fast, "absent": PeerFigures(None, None, "no network")},
        seconds=0.05,
        why_not_seconds=0.0025,
    )
    assert list(figures.beside_goals()) == [
        ["problem to verified trace", "50.00 ms", "≤ 100 ms", "met"],
        ["why not, for one mentee", "2.50 ms", "≤ 2 ms", "missed"],
        ["a withdrawal repaired", "4.00 ms", "≤ 5 ms", "met"],
        ["as fast as slow", "40.0 ×", "≥ 30 ×", "met"],
        ["as fast as fast", "10.0 ×", "≥ 30 ×", "missed"],
        ["as fast as absent", "–", "≥ 30 ×", "missed"],
    ]
    assert figures.ratios == {BARE: 0.08, "slow": 40.0, "fast": 10.0}
    assert figures.to_dict()["peers"] == {
        "slow": {"seconds": 2.0, "placed": 490},
        "fast": {"seconds": 0.5, "placed": 490},
        "absent": {"seconds": None, "placed": None, "reason": "no network"},
    }
    largest = figures_of(Size(5_000, 5_000), seconds=3.5, peak_mb=299.0)
    assert [row[1:] for row in largest.beside_goals()][:2] == [
        ["3.50 s", "≤ 3 s", "missed"],
        ["299.00 MB", "≤ 300 MB", "met"],
    ]


def test_a_size_must_be_one_and_the_largest_comes_only_when_asked_for():
    with pytest.raises(CommandError, match="is not a size such as 33x34"):
        said("--sizes", "0x3")
    assert [str(size) for size in USUAL] == ["33x34", "500x500", "5000x5000"]
    assert [size.rounds for size in (*USUAL, Size(50_000, 50_000))] == [51, 9, 3, 1]


def test_a_season_that_cannot_be_measured_is_one_line(monkeypatch):
    monkeypatch.setattr("mentorship.portal.benchmarks.matching.figures.MEASURING", "nowhere.at.all")
    with pytest.raises(CommandError, match=r"^4x3 could not be measured: .*No module named"):
        said("--sizes", "4x3")


def test_peers_run_side_by_side_and_their_ratios_are_told(monkeypatch, stand_in):
    monkeypatch.setattr(peers, "install", lambda _requirement, _folder: stand_in)
    row = json.loads(said("--sizes", "4x3", "--rounds", "1", "--peers", "--json"))[0]
    names = [peer.name for peer in peers.SMALL_PEERS]
    assert list(row["peers"]) == names
    assert list(row["ratios"]) == [BARE, *names]
    for peer in row["peers"].values():
        assert list(peer) == ["seconds", "placed"]
        assert peer["placed"] > 0
    text = said("--sizes", "4x3", "--rounds", "1", "--peers")
    assert [name for name in names if name not in text] == []


def test_mentor_match_is_asked_for_rounds_in_which_only_who_is_left_is_matched(season, stand_in):
    # Anna comes first and takes Mara. In the second round Ben has Mara's other place; in the third there is none.
    assert [placed(stand_in, "mentor_match.py", season, rounds) for rounds in "123"] == [1, 2, 2]


def test_the_game_is_given_preferences_by_score_and_places(season, stand_in):
    assert placed(stand_in, "stable_game.py", season) == 3
    assert json.loads((season / "elsewhere" / "matching" / "told.json").read_text()) == [
        {ANNA: ["mara", "nils"], BEN: ["mara"], CEM: ["mara"]},
        {"mara": [CEM, ANNA, BEN], "nils": [ANNA]},
        {"mara": 2, "nils": 1},
    ]


def test_what_is_at_hand_places_everybody_it_can(season):
    assert placed(sys.executable, "dense_assignment.py", season) == 3
    pytest.importorskip("ortools")
    assert placed(sys.executable, "flow.py", season) == 3


def test_a_season_is_left_as_its_size_can_be_read(tmp_path, monkeypatch):
    size = Size(4, 3)
    problem = invented_problem(size, identity=False)
    measuring.leave_season(problem, size, tmp_path)
    left = json.loads((tmp_path / "season.json").read_text())
    assert left["mentees"] == [mentee.id for mentee in problem.mentees]
    assert left["mentors"] == [[mentor.id, mentor.capacity] for mentor in problem.mentors]
    assert not (tmp_path / "scores.npy").exists()
    monkeypatch.setattr(measuring, "SMALL", 1)
    measuring.leave_season(problem, size, tmp_path)
    assert "scores" not in json.loads((tmp_path / "season.json").read_text())
    assert np.load(tmp_path / "scores.npy").tolist() == left["scores"]


def test_who_is_asked_depends_on_the_size():
    assert peers_for(Size(500, 500)) == peers.SMALL_PEERS
    assert {peer.script for peer in peers_for(Size(5_000, 5_000))} <= {"dense_assignment.py", "flow.py"}
    assert peers_for(Size(50_000, 50_000)) == ()


def test_a_missing_network_is_a_sentence_and_nothing_of_the_environment_stays(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    with Environments() as environments:
        told = run_peer(Peer("absent", "stable_game.py", "matching==1.4.3"), tmp_path, environments)
        assert (told.seconds, told.placed) == (None, None)
        assert told.reason.startswith("matching==1.4.3 could not be installed; is there a network? (")
        assert len(list(tmp_path.iterdir())) == 1
        # It isn't tried again for the next size.
        monkeypatch.setattr(peers, "install", lambda *_: pytest.fail("tried again"))
        with pytest.raises(StartError, match="is there a network"):
            environments.python("matching==1.4.3")
    assert list(tmp_path.iterdir()) == []


def test_a_peer_that_does_not_finish_or_fails_has_its_reason(tmp_path):
    slow, broken = tmp_path / "slow.py", tmp_path / "broken.py"
    slow.write_text("import time\ntime.sleep(60)\n")
    broken.write_text("raise ValueError('too many people')\n")
    with Environments() as environments:
        told = run_peer(Peer("slow", str(slow)), tmp_path, environments, limit=0.5)
        assert told == PeerFigures(None, None, "not done after 0.5 seconds")
        told = run_peer(Peer("broken", str(broken)), tmp_path, environments)
        assert told == PeerFigures(None, None, "it failed: ValueError: too many people")
