"""A season from the first sign-in to the pair's page: real browser, worker, broker and mail, and two languages.

The mentor walks it without JavaScript, the mentee in Spanish on a screen 320 px wide; both apply by keyboard alone.
"""

import re
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import expect

from mentorship.partnerships.models import Partnership
from mentorship.people.sign_in_codes import make_code
from mentorship.seasons.models import Goal
from tests.browser.walking import PASSWORD, Walker, spring_2027
from tests.factories import UserFactory

# A Monday and a Tuesday, ten in the morning in the library's zone: while and after people apply.
APPLYING, REVIEWING = (datetime(2027, *day, 18, tzinfo=UTC) for day in ((2, 1), (2, 16)))
# Five minutes at a key each second.
MOST_PRESSES = 300


@pytest.fixture
def people(transactional_db: None, coordinator: Any) -> tuple[Any, Any, Any]:
    """Who coordinates, who will mentor, who will be mentored."""
    mentor = UserFactory(given_name="Marta", family_name="Klein", profile__in_directory=True)
    mentee = UserFactory(given_name="Luis", family_name="Vega", language="es")
    for person in (coordinator, mentor):
        person.set_password(PASSWORD)
        person.save()
    return coordinator, mentor, mentee


@pytest.fixture
def season(people: tuple[Any, Any, Any]) -> Any:
    return spring_2027(by=people[0])


def apply(walker: Walker, role: str, goals: list[Goal], favourite: Any = None) -> int:
    """Apply from the home page to the receipt by keyboard alone; return how many keys that took."""
    keys, page = walker.keys, walker.page
    before = keys.presses

    def screen(key: str) -> None:
        """The next screen of the application, from its first stop."""
        expect(page).to_have_url(re.compile(rf"/apply/[\w-]+/{key}(#main)?$"))
        keys.skip_to_content()

    def save() -> None:
        keys.use(walker.button("Save and continue"))

    keys.skip_to_content()
    keys.use(walker.link("Apply"))
    keys.skip_to_content()
    keys.use(walker.button("Apply as mentor" if role == "mentor" else "Apply as mentee"))
    screen("")
    keys.use(walker.link("Continue"))
    screen("work/")
    keys.tick(walker.field("Yes, this is right"))
    save()
    screen("goals/")
    for goal in goals:
        keys.tick(page.locator(f"input[name=goals][value='{goal.pk}']"))
    save()
    screen("weights/")
    save()
    screen("meeting/")
    for slot in ("mon-am", "wed-pm"):
        keys.tick(page.locator(f"input[name=slots][value={slot}]"))
    save()
    screen("questions/")
    keys.write(page.locator("textarea").first, "Tiempo para pensar." if walker.person.language == "es" else "Time.")
    save()
    screen("experiences/")
    save()
    screen("favourites/")
    if favourite is not None:
        keys.use(page.get_by_role("button", name=favourite.display_name))
        screen("favourites/")
    save()
    screen("avoid/")
    save()
    screen("check/")
    keys.use(walker.button("Send your application"))
    screen("")
    return keys.presses - before


def test_a_season_goes_from_two_applications_to_the_page_of_the_pair(
    people: Any, season: Any, walk: Any, clock: Any, figure: Any
) -> None:
    started = time.perf_counter()
    ana, marta, luis = people
    goals = list(Goal.objects.filter(seasons=season).order_by("order", "slug")[:3])

    # Two people come in and apply.
    clock.set(APPLYING)
    code = make_code(person=luis, by=None, now=APPLYING).code
    mentor = walk(marta, java_script_enabled=False)
    mentor.page.goto(mentor.site)
    mentor.sign_in()
    figure("keys, mentor's application", taken := apply(mentor, "mentor", goals))
    assert taken <= MOST_PRESSES
    mentee = walk(luis, viewport={"width": 320, "height": 640}, locale="es")
    mentee.page.goto(f"{mentee.site}/account/login/")
    mentee.keys.use(mentee.link("Use a printed code"))
    mentee.keys.write(mentee.field("Employee number"), luis.employee_number)
    mentee.keys.write(mentee.page.locator("input[name=code]"), code)
    mentee.keys.use(mentee.button("Sign in"))
    mentee.fits()
    mentee.keys.use(mentee.link("Go on"))
    figure("keys, mentee's application", taken := apply(mentee, "mentee", goals, favourite=marta))
    assert taken <= MOST_PRESSES
    mentee.fits()
    for walker in (mentor, mentee):
        walker.newest("Your application has arrived")
        walker.page.context.clear_cookies()

    # A coordinator screens, finds matches, approves and asks.
    clock.set(REVIEWING)
    bench = walk(ana)
    page = bench.page
    bench.go_to_today()
    bench.link("Mark as eligible").click()
    page.get_by_role("link", name="Mark 2 as eligible").click()
    page.get_by_role("button", name="Mark 2 as eligible").click()
    page.get_by_role("link", name="Tell 2 people").click()
    page.get_by_role("button", name="Tell 2 people").click()
    for walker in (mentor, mentee):
        walker.newest("News about your application")
    page.goto(f"{bench.site}/admin/")
    bench.link("Open the workbench").click()
    bench.button("Find matches").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("1 of 1 mentee has a match"), timeout=60_000)
    page.get_by_role("link", name="Approve 1").click()
    page.get_by_role("button", name="Approve 1").click()
    page.get_by_role("button", name="Ask 1 mentor").click()
    pair = Partnership.objects.get()
    assert pair.state == "asked"

    # The mentor says yes; the mentee knows nothing of it.
    mentor.follow(mentor.newest("A question for you"))
    mentor.sign_in()
    expect(mentor.page.get_by_role("heading", level=1)).to_contain_text("Would you mentor Luis Vega?")
    mentor.keys.use(mentor.page.get_by_role("button", name="Yes, I'll mentor Luis"))
    assert Partnership.objects.get().state == "confirmed"
    assert len(mentee.mails()) == 2

    # The coordinator reads what goes to whom, then announces.
    page.goto(f"{bench.site}/admin/")
    bench.link("Preview and announce").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 pair is ready to be told")
    expect(page.frame_locator("iframe").first.get_by_text("Marta Klein").first).to_be_visible()
    bench.button("Announce now").click()
    expect(page.get_by_text("1 pair is being told.")).to_be_visible()

    # Both read their mail, each in their language, and meet on their page.
    told = mentee.newest("Your match this season")
    assert all(goal.title_es in told.text and goal.title_en not in told.text for goal in goals)
    mentee.follow(told)
    mentee.sign_in_by_code()
    expect(mentee.page.locator("html")).to_have_attribute("lang", "es")
    told = mentor.newest("Your match this season")
    assert all(goal.title_en in told.text for goal in goals)
    mentor.page.context.clear_cookies()
    mentor.follow(told)
    mentor.sign_in()
    for walker, partner in ((mentee, marta), (mentor, luis)):
        expect(walker.page).to_have_url(f"{walker.site}/partnerships/{pair.pk}/")
        content = walker.page.locator("main")
        expect(content).to_contain_text(partner.display_name)
        expect(content).to_contain_text(str(partner.profile.unit))
        for heading in ("Read the agreement", "Why you two"):
            expect(walker.page.get_by_role("heading", name=walker.words(heading))).to_be_visible()
        start = season.start_es if walker is mentee else season.start_en
        expect(content).to_contain_text(start.strip().split("**")[1])
        for goal in goals:
            expect(content).to_contain_text(goal.title_es if walker is mentee else goal.title_en)
    mentee.fits()
    figure("seconds, whole season", round(time.perf_counter() - started, 1))
