"""What a person is told when the browser of the browser tests is missing."""

import os

import pytest

from servers import browser
from servers.failure import StartError


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "missing", lambda: ["chromium", "libatomic1"])
    monkeypatch.setattr(os, "geteuid", lambda: 65534)
    monkeypatch.delenv("CI", raising=False)


def test_a_user_learns_that_browser_tests_are_skipped_and_why(
    nothing_installed: None, capfd: pytest.CaptureFixture[str]
) -> None:
    browser.ensure()
    assert capfd.readouterr() == (
        "",
        "Browser tests are skipped. Missing: chromium, libatomic1; "
        "root can install it with apt-get install chromium libatomic1.\n",
    )


def test_continuous_integration_fails_without_a_browser(
    nothing_installed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(StartError, match=r"^The browser tests need chromium, libatomic1; root can install"):
        browser.ensure()


def test_nothing_is_said_when_everything_is_there(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(browser, "missing", list)
    browser.ensure()
    assert capfd.readouterr() == ("", "")
