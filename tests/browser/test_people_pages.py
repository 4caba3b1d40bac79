"""People's own pages in a browser: axe, a phone, no script needed, and the question on a shared computer."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from mentorship.people.models import Profile, User
from mentorship.people.sign_in_codes import make_code
from tests.browser.looking import looked_at
from tests.factories import NOW, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("profile", "/account/profile/"),
        ("first-steps", "/account/first-steps/"),
        ("second-factor", "/account/second-factor/"),
        ("still-there", "/account/still-there/"),
    ],
)
def test_a_persons_pages(page: Page, live_server: Any, enter: Any, name: str, path: str) -> None:
    person = UserFactory(given_name="Rosa", family_name="Santos")
    Profile.objects.filter(user=person).update(slots=["mon-am", "wed-eve"], supervisor=UserFactory())
    enter(page, person)
    page.goto(live_server.url + path)
    looked_at(page, name, path)


def test_the_profile_with_errors(page: Page, live_server: Any, enter: Any) -> None:
    enter(page, UserFactory())
    page.goto(live_server.url + "/account/profile/")
    page.get_by_label("Who makes your schedule?").fill("nobody@library.example")
    page.get_by_role("button", name="Save my profile").click()
    assert page.title().startswith("Error:")
    looked_at(page, "profile-errors", "/account/profile/")


def test_a_printed_code_in_the_browser(page: Page, live_server: Any) -> None:
    person = UserFactory(given_name="Pat", email=None)
    code = make_code(person=person, by=None, now=NOW.replace(year=2100)).code
    page.goto(live_server.url + "/account/code/")
    looked_at(page, "code", "/account/code/")
    expect(page.get_by_label("This is a shared computer")).to_be_checked()
    page.get_by_label("Employee number").fill(person.employee_number)
    page.get_by_label("Code").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    looked_at(page, "code-wrong", "/account/code/")
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are in, Pat")


def test_the_admins_pages_of_people(page: Page, live_server: Any, enter: Any, administrator: User) -> None:
    person = UserFactory(email=None)
    enter(page, administrator)
    page.goto(f"{live_server.url}/admin/people/user/{person.pk}/roles/")
    looked_at(page, "roles", "/roles/")
    page.get_by_label("Coordinator").check()
    page.get_by_role("button", name="Go on").click()
    looked_at(page, "roles-asked", "/roles/")
    page.get_by_role("button", name="Change the roles").click()
    looked_at(page, "person", f"/admin/people/user/{person.pk}/change/")
    page.goto(f"{live_server.url}/admin/people/user/")
    looked_at(page, "people", "/admin/people/user/")
    page.locator(f'input[name="_selected_action"][value="{person.pk}"]').check()
    page.locator('select[name="action"]').select_option("print_codes")
    page.locator('button[name="index"], input[name="index"]').first.click()
    looked_at(page, "codes-asked", "/admin/people/user/")
    page.get_by_role("button", name="Print one").click()
    looked_at(page, "codes", "/admin/people/user/")
    page.emulate_media(media="print")
    assert page.get_by_role("link", name="Back to people").is_hidden()


def test_the_profile_is_saved_without_any_script(browser: Browser, live_server: Any, enter: Any) -> None:
    person = UserFactory()
    page = browser.new_context(java_script_enabled=False).new_page()
    enter(page, person)
    page.goto(live_server.url + "/account/profile/")
    page.get_by_label("Preferred name").fill("Ro")
    page.get_by_label("Tuesday, evenings").check()
    page.get_by_role("button", name="Save my profile").click()
    profile = Profile.objects.get(user=person)

    assert (profile.preferred_name, profile.slots) == ("Ro", ["tue-eve"])
    expect(page.get_by_text("you are signed out after 15 minutes without a click").first).to_be_visible()
    page.context.close()


def test_the_question_comes_before_the_end_and_an_answer_keeps_the_session(
    page: Page, live_server: Any, enter: Any, settings: Any
) -> None:
    settings.SHARED_COMPUTER_IDLE_SECONDS = 62
    enter(page, UserFactory())
    page.goto(live_server.url + "/account/profile/")
    question = page.get_by_role("dialog", name="Are you still there?")
    expect(question).to_be_visible(timeout=5000)
    looked_at(page, "question", "/account/profile/")
    with page.expect_response("**/account/stay/") as answer:
        page.get_by_role("button", name="Stay signed in").click()
    assert answer.value.status == 204
    expect(question).to_be_hidden()


def test_whoever_is_typing_is_not_asked_and_stays(page: Page, live_server: Any, enter: Any, settings: Any) -> None:
    settings.SHARED_COMPUTER_IDLE_SECONDS = 62
    enter(page, UserFactory())
    page.goto(live_server.url + "/account/profile/")
    with page.expect_response("**/account/stay/", timeout=8000) as answer:
        page.get_by_label("About me").press_sequentially("I know the archive", delay=20)
    assert answer.value.status == 204
    assert page.get_by_role("dialog", name="Are you still there?").is_hidden()
    assert page.get_by_label("About me").input_value() == "I know the archive"


def test_an_answer_that_comes_too_late_says_that_nothing_typed_is_lost(
    page: Page, live_server: Any, enter: Any, settings: Any
) -> None:
    settings.SHARED_COMPUTER_IDLE_SECONDS = 62
    enter(page, UserFactory())
    page.goto(live_server.url + "/account/profile/")
    page.get_by_label("Preferred name").fill("Ro")
    page.context.clear_cookies(name="sessionid")
    expect(page.get_by_role("dialog", name="You are signed out")).to_be_visible(timeout=8000)
    looked_at(page, "over", "/account/profile/")
    page.get_by_role("button", name="Back to my page").click()
    assert page.get_by_label("Preferred name").input_value() == "Ro"
