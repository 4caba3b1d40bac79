"""What every test shares: the fixed cast, clients that are signed in, and a real browser."""

import os
import shutil
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from allauth.account.internal.userkit import user_id_to_str
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

import mentorship.celery  # noqa: F401 - as the web server does: wakes go to our broker
from tests.factories import UserFactory

CHROMIUM = shutil.which("chromium")


def signed_in(
    person: Any, client: Client | None = None, *, second_factor: bool = True, proved_again: bool = False
) -> Client:
    """Return a client signed in as a person, with the second factor passed where there is one.

    `proved_again`: they gave their password a second time just now, as delicate pages ask.
    """
    client = client or Client()
    client.force_login(person, backend="mentorship.people.backends.ActivePersonBackend")
    session = client.session
    methods = [{"method": "password", "at": timezone.now().timestamp(), "reauthenticated": proved_again}]
    if second_factor and person.authenticator_set.exists():
        methods.append({"method": "mfa", "at": timezone.now().timestamp(), "type": "totp"})
    session[AUTHENTICATION_METHODS_SESSION_KEY] = methods
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = user_id_to_str(person)
    session.save()
    return client


@pytest.fixture
def sign_in() -> Callable[..., Client]:
    """The function that signs a person in."""
    return signed_in


@pytest.fixture
def enter(live_server: Any) -> Callable[[Any, Any], None]:
    """The function that makes a browser's page, and the others of its context, one of a signed-in person."""

    def give_cookie(page: Any, person: Any) -> None:
        key = signed_in(person).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": key, "url": live_server.url}])

    return give_cookie


@pytest.fixture
def coordinator(db: None) -> Any:
    return UserFactory(given_name="Ana", family_name="Ortiz", roles=["coordinator"])


@pytest.fixture
def administrator(db: None) -> Any:
    return UserFactory(given_name="Ada", family_name="Min", roles=["administrator"])


@pytest.fixture
def member(db: None) -> Any:
    """A member of staff without any role."""
    return UserFactory(given_name="Rosa", family_name="Santos")


@pytest.fixture
def stranger(db: None) -> Any:
    """Another member of staff who has nothing to do with `member`."""
    return UserFactory(given_name="Sam", family_name="Tran")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium, without its background traffic."""
    return {
        **browser_type_launch_args,
        "executable_path": CHROMIUM,
        "args": [
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-domain-reliability",
            "--disable-sync",
            "--no-first-run",
            "--no-pings",
            "--no-sandbox",
        ],
    }


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without a Chromium the browser tests are skipped, but never in CI."""
    for item in items:
        if item.path.is_relative_to(config.rootpath / "tests" / "browser") or "page" in getattr(
            item, "fixturenames", ()
        ):
            item.add_marker("browser")
            if CHROMIUM is None:
                if os.environ.get("CI") == "true":
                    raise pytest.UsageError("CI needs Chromium for the browser tests, and none is installed")
                item.add_marker(pytest.mark.skip(reason="no Chromium here: install Debian's chromium to run it"))


@pytest.fixture(autouse=True)
def _limits_of_its_own(request: pytest.FixtureRequest) -> None:
    """Rate limits are counted in the cache's table, which a flush between tests doesn't know."""
    if {"transactional_db", "live_server"} & set(request.fixturenames):
        request.getfixturevalue("transactional_db")
        cache.clear()


@pytest.fixture(autouse=True)
def _plain_static_files(settings: Any) -> None:
    """Pages refer to static files by their plain names, so that no test needs collectstatic."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
