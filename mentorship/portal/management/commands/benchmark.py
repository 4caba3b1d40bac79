"""`manage.py benchmark season`, `matching`, `reminders`, `tick`, `report`: measured here and now."""

import json
from argparse import ArgumentParser
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from mentorship.people.models import User
from mentorship.portal.benchmarks.matching.figures import MatchingFigures, measure_matching
from mentorship.portal.benchmarks.matching.peers import Environments
from mentorship.portal.benchmarks.matching.sizes import USUAL, Size
from mentorship.portal.benchmarks.reminders import measure_reminders
from mentorship.portal.benchmarks.report import SIZES as PARTICIPANTS
from mentorship.portal.benchmarks.report import measure_report
from mentorship.portal.benchmarks.season import SeasonFigures, measure_season
from mentorship.portal.benchmarks.storm.plan import Plan
from mentorship.portal.benchmarks.tick import SIZES as PAIRS
from mentorship.portal.benchmarks.tick import measure_tick
from mentorship.portal.demo.seasons import SeedError
from servers.failure import StartError

STORM = ("deliveries", "workers", "kills", "broker_kills", "database_restarts", "inside_transaction")


def _milliseconds(seconds: float | None) -> str:
    return "–" if seconds is None else f"{seconds * 1000:,.2f}"


class Command(BaseCommand):
    help = "Measures a season to its announcement, the engine beside a bare assignment, or a storm over the outbox."

    def add_arguments(self, parser: ArgumentParser) -> None:
        kinds = parser.add_subparsers(dest="kind", required=True)
        season = kinds.add_parser("season", help="seconds by step and queries by page; nothing of it stays")
        season.add_argument("--people", type=int, default=67)
        matching = kinds.add_parser("matching", help="the engine beside its goals, each size in a process of its own")
        matching.add_argument("--sizes", type=Size.read, nargs="+", default=list(USUAL), metavar="MENTORSxMENTEES")
        matching.add_argument("--rounds", type=int, help="how often each is measured, for the median")
        matching.add_argument(
            "--peers",
            action="store_true",
            help="other programs too, each in a throw-away environment (needs a network)",
        )
        reminders = kinds.add_parser("reminders", help="a storm over the outbox, on servers of its own")
        reminders.add_argument("--deliveries", type=int, default=10_000)
        reminders.add_argument("--workers", type=int, default=4)
        reminders.add_argument("--kills", type=int, default=60, help="how many workers are killed")
        reminders.add_argument("--broker-kills", type=int, default=1)
        reminders.add_argument("--database-restarts", type=int, default=1)
        reminders.add_argument(
            "--inside-transaction",
            action="store_true",
            help="the control: send first, commit then",
        )
        tick = kinds.add_parser("tick", help="the minute's tick with many running pairs; nothing of it stays")
        tick.add_argument("--sizes", type=int, nargs="+", default=list(PAIRS), metavar="PAIRS")
        report = kinds.add_parser("report", help="a report of many participants; nothing of it stays")
        report.add_argument("--sizes", type=int, nargs="+", default=list(PARTICIPANTS), metavar="PARTICIPANTS")
        for kind in (season, matching, reminders, tick, report):
            kind.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["kind"] == "matching":
            self._matching(options)
        elif options["kind"] == "reminders":
            self._reminders(options)
        elif options["kind"] == "tick":
            self._ticks(options["sizes"], as_json=options["json"])
        elif options["kind"] == "report":
            self._reports(options["sizes"], as_json=options["json"])
        else:
            self._season(options["people"], as_json=options["json"])

    def _reminders(self, options: dict[str, Any]) -> None:
        try:
            figures = measure_reminders(Plan(**{name: options[name] for name in STORM})).to_dict()
        except StartError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(figures, indent=1))
        else:
            self._table(list(figures), [list(figures.values())])

    def _matching(self, options: dict[str, Any]) -> None:
        rounds = None if options["rounds"] is None else max(options["rounds"], 1)
        with Environments() as environments:
            try:
                rows = [
                    measure_matching(
                        size,
                        identity=identity,
                        rounds=rounds,
                        environments=environments if options["peers"] else None,
                    )
                    for size in options["sizes"]
                    for identity in (False, True)
                ]
            except StartError as error:
                raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps([row.to_dict() for row in rows], indent=1))
        else:
            self._matching_tables(rows)

    def _matching_tables(self, rows: Sequence[MatchingFigures]) -> None:
        names = ["mentors × mentees", "identity"]
        seasons = [
            ([f"{row.size.mentors} × {row.size.mentees}", "yes" if row.identity else "no"], row) for row in rows
        ]
        self._table(
            [*names, "placed", "proved", "ms", "solve", "verify", "why not", "repair", "scipy", "MB", "pairs priced"],
            [
                [
                    *name,
                    row.measured.placed,
                    "yes" if row.measured.proved else "NO",
                    *(_milliseconds(seconds) for seconds in row.measured.laps),
                    f"{row.measured.peak_mb:,.0f}",
                    f"{row.measured.pairs_priced:,}",
                ]
                for name, row in seasons
            ],
        )
        goals = [[*name, *goal] for name, row in seasons for goal in row.beside_goals()]
        if goals:
            self.stdout.write("")
            self._table([*names, "what", "measured", "goal", "reached"], goals)
        peers = [
            [*name, peer, _milliseconds(told.seconds), told.placed, row.ratios.get(peer), told.reason]
            for name, row in seasons
            for peer, told in row.peers.items()
        ]
        if peers:
            self.stdout.write("")
            self._table(
                [*names, "peer", "ms", "placed", "times the engine's", ""],
                [["–" if cell is None else cell for cell in cells] for cells in peers],
            )

    def _ticks(self, sizes: Iterable[int], *, as_json: bool) -> None:
        by = self._coordinator()
        rows = [measure_tick(pairs=pairs, by=by) for pairs in sizes]
        if as_json:
            self.stdout.write(json.dumps([row.to_dict() for row in rows], indent=1))
            return
        self._table(
            ["running pairs", "tick", "seconds", "queries", "messages"],
            [
                [f"{row.pairs}", name, figures.seconds, figures.queries, figures.queued]
                for row in rows
                for name, figures in (("all that is due", row.first), ("nothing new", row.steady))
            ],
        )

    def _reports(self, sizes: Iterable[int], *, as_json: bool) -> None:
        by = self._coordinator()
        rows = [measure_report(participants=people, by=by, now=timezone.now()) for people in sizes]
        if as_json:
            self.stdout.write(json.dumps([row.to_dict() for row in rows], indent=1))
            return
        self._table(
            ["participants", "what", "seconds", "queries"],
            [
                [f"{row.participants}", name, cost["seconds"], cost["queries"]]
                for row in rows
                for name, cost in row.to_dict().items()
                if name != "participants"
            ],
        )

    def _coordinator(self) -> User:
        """Who acts in what is invented. Raises CommandError where nobody can, or where it must not be."""
        if not settings.DEMO:
            raise CommandError("this installation is real (DEMO is not true): invented people don't belong here")
        by: User | None = User.objects.active().filter(groups__name="coordinator").order_by("employee_number").first()
        if by is None:
            raise CommandError("there is no coordinator yet: run seed_demo first")
        return by

    def _season(self, people: int, *, as_json: bool) -> None:
        by = self._coordinator()
        try:
            figures = measure_season(people=people, by=by, now=timezone.now())
        except SeedError as error:
            raise CommandError(str(error)) from error
        if as_json:
            self.stdout.write(json.dumps(figures.to_dict(), indent=1))
        else:
            self._season_tables(figures)

    def _season_tables(self, figures: SeasonFigures) -> None:
        self.stdout.write(
            f"{figures.people} people from {figures.units} work units: {figures.matched} of {figures.mentees} "
            f"mentees matched, {figures.pairs} pairs announced\n\n"
        )
        self._table(["step", "seconds"], list(figures.seconds.items()))
        self.stdout.write("")
        self._table(
            ["page", "queries", "seconds", "kB"],
            [[name, page.queries, page.seconds, page.kilobytes] for name, page in figures.pages.items()],
        )

    def _table(self, headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        cells = [list(headings), *([str(cell) for cell in row] for row in rows)]
        widths = [max(len(row[place]) for row in cells) for place in range(len(headings))]
        for row in cells:
            first, *others = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
            self.stdout.write("  ".join([row[0].ljust(len(first)), *others]).rstrip())
