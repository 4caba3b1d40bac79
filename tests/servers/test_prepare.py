"""When a database is prepared, and when that is already done."""

import io
from collections.abc import Iterator

import pytest

from servers import prepare
from servers.environment import Servers
from servers.failure import StartError
from servers.folders import Folders

ANNOUNCEMENT = "Preparing a new database: tables, content, the demo library…\n"


@pytest.fixture
def servers(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> Servers:
    monkeypatch.setenv("DATA_DIR", str(folders.data.parent))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return Servers("data")


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Servers]]:
    """Which servers the commands ran on; they themselves need a whole application."""
    runs: list[Servers] = []
    monkeypatch.setattr(prepare, "run_commands", lambda servers, _environment: runs.append(servers))
    return runs


def ask(servers: Servers, *, anew: bool) -> str:
    said = io.StringIO()
    prepare.prepare(servers, {}, stream=said, anew=anew)
    return said.getvalue()


def test_a_new_database_is_prepared_once_and_announced(servers: Servers, runs: list[Servers]) -> None:
    assert [ask(servers, anew=True), ask(servers, anew=True), ask(servers, anew=False)] == [ANNOUNCEMENT, "", ""]
    assert runs == [servers]


def test_changed_sources_are_brought_in_by_the_demo_alone(
    servers: Servers, runs: list[Servers], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(servers, anew=True)
    monkeypatch.setattr(prepare, "fingerprint", lambda: "changed")
    assert ask(servers, anew=False) == ""
    assert len(runs) == 1
    assert ask(servers, anew=True) == ""
    assert len(runs) == 2


def test_somebody_elses_database_is_prepared_at_every_start_of_the_demo(
    servers: Servers, runs: list[Servers]
) -> None:
    servers.owns_database = False
    assert [ask(servers, anew=True), ask(servers, anew=True)] == ["", ""]
    assert len(runs) == 2


def test_a_command_that_fails_is_told_in_one_line_and_tried_again(servers: Servers) -> None:
    with pytest.raises(StartError) as failure:
        prepare.prepare(servers, {"DJANGO_SETTINGS_MODULE": "nowhere"}, stream=io.StringIO(), anew=True)
    assert str(failure.value) == (
        "The database can't be prepared: ModuleNotFoundError: No module named 'nowhere' "
        f"(log: {servers.folders.logs / 'prepare.log'})"
    )
    assert not servers.folders.prepared.exists()


@pytest.mark.parametrize(
    ("ours", "changed", "code", "behind"),
    [
        (True, True, prepare.PENDING, True),
        (True, True, 0, False),
        (True, True, 1, False),
        (True, False, prepare.PENDING, False),
        (False, True, prepare.PENDING, False),
    ],
    ids=["migrations are pending", "other sources changed", "nobody knows", "nothing changed", "somebody else's"],
)
def test_a_database_is_behind_where_sources_changed_and_migrations_are_pending(
    servers: Servers,
    runs: list[Servers],
    monkeypatch: pytest.MonkeyPatch,
    ours: bool,
    changed: bool,
    code: int,
    behind: bool,
) -> None:
    ask(servers, anew=True)
    servers.owns_database = ours
    monkeypatch.setattr(prepare, "run_python", lambda *_arguments, **_more: code)
    if changed:
        monkeypatch.setattr(prepare, "fingerprint", lambda: "changed")
    assert prepare.is_behind(servers, {}) == behind
