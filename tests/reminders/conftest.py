"""The message that these tests send, and a mail server that answers as told."""

import socket
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from aiosmtpd.controller import Controller
from django.template import engines

from mentorship.reminders import registry
from tests.live_worker import clock, mail_folder, start_worker  # noqa: F401 - fixtures
from tests.reminders.notes import TEMPLATES, register_note


@pytest.fixture
def note() -> Iterator[SimpleNamespace]:
    """The rule "note", which can be refused."""
    yield register_note()
    registry._rules.pop("note")
    engines["django"].engine.dirs.remove(TEMPLATES)


@pytest.fixture
def essential_note(note) -> SimpleNamespace:
    """The rule "note", as an essential one."""
    return register_note(essential=True)


class Sink:
    """Takes mail, or answers RCPT with `answer`."""

    def __init__(self) -> None:
        self.answer = "250 OK"
        self.mails: list[bytes] = []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.mails.append(envelope.content)
        return "250 OK"


@pytest.fixture
def mail_server(settings) -> Iterator[Sink]:
    """A real SMTP server on a port of its own, which Django's backend sends to."""
    sink = Sink()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield sink
    controller.stop()
