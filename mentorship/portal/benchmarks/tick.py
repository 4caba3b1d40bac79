"""What a minute's tick costs with many running pairs: one that finds all that is due, and one that finds nothing."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from mentorship.partnerships.models import CheckIn
from mentorship.people.models import User
from mentorship.portal.benchmarks.counting import cost_of
from mentorship.portal.benchmarks.crowd import BATCH, Crowd, Pair, count_rows
from mentorship.portal.demo.seasons import Stage, season_at
from mentorship.reminders import registry
from mentorship.reminders.models import Delivery

SIZES = (1_000, 10_000, 100_000)
# A Tuesday, ten in the morning in the library's zone: the reminders of that morning are due.
MOMENT = datetime(2027, 3, 9, 18, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
# Of twenty pairs one never met, one went quiet, three meet tomorrow, one said nothing of a meeting, four meet soon.
OF = 20
NEVER, QUIET, TOMORROW, UNSETTLED, SOON = {0}, {1}, {2, 3, 4}, {5}, {6, 7, 8, 9}
# This month one wasn't asked yet how it goes, and four haven't answered.
NOT_ASKED_YET, SILENT = {10}, {11, 12, 13, 14}
MOST_TICKS = 200


@dataclass(frozen=True)
class TickFigures:
    """One tick's sources: seconds, statements, and how many messages came of it."""

    seconds: float
    queries: int
    queued: int


@dataclass(frozen=True)
class SizeFigures:
    """`first` is the tick that finds everything, `steady` the one that finds nothing any more, after `ticks`."""

    pairs: int
    first: TickFigures
    steady: TickFigures
    ticks: int

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def measure_tick(*, pairs: int, by: User, now: datetime = MOMENT) -> SizeFigures:
    """Build a running season of `pairs`, tick until nothing new is due, and roll all of it back; nothing is sent."""
    with transaction.atomic():
        _build(pairs, by, now)
        found = [_tick(now)]
        while found[-1].queued and len(found) < MOST_TICKS:
            found.append(_tick(now + len(found) * timedelta(minutes=1)))
        transaction.set_rollback(True)
    return SizeFigures(pairs=pairs, first=found[0], steady=found[-1], ticks=len(found))


def _tick(now: datetime) -> TickFigures:
    def ask_all() -> None:
        for source in registry.due_sources():
            source(now)

    before = Delivery.objects.count()
    cost = cost_of(ask_all)
    return TickFigures(cost.seconds, cost.queries, queued=Delivery.objects.count() - before)


def _build(pairs: int, by: User, now: datetime) -> None:
    season = season_at(Stage.RUNNING, "Tick", "Tick", by, now)
    season.announced_at = announced_at = now - 90 * DAY
    season.save(update_fields=["announced_at"])
    crowd = Crowd(season, by, announced_at, "running")

    def last_met(place: int) -> datetime | None:
        kind = place % OF
        return None if kind in NEVER else now - (50 * DAY if kind in QUIET else 10 * DAY)

    place = 0
    for batch in crowd.pairs(pairs, last_met):
        rows = [(pair, (place + n) % OF) for n, pair in enumerate(batch)]
        place += len(batch)
        _meetings(crowd, rows, now)
        _check_ins(rows, now)
        _said(rows, now)
    count_rows()


def _meetings(crowd: Crowd, rows: list[tuple[Pair, int]], now: datetime) -> None:
    held = [(pair, pair.partnership.last_met_at) for pair, _kind in rows if pair.partnership.last_met_at]
    crowd.meet(held, held=True, planned_on=now - 60 * DAY)
    for kinds, starts_at in ((TOMORROW, now + DAY), (UNSETTLED, now - 3 * HOUR), (SOON, now + 3 * DAY)):
        planned = [(pair, starts_at) for pair, kind in rows if kind in kinds]
        crowd.meet(planned, held=False, planned_on=now - 9 * DAY)


def _check_ins(rows: list[tuple[Pair, int]], now: datetime) -> None:
    """Nearly all were asked on the first of the month, and most have answered."""
    month = now.date().replace(day=1)
    asked = [(member, kind) for pair, kind in rows if kind not in NOT_ASKED_YET for member in pair.members]
    CheckIn.objects.bulk_create(
        (
            CheckIn(
                membership=member,
                month=month,
                asked_at=now - 8 * DAY,
                **({} if kind in SILENT else {"state": "answered", "answered_at": now - 7 * DAY, "going": 4}),
            )
            for member, kind in asked
        ),
        batch_size=BATCH,
    )


def _said(rows: list[tuple[Pair, int]], now: datetime) -> None:
    """What went out to each before: the announcement, and the check-in's question."""
    Delivery.objects.bulk_create(
        (
            Delivery(
                rule=rule,
                recipient=member.person,
                subject_id=pair.partnership.pk,
                dedupe_key=f"{rule}:before:{member.pk}",
                state=Delivery.State.SENT,
                due_at=now - age,
                made_at=now - age,
                sent_at=now - age,
            )
            for pair, _kind in rows
            for member in pair.members
            for rule, age in (("pair-announced", 90 * DAY), ("check-in", 8 * DAY))
        ),
        batch_size=BATCH,
    )
