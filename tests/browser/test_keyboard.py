"""The person without a mouse notices what the journeys rely on them to notice."""

import pytest
from playwright.sync_api import Page

from tests.browser.keyboard import Keyboard

PAGE = "<a href='#a'>One</a> <a href='#b'>Two</a> <a href='#c' tabindex='-1'>Three</a>"


def test_keys_are_counted_on_the_way_to_a_link(page: Page) -> None:
    page.set_content(f"<style>:focus-visible {{ outline: 3px solid }}</style>{PAGE}")
    keys = Keyboard(page)
    keys.reach(page.get_by_text("Two"))
    assert keys.presses == 2


@pytest.mark.parametrize(
    ("style", "problem"),
    [
        (":focus-visible { outline: none }", "shows no focus"),
        (":focus-visible { outline: 3px solid } a { position: fixed; top: -90px }", "is outside the screen"),
        (
            ":focus-visible { outline: 3px solid } body::after { content: ''; position: fixed; inset: 0 }",
            "is covered",
        ),
    ],
)
def test_a_focus_that_cannot_be_seen_is_not_passed_over(page: Page, style: str, problem: str) -> None:
    page.set_content(f"<style>{style}</style>{PAGE}")
    with pytest.raises(AssertionError, match=problem):
        Keyboard(page).reach(page.get_by_text("Two"))


def test_what_tab_never_gets_to_is_told(page: Page) -> None:
    page.set_content(f"<style>:focus-visible {{ outline: 3px solid }}</style>{PAGE}")
    with pytest.raises(AssertionError, match="Tab never gets to"):
        Keyboard(page).reach(page.get_by_text("Three"))
