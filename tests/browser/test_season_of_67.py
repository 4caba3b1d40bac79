"""The season that the program is made for, 67 people from 44 work units: how many clicks it costs a coordinator."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from matching.models import MatchRun, Proposal
from mentorship.applications.models import Application
from mentorship.partnerships.models import Membership, Partnership
from mentorship.partnerships.services import answer_question
from mentorship.portal.demo.seasons import Stage, seed_season
from mentorship.reminders.models import Delivery
from tests.browser.test_whole_season import REVIEWING

# As many clicks as each may take.
TARGETS = {"run": 2, "why": 1, "lock": 1, "approve": 2, "ask": 1, "announce": 3}


class Clicks:
    """A mouse that counts its clicks by what they were for."""

    def __init__(self) -> None:
        self.of: dict[str, int] = {}

    def on(self, target: Locator, purpose: str) -> None:
        target.click()
        self.of[purpose] = self.of.get(purpose, 0) + 1


@pytest.fixture
def season(transactional_db: None, coordinator: Any, clock: Any) -> Any:
    clock.set(REVIEWING)
    call_command("load_content", verbosity=0)
    return seed_season(
        people=67,
        units=44,
        stage=Stage.REVIEWING,
        seed="67",
        name_en="Spring 2027",
        name_es="Primavera de 2027",
        by=coordinator,
        now=REVIEWING,
    )


@pytest.fixture
def desk(page: Page, live_server: Any, coordinator: Any, sign_in: Callable[..., Any]) -> Page:
    """The coordinator's Today page, second factor passed."""
    value = sign_in(coordinator).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
    return page


def test_from_the_run_to_the_announcement_within_the_clicks_that_were_promised(
    season: Any, desk: Page, live_server: Any, start_worker: Any, figure: Any
) -> None:
    started = time.perf_counter()
    start_worker(PUBLIC_URL=live_server.url)
    page, clicks = desk, Clicks()
    today = live_server.url + reverse("admin:index")
    title = page.get_by_role("heading", level=1)

    def link(name: str) -> Locator:
        return page.get_by_role("link", name=re.compile(name)).first

    def button(name: str) -> Locator:
        return page.get_by_role("button", name=re.compile(name)).first

    assert season_in_numbers(season) == {"people": 67, "units": 44, "mentors": 33, "mentees": 34}

    page.goto(today)
    clicks.on(link("^Open the workbench"), "run")
    clicks.on(button("^Find matches"), "run")
    expect(title).to_contain_text("34 of 34 mentees have a match", timeout=60_000)
    figure("seconds, season of 67, from Today to the result", round(time.perf_counter() - started, 1))
    run = MatchRun.objects.get()
    assert run.state == MatchRun.State.DONE
    assert {key: run.figures[key] for key in ("mentees", "matched", "mentors", "below")} == {
        "mentees": 34,
        "matched": 34,
        "mentors": 33,
        "below": {"25": 0, "50": 3},
    }

    clicks.on(link("^(Compare|Why)"), "why")
    expect(page.locator("#match")).to_contain_text("or someone else?")
    clicks.on(page.locator("#match").get_by_role("button", name="Hold"), "lock")
    expect(page.locator("#match").get_by_role("button", name="Let go")).to_be_visible()
    assert Proposal.objects.filter(state="locked").count() == 1

    clicks.on(link("^Approve "), "approve")
    # Two with a low fit, the third being held, and some without common times: all at once takes them in.
    assert Proposal.objects.filter(state="proposed", fit__lt=50).count() == 2
    expect(button("^Approve ")).not_to_have_text("Approve 34")
    expect(button("^Approve all ")).to_have_text("Approve all 34")
    clicks.on(button("^Approve all "), "approve")
    expect(page.get_by_text("Nobody has been told.")).to_be_visible()
    assert Partnership.objects.filter(state="approved").count() == 34

    clicks.on(button("^Ask 34 mentors$"), "ask")
    expect(page.get_by_text("34 questions go to mentors.")).to_be_visible()
    for mentor in Membership.objects.filter(role="mentor").select_related("person", "partnership"):
        answer_question(partnership=mentor.partnership, yes=True, by=mentor.person, now=timezone.now())

    page.goto(today)
    clicks.on(link("^Preview and announce"), "announce")
    expect(title).to_have_text("34 pairs are ready to be told")
    clicks.on(button("^Announce now"), "announce")
    expect(page.get_by_text("34 pairs are being told.")).to_be_visible()
    figure("seconds, season of 67, from Today to the announcement", round(time.perf_counter() - started, 1))
    figure("clicks, season of 67", clicks.of)

    assert Partnership.objects.filter(state="announced").count() == 34
    told = Delivery.objects.filter(rule__startswith="announced-").order_by().values_list("rule")
    assert dict(told.annotate(Count("pk"))) == {"announced-mentee": 34, "announced-mentor": 34}
    assert set(clicks.of) == set(TARGETS)
    assert {purpose: taken for purpose, taken in clicks.of.items() if taken > TARGETS[purpose]} == {}


def season_in_numbers(season: Any) -> dict[str, int]:
    """Who is eligible, and from how many work units."""
    counts: dict[str, int] = Application.objects.filter(season=season, state="eligible").aggregate(
        people=Count("applicant", distinct=True),
        units=Count("applicant__profile__unit", distinct=True),
        mentors=Count("pk", filter=Q(role="mentor")),
        mentees=Count("pk", filter=Q(role="mentee")),
    )
    return counts
