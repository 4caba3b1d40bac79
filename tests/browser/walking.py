"""What the journeys through a season share: people who have a browser and get mail, the season, and its time."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone
from django.utils.translation import gettext, override
from playwright.sync_api import Browser, Page, expect

from mentorship.jobs.waking import wake
from mentorship.portal.demo import mail
from mentorship.reminders.models import Heartbeat
from mentorship.seasons.services import create_season, publish_season
from tests.browser.keyboard import Keyboard
from tests.browser.looking import picture
from tests.calendars import Entry, kept
from tests.factories import TOTP_SECRET
from tests.live_worker import wait_until

PASSWORD = "four words in a row"
# A Monday, ten in the morning in the library's zone, a week before people apply.
PUBLISHED = datetime(2027, 1, 11, 18, tzinfo=UTC)


class Walker:
    """One person with a browser of their own, who reads in their language and gets mail."""

    def __init__(self, person: Any, page: Page, site: str) -> None:
        self.person, self.page, self.site = person, page, site
        self.keys = Keyboard(page)

    def words(self, text: str) -> str:
        with override(self.person.language):
            return gettext(text)

    def button(self, text: str) -> Any:
        return self.page.get_by_role("button", name=self.words(text), exact=True)

    def link(self, text: str) -> Any:
        return self.page.get_by_role("link", name=self.words(text), exact=True)

    def field(self, text: str) -> Any:
        return self.page.get_by_label(self.words(text), exact=True)

    def go(self, path: str) -> None:
        self.page.goto(f"{self.site}{path}")

    def reads(self, *texts: str) -> None:
        """Look for each of these, in their language, in what the page says."""
        for text in texts:
            expect(self.page.locator("main")).to_contain_text(self.words(text))

    def looks(self, heading: str, name: str = "") -> None:
        """Look whether the page has this heading and fits the screen; `name` is that of its picture."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(self.words(heading))
        self.fits()
        if name:
            picture(self.page, name)

    def fits(self) -> None:
        size = self.page.viewport_size
        assert size is not None
        assert self.page.evaluate("document.documentElement.scrollWidth") <= size["width"]

    def mails(self) -> list[mail.Message]:
        """What they have got, the newest first."""
        return [message for message in mail.sent() if message.to == self.person.email]

    def newest(self, subject: str) -> mail.Message:
        """Wait for the newest mail, which has this subject."""
        wait_until(lambda: [message.subject for message in self.mails()][:1] == [self.words(subject)])
        return self.mails()[0]

    def got(self, subject: str) -> mail.Message:
        """Wait for a mail with this subject, among others that come at the same time."""
        subject = self.words(subject)
        wait_until(lambda: subject in [message.subject for message in self.mails()])
        return next(message for message in self.mails() if message.subject == subject)

    def in_calendar(self, read: Callable[[str], Entry]) -> dict[str, tuple[datetime, datetime]]:
        """What is in their calendar, which is told of every mail and reads entries by `read`."""
        return kept(read(message.calendar) for message in reversed(self.mails()) if message.calendar)

    def opens(self, message: mail.Message) -> None:
        """Tap the button of a mail."""
        address, *_others = re.findall(rf"^{self.site}/\S+$", message.text, re.MULTILINE)
        self.page.goto(address)

    def follow(self, message: mail.Message) -> None:
        """Open the mail's link, as one does who isn't signed in: the sign-in comes first."""
        self.opens(message)
        expect(self.page).to_have_url(re.compile("/account/login/"))

    def sign_in(self) -> None:
        """By number and password, with no mouse."""
        self.keys.write(self.field("Employee number or e-mail address"), self.person.employee_number)
        self.keys.write(self.field("Password"), PASSWORD)
        with self.page.expect_navigation():
            self.keys.press("Enter")

    def sign_in_by_code(self) -> None:
        """By a code out of a mail, with no mouse."""
        before = {message.key for message in self.mails()}
        self.keys.use(self.link("Send me a code by e-mail"))
        self.keys.write(self.field("E-mail address"), self.person.email)
        self.keys.use(self.button("Send the code"))
        (sent,) = [message for message in self.mails() if message.key not in before]
        (code,) = re.findall(r"^[A-Z]{4}-[A-Z]{4}$", sent.text, re.MULTILINE)
        self.keys.write(self.page.locator("input[name=code]"), code)
        self.keys.use(self.button("Go on"))

    def go_to_today(self) -> None:
        """Sign in with the second factor too: the six digits that the authenticator app shows now."""
        self.go("/admin/")
        self.field("Employee number or e-mail address").fill(self.person.email)
        self.field("Password").fill(PASSWORD)
        self.button("Sign in").click()
        counter = next(iter(yield_hotp_counters_from_time()))
        self.page.locator("input[name=code]").fill(format_hotp_value(hotp_value(TOTP_SECRET, counter)))
        self.button("Sign in").click()
        expect(self.page).to_have_url(f"{self.site}/admin/")


def spring_2027(by: Any) -> Any:
    """A published season of the shipped shape, with the shipped texts; people apply from January 18 on."""
    call_command("load_content", stdout=StringIO())
    season = create_season(
        template="six-month-mentoring",
        name_en="Spring 2027",
        name_es="Primavera de 2027",
        opens_on=datetime(2027, 1, 18, tzinfo=UTC).date(),
        by=by,
        now=PUBLISHED,
    )
    season.contact_name, season.contact_email = "Noor Haddad", "assistance@library.example"
    season.save()
    return publish_season(season=season, by=by, now=PUBLISHED)


@pytest.fixture
def walk(
    browser: Browser, live_server: Any, settings: Any, mail_folder: Path, start_worker: Callable[..., Any]
) -> Iterator[Callable[..., Walker]]:
    """Return a function that gives somebody a browser; web server and worker send to the same folder."""
    cache.clear()  # sign-ins are counted there, and each journey is at the same hour
    settings.PUBLIC_URL = live_server.url
    settings.MAIL_DIR = settings.EMAIL_FILE_PATH = str(mail_folder)
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    start_worker(PUBLIC_URL=live_server.url)
    contexts = []

    def give(person: Any, **options: Any) -> Walker:
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.set_default_timeout(30_000)
        return Walker(person, page, live_server.url)

    yield give
    for context in contexts:
        context.close()


@pytest.fixture
def pass_time(clock: Any) -> Callable[[datetime], None]:
    """Return a function that makes it a later moment and waits until the worker has done what is due then."""

    def go(moment: datetime) -> None:
        clock.set(moment)
        # The worker does one thing after the other: once it has begun a second tick, the first one is done.
        for _tick in range(2):
            tick(timezone.now())

    def tick(asked: datetime) -> None:
        wake("mentorship.reminders.tasks.tick", queue="mail")
        wait_until(lambda: Heartbeat.objects.filter(name="tick", at__gte=asked).exists())

    return go
