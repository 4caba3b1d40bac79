"""A person who has no mouse: reaches things with Tab, presses keys, and must always see where they are."""

from playwright.sync_api import ElementHandle, Locator, Page

MOST_STOPS = 120
LOOKS = 20
# Whether the wanted element has the focus, and what is wrong for somebody who looks where the focus is.
LOOK = """wanted => {
  const element = document.activeElement;
  if (element === wanted) return [true, seen(element)];
  return [false, element === document.body ? '' : seen(element)];

  function seen(element) {
    const style = getComputedStyle(element);
    const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    const name = element.outerHTML.slice(0, 200);
    if (!element.matches(':focus-visible') || !ring) return `${name} shows no focus`;
    const box = element.getClientRects()[0];
    if (!box || box.width < 1 || box.height < 1) return `${name} has no size`;
    const y = box.top + Math.min(box.height, 20) / 2;
    const top = document.elementFromPoint(box.left + Math.min(box.width, innerWidth - box.left) / 2, y);
    if (!top) return `${name} is outside the screen`;
    const label = element.closest('label');
    return element.contains(top) || (label && label.contains(top)) ? '' : `${name} is covered`;
  }
}"""


class Keyboard:
    """Presses keys on a page and counts them in `presses`; each stop of Tab must be seen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses = 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.presses += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.presses += len(text)

    def reach(self, target: Locator) -> None:
        """Go on with Tab until `target` has the focus. Raises AssertionError where that never happens, or where
        the focus can't be seen on the way."""
        wanted = target.element_handle()
        if self.page.evaluate("wanted => wanted === document.activeElement", wanted):
            return
        for _stop in range(MOST_STOPS):
            self.press("Tab")
            if self._is_at(wanted):
                return
        raise AssertionError(f"Tab never gets to {target}")

    def _is_at(self, wanted: ElementHandle) -> bool:
        """Look for what has the focus, until the page has scrolled there."""
        for _look in range(LOOKS):
            there, problem = self.page.evaluate(LOOK, wanted)
            if not problem:
                return bool(there)
            self.page.wait_for_timeout(50)
        raise AssertionError(problem)

    def skip_to_content(self) -> None:
        """Take the page's first stop, which leads past its header; a form sent from there comes back to there."""
        if self.page.evaluate("location.hash === '#main'"):
            return
        self.press("Tab")
        assert self.page.evaluate("document.activeElement.getAttribute('href')") == "#main"
        self.press("Enter")

    def write(self, target: Locator, text: str) -> None:
        self.reach(target)
        self.type(text)

    def tick(self, target: Locator) -> None:
        """Tick a box, or take the radio button that Tab gets to."""
        self.reach(target)
        self.press("Space")
        assert target.is_checked()

    def use(self, target: Locator) -> None:
        """Press a button or follow a link, and wait for the page that comes."""
        self.reach(target)
        with self.page.expect_navigation():
            self.press("Enter")
