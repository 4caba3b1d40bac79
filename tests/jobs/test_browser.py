"""The progress page in a browser: it moves by itself, ends by itself, and holds for everybody."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from mentorship.jobs.models import Job
from mentorship.jobs.services import enqueue_job
from tests.factories import NOW


@pytest.fixture
def job(transactional_db, counting, member):
    return enqueue_job(kind="counting", by=member, now=NOW)


def test_the_page_follows_the_work_to_its_result_by_itself(page: Page, live_server, job, member, enter):
    refused = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    enter(page, member)
    url = live_server.url + reverse("jobs:progress", args=[job.pk])
    page.goto(url)
    expect(page.get_by_text("Waiting for its turn")).to_be_visible()
    Job.objects.update(state="running", done=2, total=5, step="Shelf two")
    expect(page.get_by_text("2 of 5")).to_be_visible()
    assert page.url == url
    assert Axe().run(page).response["violations"] == []
    Job.objects.update(state="done", result={"counted": 5})
    expect(page).to_have_url(f"{live_server.url}/?counted=5")
    assert refused == []


def test_without_javascript_it_can_be_stopped(browser: Browser, live_server, job, member, enter):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 600})
    page = context.new_page()
    enter(page, member)
    page.goto(live_server.url + reverse("jobs:progress", args=[job.pk]))
    assert page.locator("noscript meta, head meta[http-equiv=refresh]").count() == 1
    page.get_by_role("button", name="Stop this work").click()
    expect(page.get_by_text("It was stopped before it was done, and can be started again.")).to_be_visible()
    assert page.locator("html").evaluate("root => root.scrollWidth") <= 320
    context.close()
