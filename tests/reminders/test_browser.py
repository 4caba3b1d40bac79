"""The pages of messages in a browser: axe finds nothing, and the preview's frame shows the mail's own styles."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from mentorship.reminders import links
from mentorship.reminders.models import Delivery
from mentorship.reminders.services import queue_delivery
from tests.factories import NOW, SeasonFactory, UserFactory


@pytest.fixture
def sent(transactional_db, note, coordinator):
    note.sample = lambda: Delivery(rule="note", recipient=coordinator, due_at=NOW)
    delivery = queue_delivery(rule="note", recipient=coordinator, dedupe_key="1", now=NOW)
    Delivery.objects.update(state="sent")
    return delivery


@pytest.fixture
def visit(page: Page, live_server, coordinator, enter):
    """Opens a path as the coordinator; fails where axe or the browser's console finds fault."""
    enter(page, coordinator)
    refused = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)

    def go(path: str) -> Page:
        page.goto(live_server.url + path)
        assert page.url == live_server.url + path
        assert refused == []  # before axe, which fetches styles in ways that the policy refuses
        found = Axe().run(page).response["violations"]
        refused.clear()
        assert [(rule["id"], node["html"][:150]) for rule in found for node in rule["nodes"]] == []
        return page

    return go


def test_the_pages_that_need_a_message_or_its_link_hold_for_everybody(sent, visit, coordinator):
    delivery = Delivery(rule="note", recipient=coordinator, due_at=timezone.now())
    with links.minting():
        stop = links.one_click(
            "reminders:stop", delivery=delivery, purpose="stop-reminders", lifetime=timedelta(days=1)
        )
    visit(stop.removeprefix("http://testserver"))
    visit(reverse("reminders:read", args=[sent.pk]))


def test_the_preview_shows_the_mail_with_its_own_styles_in_a_frame(sent, visit):
    page = visit(reverse("admin:reminders_preview", args=["note", "es"]))
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text("febrero 14:30")).to_be_visible()
    assert frame.locator("body").evaluate("body => getComputedStyle(body).margin") == "0px"


def test_the_messages_of_a_season_and_the_outbox_hold_on_a_phone_too(sent, visit):
    season = SeasonFactory()
    dead = queue_delivery(rule="note", recipient=UserFactory(), dedupe_key="2", now=NOW)
    Delivery.objects.filter(pk=dead.pk).update(state="dead", problem="refused:550")
    paths = [
        reverse("admin:seasons_season_messages", args=[season.pk]),
        reverse("admin:seasons_season_messages_words", args=[season.pk, "application-idle", "es"]),
        f"{reverse('admin:reminders_delivery_changelist')}?state__in=dead",
        reverse("admin:reminders_delivery_ask", args=[dead.pk, "resend"]),
    ]
    for width in (320, 1100):
        for path in paths:
            page = visit(path)
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
