"""How a storm goes: messages are asked for bit by bit, workers send them, and all of them are hit meanwhile.

The storm plays the web server, which asks for messages and wakes a worker for each commit, and the beat, which ticks.
"""

import random
import threading
import time
from collections import Counter, deque
from email import message_from_bytes, policy
from uuid import uuid4

import redis
from django.conf import settings
from django.db import Error, connection
from django.db.models import QuerySet
from django.utils import timezone

from mentorship.common.outages import is_away
from mentorship.jobs import waking
from mentorship.people.models import User
from mentorship.portal.benchmarks.storm.messages import EACH, KEY, NOTE, REMINDER
from mentorship.portal.benchmarks.storm.plan import Plan, StormFigures
from mentorship.portal.benchmarks.storm.workers import Workers
from mentorship.reminders import weekly
from mentorship.reminders.models import Delivery, Wording
from mentorship.reminders.services import Draft, queue_deliveries
from servers.temporary import TemporaryServers

# How many people one event has something to say to, and how many messages a worker finds waiting at least.
PEOPLE_AT_ONCE = 5
BACKLOG = 10
SECONDS_BETWEEN_TICKS = 0.25
SECONDS_WITHOUT_BROKER = 0.1
# Longer than a refused message and a lost sender's lease wait: who has seen nothing happen for so long may count.
PATIENCE_SECONDS = 100.0


class Storm:
    """One storm; `on_mail` is for the mail server's threads, everything else for the main one."""

    def __init__(self, plan: Plan, servers: TemporaryServers) -> None:
        self.plan = plan
        self.servers = servers
        self.workers = Workers(
            plan.workers,
            servers.folder,
            random.Random(plan.seed),  # noqa: S311 - whom a storm hits is no secret
        )
        self.arrived: Counter[str] = Counter()
        self.mails = self.broker_kills = self.database_restarts = self.wakes_lost = 0
        people = plan.deliveries // len(EACH)
        # Inside a transaction nothing is merged.
        mails = people * (len(EACH) if plan.inside_transaction else len(EACH) - 1)
        self._kills = _points(plan.kills, mails, 1 / 2)
        self._broker_kills = _points(plan.broker_kills, mails, 1 / 3)
        self._database_restarts = _points(plan.database_restarts, mails, 2 / 3)
        self._lock = threading.Lock()
        self._people: deque[list[User]] = deque()
        self._next_tick = 0.0

    def on_mail(self, sender: str, content: bytes) -> None:
        """Count what a mail says; for some of them kill a worker, before the sender hears that it was taken."""
        text = message_from_bytes(content, policy=policy.default).get_body(("plain",))
        keys = KEY.findall(text.get_content()) if text else []
        with self._lock:
            self.arrived.update(keys)
            self.mails += 1
            if self._kills and self.mails >= self._kills[0]:
                # Every other time one that may be anywhere in its work.
                hit = self.workers.kill(int(sender) if self.workers.kills % 2 == 0 else None)
                if hit:
                    self._kills.popleft()
                    time.sleep(0.02)

    def rage(self) -> StormFigures:
        """Have everything asked for, sent and hit, until nothing is left to do, and count."""
        self._gather()
        started = seen = time.monotonic()
        last = None
        try:
            while time.monotonic() - seen < PATIENCE_SECONDS:
                self.workers.refill()
                self._strike()
                self._tick()
                try:
                    left = self._ask_for_more()
                except Error as error:
                    if not is_away(error):
                        raise
                    connection.close()
                else:
                    if left == 0:
                        break
                    if (left, self.mails) != last:
                        last, seen = (left, self.mails), time.monotonic()
                time.sleep(0.05)
        finally:
            self.workers.stop()
        return self._count(time.monotonic() - started)

    def _gather(self) -> None:
        """The people who are written to, and words for both messages."""
        mark = uuid4().hex[:12]
        people = User.objects.bulk_create(
            User(employee_number=f"storm-{mark}-{number}", given_name="Storm", email=f"{number}@storm.example")
            for number in range(self.plan.deliveries // len(EACH))
        )
        Wording.objects.bulk_create(
            Wording(rule=rule, language=code, subject="Storm", body="Storm")
            for rule in (NOTE, REMINDER)
            for code, _name in settings.LANGUAGES
        )
        self._people.extend(people[first : first + PEOPLE_AT_ONCE] for first in range(0, len(people), PEOPLE_AT_ONCE))

    def _ask_for_more(self) -> int:
        """Ask for some messages if few are waiting; return how many are not yet done with, those to come included."""
        now = timezone.now()
        if not self._people:
            return _unfinished().count()
        if Delivery.objects.due(now).count() < BACKLOG * self.plan.workers:
            # A commit whose answer got lost is asked for again, which changes nothing.
            queue_deliveries(
                drafts=[
                    Draft(rule=rule, recipient=person, dedupe_key=f"storm:{person.pk}:{number}")
                    for person in self._people[0]
                    for number, rule in enumerate(EACH)
                ],
                now=now,
            )
            self._people.popleft()
        return sum(len(people) for people in self._people) * len(EACH) + 1

    def _tick(self) -> None:
        """Be the beat, whose ticks nobody keeps for later."""
        if time.monotonic() < self._next_tick:
            return
        self._next_tick = time.monotonic() + SECONDS_BETWEEN_TICKS
        try:
            waking.publish("mentorship.reminders.tasks.tick", queue="mail", expires=SECONDS_BETWEEN_TICKS)
        except waking.UNREACHABLE:
            return

    def _strike(self) -> None:
        """Kill the broker or crash the database where the time has come; both come back at once."""
        if self._broker_kills and self.mails >= self._broker_kills[0]:
            self._broker_kills.popleft()
            self.wakes_lost += _wakes_in_broker()
            self.servers.broker.crash()
            time.sleep(SECONDS_WITHOUT_BROKER)
            self.servers.broker.start()
            self.broker_kills += 1
        if self._database_restarts and self.mails >= self._database_restarts[0]:
            self._database_restarts.popleft()
            self.servers.database.crash()
            self.servers.database.start()
            self.database_restarts += 1

    def _count(self, seconds: float) -> StormFigures:
        """Lost is what was asked for and neither arrived nor is asked about nor waits for its week."""
        rows = list(Delivery.objects.all())
        arrived = {str(row.pk) for row in rows if row.state == "sent"} & set(self.arrived)
        uncertain = {str(row.pk) for row in rows if row.state == "uncertain"}
        waiting = {str(row.pk) for row in rows if row.state == "due" and row.problem == weekly.WAITS}
        asked_for = self.plan.deliveries // len(EACH) * len(EACH)
        return StormFigures(
            deliveries=asked_for,
            workers=self.plan.workers,
            lost=asked_for - len(arrived | uncertain | waiting),
            duplicates=sum(1 for count in self.arrived.values() if count > 1),
            uncertain=sum(1 for row in rows if row.state == "uncertain" and row.carrier_id is None),
            kills=self.workers.kills,
            broker_kills=self.broker_kills,
            database_restarts=self.database_restarts,
            wakes_lost=self.wakes_lost,
            seconds=round(seconds, 1),
        )


def _unfinished() -> QuerySet[Delivery]:
    """What a worker still has to do with: all but the reminders that wait for next week."""
    return Delivery.objects.filter(state__in=["due", "making", "claimed"]).exclude(state="due", problem=weekly.WAITS)


def _points(number: int, mails: int, share: float) -> deque[int]:
    """After which mails something happens `number` times, evenly, each `share` of its period in."""
    return deque(max(1, round((place + share) / number * mails)) for place in range(number))


def _wakes_in_broker() -> int:
    """How many tasks the broker has, those included that a worker took and will acknowledge when it is done."""
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        return int(broker.llen("mail")) + int(broker.hlen("unacked"))  # type: ignore[arg-type]
