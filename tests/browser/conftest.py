"""What the journeys share: a real worker, its mail in files, a clock that they can set, and figures to report."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.walking import pass_time, walk  # noqa: F401 - fixtures
from tests.live_worker import clock, mail_folder, start_worker  # noqa: F401 - fixtures


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Callable[[str, Any], None]:
    """Return a function that keeps a measured figure, which the run shows at its end."""

    def keep(name: str, value: Any) -> None:
        request.node.user_properties.append((name, value))

    return keep


def pytest_terminal_summary(terminalreporter: Any) -> None:
    reports = [report for state in ("passed", "failed") for report in terminalreporter.getreports(state)]
    lines = [f"{name}: {value}" for report in reports for name, value in report.user_properties]
    if lines:
        terminalreporter.section("figures")
        for line in dict.fromkeys(lines):
            terminalreporter.line(line)
