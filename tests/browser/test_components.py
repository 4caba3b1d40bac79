"""The gallery of all components holds for everybody: axe, both themes, 320 px, keyboard, no JavaScript."""

import gzip
import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Browser, Page

from tests.browser.looking import violations

STATIC = Path(django_settings.BASE_DIR) / "static"


@pytest.fixture
def gallery(live_server: Any, settings: Any) -> str:
    """The gallery's address: its URLs stand in for the real ones, so that no database row is needed."""
    settings.ROOT_URLCONF = "tests.browser.gallery"
    return f"{live_server.url}/gallery/"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("state", ["", "&errors", "&linked"])
def test_axe_finds_nothing_in_any_state_and_theme(page: Page, gallery: str, theme: str, state: str) -> None:
    page.goto(f"{gallery}?theme={theme}{state}")
    assert page.title().endswith("Every component · Riverbend Mentorship")
    assert violations(page) == []


def test_axe_finds_nothing_on_a_phone_with_the_menu_open(page: Page, gallery: str) -> None:
    page.set_viewport_size({"width": 375, "height": 700})
    page.goto(gallery)
    page.get_by_text("Menu").click()
    assert page.get_by_role("link", name="Learn").is_visible()
    assert violations(page) == []


def test_axe_sees_what_is_wrong(page: Page, gallery: str) -> None:
    page.goto(gallery)
    page.evaluate("document.querySelector('label[for=id_bio]').remove()")
    assert [line.split(":")[0] for line in violations(page)] == ["label"]


def test_without_a_choice_the_theme_follows_the_readers_system(browser: Browser, gallery: str) -> None:
    colours = {}
    for scheme in ("light", "dark"):
        page = browser.new_page(color_scheme=scheme)  # type: ignore[arg-type]
        page.goto(gallery)
        colours[scheme] = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.goto(f"{gallery}?theme=light")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(251, 248, 242)"
        page.close()
    assert colours == {"light": "rgb(251, 248, 242)", "dark": "rgb(22, 25, 29)"}


@pytest.mark.parametrize("width", [320, 500, 768, 1180])
def test_nothing_is_wider_than_the_screen(page: Page, gallery: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(f"{gallery}?errors")
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_twice_the_text_size_still_fits(page: Page, gallery: str) -> None:
    page.set_viewport_size({"width": 640, "height": 700})
    page.goto(gallery)
    page.evaluate("document.documentElement.style.fontSize = '32px'")
    assert page.evaluate("document.documentElement.scrollWidth") == 640


def test_the_error_summary_has_the_focus_and_leads_to_each_field(browser: Browser, gallery: str) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{gallery}?errors")
    assert page.title() == "Error: Every component · Riverbend Mentorship"
    assert page.locator(":focus").get_attribute("class") == "error-summary"
    targets = [link.get_attribute("href") for link in page.locator(".error-summary a").all()]
    assert targets == [
        "#id_name", "#id_unit", "#id_role_0", "#id_goals_0_0", "#id_consent", "#id_start", "#id_hours",
    ]  # fmt: skip
    for target in targets:
        assert page.locator(str(target)).count() == 1


def test_hints_and_errors_are_tied_to_their_controls(page: Page, gallery: str) -> None:
    page.goto(f"{gallery}?errors")
    assert page.locator("#id_name").get_attribute("aria-describedby") == "id_name_helptext id_name_error"
    group = page.get_by_role("group", name="Role")
    assert group.get_attribute("aria-describedby") == "id_role_helptext id_role_error"
    described = page.eval_on_selector_all(
        "[aria-describedby]",
        "all => all.flatMap(e => e.getAttribute('aria-describedby').split(' '))"
        ".filter(id => !document.getElementById(id))",
    )
    assert described == []


def test_on_a_phone_the_ribbon_shows_the_words_of_now_and_keeps_the_others_for_screen_readers(
    page: Page, gallery: str
) -> None:
    page.set_viewport_size({"width": 375, "height": 700})
    page.goto(gallery)
    steps = page.get_by_role("navigation", name="The season").get_by_role("listitem")
    shown = [box["width"] > 2 for step in steps.all() if (box := step.locator(".step-words").bounding_box())]
    assert shown == [False, False, False, True, False, False]
    assert [" ".join(step.inner_text().split()) for step in steps.all()] == [
        "Apply (done) closed 12 Feb",
        "Review (done) to 26 Feb",
        "Matches (done) 1 Mar",
        "Meet · now month 3 of 6",
        "Survey (to come) from 1 Sep",
        "Report (to come) October",
    ]


def test_every_target_on_a_phone_is_44_px_high_or_stands_in_a_line_of_text(page: Page, gallery: str) -> None:
    page.set_viewport_size({"width": 375, "height": 700})
    page.goto(gallery)
    page.get_by_text("Menu").click()
    small = page.eval_on_selector_all(
        "button, .btn, summary, input:not([type=hidden]):not([type=checkbox]):not([type=radio]), select, textarea,"
        " .choice, .site-nav a, .site-person a, .site-footer a, .tabs a, .pages a",
        "all => all.filter(e => e.offsetParent && e.getBoundingClientRect().height < 44).map(e => e.outerHTML)",
    )
    assert small == []


def test_the_keyboard_reaches_the_content_first_and_the_ring_is_seen(page: Page, gallery: str) -> None:
    page.goto(gallery)
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    ring = page.evaluate("(s => [s.outlineStyle, s.outlineWidth])(getComputedStyle(document.activeElement))")
    assert ring == ["solid", "3px"]


def test_nothing_inline_and_nothing_from_elsewhere(page: Page, gallery: str) -> None:
    """The policy forbids inline code and style; a data address would need its own exception."""
    blocked: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: blocked.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{gallery}?errors")
    page.wait_for_load_state("networkidle")
    assert blocked == []
    assert [url for url in asked if not url.startswith(gallery.removesuffix("/gallery/"))] == []
    assert page.locator("[style], style, script:not([src])").count() == 0


def test_only_the_latin_font_is_loaded_until_another_letter_is_on_the_page(page: Page, gallery: str) -> None:
    fonts: list[str] = []
    page.on("request", lambda r: fonts.append(Path(r.url).stem) if r.resource_type == "font" else None)
    page.goto(gallery)
    page.wait_for_load_state("networkidle")
    assert set(fonts) == {"atkinson-hyperlegible-next-latin-wght-normal"}
    with page.expect_request(lambda request: request.resource_type == "font"):
        page.evaluate("document.querySelector('h1').textContent = 'Łukasz'")
    assert set(fonts) == {
        "atkinson-hyperlegible-next-latin-wght-normal",
        "atkinson-hyperlegible-next-latin-ext-wght-normal",
    }


def test_the_first_view_is_at_most_100_kb_compressed(page: Page, gallery: str) -> None:
    responses: list[Any] = []
    page.on("response", lambda response: responses.append(response))
    page.goto(gallery)
    page.wait_for_load_state("networkidle")
    bodies = {response.url: response.body() for response in responses}
    sizes = {url: len(body if url.endswith(".woff2") else gzip.compress(body, 9)) for url, body in bodies.items()}
    assert {url.rpartition(".")[2] for url in sizes} >= {"css", "js", "woff2", "svg"}
    assert sum(sizes.values()) <= 100_000, sizes


def test_vendored_files_are_what_their_checksums_say() -> None:
    listed = dict(reversed(line.split()) for line in (STATIC / "vendor" / "SHA256SUMS").read_text().splitlines())
    present = {
        str(file.relative_to(STATIC / "vendor")): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in (STATIC / "vendor").rglob("*")
        if file.is_file() and file.name not in {"LICENSE", "SHA256SUMS"}
    }
    assert present == listed
