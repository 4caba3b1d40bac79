"""One season from its pool to the announcement, measured; the season and its people are gone afterwards."""

import time
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from matching.models import MatchRun, Proposal
from matching.services import announce_season, approve_proposals, execute_run, start_run
from mentorship.partnerships.models import Membership, Partnership
from mentorship.partnerships.services import answer_question, ask_mentors
from mentorship.people.models import User
from mentorship.portal.demo.seasons import Stage, seed_season
from mentorship.seasons.models import Season

SEED = "benchmark"
MOST_UNITS = 73
# 67 people come from 44 work units; a larger season from as many as there are.
UNITS = {67: 44}
STEPS = ("snapshot", "solve", "verify", "without a rule", "store")


@dataclass(frozen=True)
class PageFigures:
    """What one page costs when it isn't asked for the first time; `kilobytes` are those of its HTML."""

    queries: int
    seconds: float
    kilobytes: float


@dataclass(frozen=True)
class SeasonFigures:
    """What was measured: `seconds` by step, `pages` by name."""

    people: int
    units: int
    mentees: int
    matched: int
    pairs: int
    seconds: dict[str, float]
    pages: dict[str, PageFigures]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


class Laps:
    """The seconds that each step took, by name."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._since = time.perf_counter()

    def start(self) -> None:
        self._since = time.perf_counter()

    def end(self, step: str) -> None:
        now = time.perf_counter()
        self.seconds[step] = round(self.seconds.get(step, 0) + now - self._since, 3)
        self._since = now

    def progress(self, done: int, total: int, step: str = "") -> None:
        """Stand in for a job's progress: each call of a run ends the step before; all looks at rules are one."""
        if done:
            self.end(STEPS[min(done, len(STEPS) - 1) - 1])


def measure_season(*, people: int, by: User, now: datetime) -> SeasonFigures:
    """Take a season of `people` from its pool to the announcement in one transaction, and roll it back.

    `by` is a coordinator. Raises SeedError.
    """
    with transaction.atomic():
        figures = _measure(people, by, now)
        transaction.set_rollback(True)
    return figures


def _measure(people: int, by: User, now: datetime) -> SeasonFigures:
    laps = Laps()
    units = UNITS.get(people, min(people, MOST_UNITS))
    season = seed_season(
        people=people, units=units, stage=Stage.REVIEWING, seed=SEED, name_en=SEED, name_es=SEED, by=by, now=now
    )
    laps.end("seed")
    client = _entered(by)
    run = start_run(season=season, by=by, now=now)
    laps.start()
    execute_run(run_id=run.pk, progress=laps.progress, now=now)
    laps.end(STEPS[-1])
    pages = {name: _visit(client, path) for name, path in _paths(season).items()}
    laps.start()
    suggested = Proposal.objects.filter(run=run, mentor__isnull=False).values_list("pk", flat=True)
    approve_proposals(run=run, proposals=suggested, by=by, now=now)
    laps.end("approve")
    ask_mentors(season=season, by=by, now=now)
    laps.end("ask")
    asked = Membership.objects.filter(season=season, role="mentor", partnership__state=Partnership.State.ASKED)
    for mentor in asked.select_related("person", "partnership"):
        answer_question(partnership=mentor.partnership, yes=True, by=mentor.person, now=now)
    laps.end("answers")
    announced = announce_season(season=season, by=by, now=now)
    laps.end("announce")
    listed = reverse("admin:partnerships_partnership_changelist")
    pages["partnerships"] = _visit(client, f"{listed}?season__id__exact={season.pk}")
    figures = MatchRun.objects.values_list("figures", flat=True).get(pk=run.pk)
    return SeasonFigures(
        people=people,
        units=units,
        mentees=figures["mentees"],
        matched=figures["matched"],
        pairs=announced.pairs,
        seconds=laps.seconds,
        pages=pages,
    )


def _paths(season: Season) -> dict[str, str]:
    workbench = reverse("admin:matching_workbench", args=[season.pk])
    applications = reverse("admin:applications_application_changelist")
    return {
        "today": reverse("admin:index"),
        "workbench": workbench,
        "workbench, everybody": f"{workbench}?show=all",
        "screening": reverse("admin:applications_application_screening", args=[season.pk]),
        "applications": f"{applications}?season__id__exact={season.pk}",
        "gap board": reverse("admin:applications_application_gaps", args=[season.pk]),
    }


def _entered(by: User) -> Client:
    """A client that came in by the demo's own door, second factor included."""
    client = Client(SERVER_NAME=urlsplit(settings.PUBLIC_URL).hostname or "localhost")
    client.post(reverse("demo:enter"), {"employee_number": by.employee_number})
    return client


def _visit(client: Client, path: str) -> PageFigures:
    """Ask for the page twice and measure the second time. Raises RuntimeError where it isn't shown."""
    client.get(path)
    started = time.perf_counter()
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)
    if response.status_code != 200:
        raise RuntimeError(f"{path} answered {response.status_code}")
    return PageFigures(
        queries=len(queries),
        seconds=round(time.perf_counter() - started, 3),
        kilobytes=round(len(response.content) / 1024, 1),
    )
