"""A storm over the outbox: senders killed while they send, cut off from the database, and never a broker.

Every mail goes to a server of the storm's own on loopback, which counts what arrives; every row that the storm makes
is gone afterwards.
"""

import os
import random
import re
import signal
import socketserver
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import connection

from mentorship.people.models import User
from mentorship.portal.benchmarks.storm import NOTE, REMINDER, register_rules
from mentorship.reminders import registry, weekly
from mentorship.reminders.models import Delivery, Wording
from mentorship.reminders.sender import LEASE, expire_leases
from mentorship.reminders.services import Draft, queue_deliveries

# What one person is sent: messages that go at once, and reminders that go in one mail.
EACH = (NOTE, NOTE, REMINDER, REMINDER)
KEY = re.compile(r"/storm/([0-9a-f-]{36})")
APPLICATION = "storm"


@dataclass(frozen=True)
class StormFigures:
    """What came of it: `lost` and `duplicates` are messages, `uncertain` the mails that a person must decide on."""

    deliveries: int
    lost: int
    duplicates: int
    uncertain: int
    kills: int
    cuts: int
    seconds: float

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


class Sink(socketserver.ThreadingTCPServer):
    """A mail server that takes everything; `on_mail(sender, content)` is called before it says so."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, on_mail: Callable[[str, bytes], None]) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.on_mail = on_mail


class _Conversation(socketserver.StreamRequestHandler):
    """As much SMTP as a client needs to hand over one mail."""

    def handle(self) -> None:
        try:
            self._talk()
        except OSError:
            return  # the client was killed

    def _talk(self) -> None:
        sender = ""
        self._say(b"220 storm")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"MAIL":
                sender = line.decode().partition("<")[2].partition("@")[0]
            if verb == b"DATA":
                self._say(b"354 go on")
                lines = iter(self.rfile.readline, b".\r\n")
                content = b"".join(lines)
                assert isinstance(self.server, Sink)
                self.server.on_mail(sender, content)
            self._say(b"221 bye" if verb == b"QUIT" else b"250 storm")
            if verb == b"QUIT":
                return

    def _say(self, words: bytes) -> None:
        self.wfile.write(words + b"\r\n")


class Storm:
    """Senders, what arrived from them, and when to kill one or to cut all off."""

    def __init__(self, *, mails: int, senders: int, kills: int, cuts: int, control: bool, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - whom a storm hits is no secret
        self.arrived: Counter[str] = Counter()
        self.mails = self.kills = self.cuts = 0
        self.kill_at = {round((number + 1) * mails / (kills + 1)) for number in range(kills)}
        self.cut_at = {round((number + 1) * mails / (cuts + 1)) + 1 for number in range(cuts)}
        self.control = control
        self.wanted = senders
        self.running: dict[int, subprocess.Popen[bytes]] = {}
        self.lock = threading.Lock()
        self.to_cut = threading.Event()

    def on_mail(self, sender: str, content: bytes) -> None:
        """Count what a mail says; at some of them kill its sender, before it hears that the mail was taken."""
        text = message_from_bytes(content, policy=policy.default).get_body(("plain",))
        keys = KEY.findall(text.get_content()) if text else []
        with self.lock:
            self.arrived.update(keys)
            self.mails += 1
            if self.mails in self.cut_at:
                self.to_cut.set()
            if self.mails in self.kill_at:
                # Every other time one that may be anywhere in its work.
                victim = sender if self.kills % 2 == 0 else str(self.random.choice([*self.running]))
                self.kills += 1
                os.kill(int(victim), signal.SIGKILL)
                time.sleep(0.02)

    def rage(self, port: int) -> None:
        """Keep as many senders running as wanted until all of them have found nothing to do."""
        ended = False
        while not (ended and not self.running):
            for pid, process in list(self.running.items()):
                if process.poll() is not None:
                    with self.lock:
                        del self.running[pid]
                    ended = ended or process.returncode == 0
            while not ended and len(self.running) < self.wanted:
                process = self._start(port)
                with self.lock:
                    self.running[process.pid] = process
            if self.to_cut.is_set():
                self.to_cut.clear()
                self._cut()
            time.sleep(0.02)

    def end(self) -> None:
        for process in self.running.values():
            process.kill()
            process.wait()

    def _start(self, port: int) -> "subprocess.Popen[bytes]":
        environment = {
            **{name: value for name, value in os.environ.items() if name != "MAIL_DIR"},
            "DJANGO_SETTINGS_MODULE": "mentorship.settings",
            "DATABASE_URL": database_url(),
            "REDIS_URL": "redis://127.0.0.1:1/0",
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        }
        flags = ["--inside-transaction"] if self.control else []
        return subprocess.Popen(
            [sys.executable, "-m", "mentorship.portal.benchmarks.storm", *flags],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _cut(self) -> None:
        """End every connection but ours, as a restart of the database does."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND application_name = %s",
                [APPLICATION],
            )
        self.cuts += 1


def database_url() -> str:
    """The address of this process's database, under a name by which the storm's connections are known."""
    address, _question, query = os.environ["DATABASE_URL"].partition("?")
    name = connection.settings_dict["NAME"]
    return f"{address.rpartition('/')[0]}/{name}?{query}{'&' if query else ''}application_name={APPLICATION}"


def measure_reminders(
    *, deliveries: int, senders: int, kills: int, cuts: int, now: datetime, control: bool = False, seed: int = 1
) -> StormFigures:
    """Send `deliveries` messages through the storm and count. Its rows are committed, and deleted in the end."""
    started = time.monotonic()
    mark = uuid4().hex[:12]
    register_rules()
    people = User.objects.bulk_create(
        User(employee_number=f"storm-{mark}-{number}", given_name="Storm", email=f"{mark}-{number}@storm.example")
        for number in range(deliveries // len(EACH))
    )
    words = Wording.objects.bulk_create(
        Wording(rule=rule, language=code, subject="Storm", body="Storm")
        for rule in (NOTE, REMINDER)
        for code, _name in settings.LANGUAGES
    )
    mails = len(people) * (len(EACH) if control else len(EACH) - 1)
    storm = Storm(mails=mails, senders=senders, kills=kills, cuts=cuts, control=control, seed=seed)
    sink = Sink(storm.on_mail)
    threading.Thread(target=sink.serve_forever, daemon=True).start()
    try:
        queue_deliveries(
            drafts=[
                Draft(rule=rule, recipient=person, dedupe_key=f"storm:{person.pk}:{number}")
                for person in people
                for number, rule in enumerate(EACH)
            ],
            now=now,
        )
        storm.rage(sink.server_address[1])
        expire_leases(now=now + timedelta(hours=1) + LEASE)
        return _count(storm, people, started)
    finally:
        storm.end()
        sink.shutdown()
        sink.server_close()
        Delivery.objects.filter(recipient__in=people).delete()
        Wording.objects.filter(pk__in=[row.pk for row in words]).delete()
        User.objects.filter(pk__in=[person.pk for person in people]).delete()
        for rule in (NOTE, REMINDER):
            registry.unregister(rule)


def _count(storm: Storm, people: list[User], started: float) -> StormFigures:
    """Lost is what is said to be sent and never arrived, and what is neither sent, nor asked about, nor waiting."""
    rows = list(Delivery.objects.filter(recipient__in=people))
    sent = {str(row.pk) for row in rows if row.state == "sent"}
    told = {str(row.pk) for row in rows if row.state == "uncertain"}
    waiting = {str(row.pk) for row in rows if row.state == "due" and row.problem == weekly.WAITS}
    return StormFigures(
        deliveries=len(rows),
        lost=len(sent - set(storm.arrived)) + len(rows) - len(sent | told | waiting),
        duplicates=sum(1 for count in storm.arrived.values() if count > 1),
        uncertain=sum(1 for row in rows if row.state == "uncertain" and row.carrier_id is None),
        kills=storm.kills,
        cuts=storm.cuts,
        seconds=round(time.monotonic() - started, 1),
    )
