"""How the pages of the tests are looked at: the one that is meant, at each width, without fault for axe."""

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# A folder that keeps a picture of each page looked at; none if empty.
SCREENSHOTS = os.environ.get("SCREENSHOTS", "")


def violations(page: Page) -> list[str]:
    """What axe finds on the page that is open."""
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {node['html'][:160]}" for v in found for node in v["nodes"]]


def looked_at(page: Page, name: str, path: str, widths: tuple[int, ...] = (320, 375, 1280)) -> None:
    """Assert that each width shows the page that is meant, passes axe and needs no sideways scrolling."""
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        assert path in page.url
        page.locator("h1").first.wait_for()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        picture(page, f"{name}-{width}")


def picture(page: Page, name: str) -> None:
    """Keep a picture of the whole page, where pictures are kept."""
    if SCREENSHOTS:
        page.screenshot(path=str(Path(SCREENSHOTS) / f"{name}.png"), full_page=True)
