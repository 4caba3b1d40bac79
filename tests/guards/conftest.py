"""What the guards share: the whole cast, made once for each module and undone after it."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.template import Template
from django.utils import timezone

from mentorship.reports.exports import document
from tests.guards.cast import Cast, assemble

FIGURES = pytest.StashKey[list[str]]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Guards walk past every line; only tests that look at what a line does count for the coverage."""
    for item in items:
        if "guards" in item.path.parts:
            item.add_marker("no_cover")


@pytest.fixture(scope="module")
def cast(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cast]:
    """Everybody and everything, in a transaction that the module's last test ends."""
    with django_db_blocker.unblock(), transaction.atomic():
        name = connection.settings_dict["NAME"]
        assert name.startswith("test_"), "mark the test with django_db, or it writes into the real database"
        yield assemble(timezone.now())
        transaction.set_rollback(True)


@pytest.fixture
def rendering(monkeypatch: pytest.MonkeyPatch) -> None:
    """Templates render as outside of tests, without a copy of each context being kept; documents stay legible."""
    monkeypatch.setattr(Template, "_render", lambda self, context: self.nodelist.render(context))
    # A document's own bytes are packed; what it is set from can be read.
    monkeypatch.setattr(document.typst, "compile", lambda *args, sys_inputs, **options: sys_inputs["data"].encode())


@pytest.fixture
def quick(rendering: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Thousands of requests: short error pages, and no log."""
    for status in (400, 403, 404):
        monkeypatch.setattr(
            f"mentorship.urls.handler{status}",
            lambda request, exception=None, status=status: HttpResponse("", status=status),
        )
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def summary(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Return a function that adds a line to the figures at the end of the run."""
    return request.config.stash.setdefault(FIGURES, []).append


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    for line in config.stash.get(FIGURES, []):
        terminalreporter.write_line(f"guards: {line}")
