"""The workbench without a mouse: a season of 67 from the run to the announcement, with a change and its undo.

Nothing is pressed but keys, every stop of Tab must be seen, and what has the focus after a page has loaded is where
one goes on. A click is a press of Enter or of the space bar; Tab only leads there.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from matching.models import Adjustment, Proposal
from mentorship.partnerships.models import Membership, Partnership
from mentorship.partnerships.services import answer_question
from tests.browser.keyboard import Keyboard
from tests.browser.test_season_of_67 import desk, season  # noqa: F401 - fixtures

# As many clicks as design.md promises for each.
PROMISED = {"run": 2, "why": 1, "swap": 3, "undo": 1, "lock": 1, "approve": 2, "ask": 1, "announce": 3}
# What each takes; the first click of a swap is the line that "why" opened.
TAKES = {"run": 2, "why": 1, "swap": 2, "undo": 1, "lock": 1, "approve": 2, "ask": 1, "announce": 2}


class Hands:
    """Somebody at a keyboard, who counts clicks by what they were for."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys = page, Keyboard(page)
        self.clicks: dict[str, int] = {}

    def click(self, target: Locator, purpose: str) -> None:
        self.keys.use(target)
        self.clicks[purpose] = self.clicks.get(purpose, 0) + 1

    def link(self, name: str, within: str = "main") -> Locator:
        return self.page.locator(within).get_by_role("link", name=re.compile(name)).first

    def button(self, name: str, within: str = "main") -> Locator:
        return self.page.locator(within).get_by_role("button", name=re.compile(name)).first


@pytest.mark.parametrize("script", [True, False])
def test_a_season_of_67_is_matched_by_keys_alone(
    script: bool,
    season: Any,  # noqa: F811
    desk: Page,  # noqa: F811
    live_server: Any,
    start_worker: Any,
    figure: Callable[[str, Any], None],
) -> None:
    start_worker(PUBLIC_URL=live_server.url)
    page = desk if script else _without_script(desk)
    hands = Hands(page)
    title = page.get_by_role("heading", level=1)
    today = live_server.url + reverse("admin:index")

    page.goto(today)
    hands.click(hands.link("^Open the workbench"), "run")
    hands.click(hands.button("^Find matches"), "run")
    expect(title).to_contain_text("34 of 34 mentees have a match", timeout=60_000)

    # One line is opened: the panel follows, and the next stop of Tab is in it.
    hands.click(hands.link("^(Compare|Why)"), "why")
    assert page.url.endswith("#match")
    before = pairs()
    hands.click(hands.link("^Preview", "#match"), "swap")
    expect(page.locator("main")).to_contain_text("Nobody is told. You can undo it.")
    assert pairs() == before
    hands.click(hands.button("^Change "), "swap")
    expect(page.locator("main")).to_contain_text("Nobody has been told, and you can undo it below.")
    assert (Adjustment.objects.get().kind, pairs() == before) == ("instead", False)
    hands.click(hands.button("^Undo$"), "undo")
    expect(page.locator("main")).to_contain_text("Everything that it changed is as it was before.")
    assert pairs() == before

    hands.click(hands.button("^Hold$", "#match"), "lock")
    assert Proposal.objects.filter(state="locked").count() == 1

    hands.click(hands.link("^Approve "), "approve")
    hands.click(hands.button("^Approve all "), "approve")
    assert Partnership.objects.filter(state="approved").count() == 34
    hands.click(hands.button("^Ask 34 mentors$"), "ask")
    assert Partnership.objects.filter(state="asked").count() == 34
    for mentor in Membership.objects.filter(role="mentor").select_related("person", "partnership"):
        answer_question(partnership=mentor.partnership, yes=True, by=mentor.person, now=timezone.now())

    page.goto(today)
    hands.click(hands.link("^Preview and announce"), "announce")
    hands.click(hands.button("^Announce now"), "announce")
    expect(page.get_by_text("34 pairs are being told.")).to_be_visible()
    assert Partnership.objects.filter(state="announced").count() == 34

    figure(f"clicks by keyboard, {'with' if script else 'without'} JavaScript", hands.clicks)
    figure(f"keys pressed, {'with' if script else 'without'} JavaScript", hands.keys.presses)
    assert hands.clicks == TAKES
    assert {purpose: taken for purpose, taken in TAKES.items() if taken > PROMISED[purpose]} == {}


def _without_script(page: Page) -> Page:
    """The same person in a browser without JavaScript, 320 px wide and dark."""
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 320, "height": 700}, color_scheme="dark"
    )
    context.add_cookies(page.context.cookies())  # type: ignore[arg-type]
    return context.new_page()


def pairs() -> set[tuple[Any, Any]]:
    return set(Proposal.objects.values_list("mentee", "mentor"))
