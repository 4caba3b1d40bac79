"""The mail files that the demo writes instead of sending, read back for a person to look at."""

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings

SEPARATOR = re.compile(rb"^-{79}\n", re.MULTILINE)
CALENDAR = "text/calendar"
KEY = re.compile(r"[\w.-]{1,80}-\d{1,4}")


class NoSuchMailError(Exception):
    """There is no mail of this key."""


@dataclass(frozen=True)
class Message:
    """One mail as it was sent; `calendar` is the entry for a calendar that came with it, or ""."""

    key: str
    to: str
    subject: str
    at: datetime
    text: str
    html: str
    calendar: str = ""


def sent() -> list[Message]:
    """Return every mail in MAIL_DIR, the newest first."""
    folder = Path(settings.MAIL_DIR or "/nonexistent")
    files = sorted(folder.glob("*.log"), reverse=True) if folder.is_dir() else []
    messages = [message for path in files for message in _messages(path)]
    return sorted(messages, key=lambda message: message.at, reverse=True)


def read(key: str) -> Message:
    """Return one mail. Raises NoSuchMailError."""
    if not KEY.fullmatch(key):
        raise NoSuchMailError
    path = Path(settings.MAIL_DIR or "/nonexistent") / f"{key.rpartition('-')[0]}.log"
    found = [message for message in (_messages(path) if path.is_file() else ()) if message.key == key]
    if not found:
        raise NoSuchMailError
    return found[0]


def _messages(path: Path) -> list[Message]:
    parts = [part for part in SEPARATOR.split(path.read_bytes()) if part.strip()]
    return [_message(f"{path.stem}-{number}", part) for number, part in enumerate(parts)]


def _message(key: str, raw: bytes) -> Message:
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    return Message(
        key=key,
        to=str(mail["To"] or ""),
        subject=str(mail["Subject"] or ""),
        at=mail["Date"].datetime if mail["Date"] else datetime.min.replace(tzinfo=UTC),
        text=_part(mail, "plain"),
        html=_part(mail, "html"),
        calendar="".join(str(part.get_content()) for part in mail.walk() if part.get_content_type() == CALENDAR),
    )


def _part(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return str(part.get_content()) if part else ""
