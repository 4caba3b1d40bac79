"""The pages on which a pair works, in a browser: axe, a phone, and two taps from a mail."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from mentorship.partnerships import services
from mentorship.partnerships.models import Partnership
from mentorship.reminders.models import MailToken
from tests.browser.looking import looked_at
from tests.factories import SeasonFactory, UserFactory
from tests.partnerships.cast import announced, held, person, planned

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


@pytest.fixture
def pair(db: None) -> Partnership:
    """A pair that met twice, has a meeting to come, goals and notes."""
    now, day = timezone.now(), timezone.now().date()
    season = SeasonFactory(
        opens_on=day - 90 * DAY,
        closes_on=day - 70 * DAY,
        matches_on=day - 60 * DAY,
        starts_on=day - 50 * DAY,
        ends_on=day + 90 * DAY,
        survey_on=day + 91 * DAY,
        report_on=day + 120 * DAY,
        published_at=now - 95 * DAY,
        agreement_en="# How we work\n\nWe meet **once a month** and keep what we say to ourselves.",
        contact_name="Noor Haddad",
        contact_phone="555 0100",
    )
    pair = announced(UserFactory(roles=["coordinator"]), season=season, now=now - 55 * DAY)
    for days in (40, 12):
        held(pair, starts_at=now - days * DAY)
    mentee = person(pair, "mentee")
    services.accept_agreement(partnership=pair, language="en", by=mentee, now=now)
    services.add_goals(
        partnership=pair, goals=[goal.goal for goal in mentee.applications.get().goals.all()], by=mentee, now=now
    )
    services.add_own_goal(partnership=pair, words="Run a bilingual story time", by=mentee, now=now)
    for shared, text in ((True, "Bring the draft of the resume."), (False, "Ask about the exam.")):
        services.write_note(partnership=pair, text=text, shared=shared, by=mentee, now=now)
    planned(pair, starts_at=now + 6 * DAY, now=now, link="https://video.example/room-7")
    return pair


def test_the_pages_of_a_pair(page: Page, live_server: Any, enter: Callable[..., None], pair: Partnership) -> None:
    enter(page, person(pair, "mentee"))
    base = f"/partnerships/{pair.pk}/"
    meeting = pair.meetings.held().first()
    for name, path in {
        "pair": base,
        "plan": f"{base}meetings/plan/",
        "log": f"{base}meetings/log/",
        "meeting": f"{base}meetings/{meeting.pk}/",
        "goals": f"{base}goals/",
        "notes": f"{base}notes/",
        "ending": f"{base}ending/",
    }.items():
        page.goto(live_server.url + path)
        looked_at(page, name, path)


def test_a_meeting_is_logged_in_two_taps_on_a_phone_without_script_or_signing_in(
    browser: Any, live_server: Any, pair: Partnership
) -> None:
    now = timezone.now()
    meeting = planned(pair, starts_at=now - DAY, now=now - 3 * DAY)
    MailToken.objects.create(
        person=person(pair, "mentor"),
        purpose="log-meeting",
        subject_id=meeting.pk,
        secret_hash=hashlib.sha256(b"from-the-mail").hexdigest(),
        expires_at=now + DAY,
    )
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(f"{live_server.url}/partnerships/log/from-the-mail/")
    page.get_by_role("button", name="It took place: log it").click()
    expect(page.get_by_role("heading", name="Logged: 45 minutes")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="It took place: log it")).to_be_visible()
    context.close()
