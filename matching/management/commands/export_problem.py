"""`manage.py export_problem SEASON > problem.json`: a run's inputs, for anybody to work it out again.

The same file that coordinators download before they approve; for seasons too large for that, the only way to it.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from matching.export import written
from matching.models import MatchRun


class Command(BaseCommand):
    help = "Writes the inputs of a season's newest matching run, or of run N, as problem.json to standard output."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("season", help="the season's key, for instance six-month-2027")
        parser.add_argument("--run", type=int, help="the number of the run; without, the newest")

    def handle(self, *args: Any, **options: Any) -> None:
        runs = MatchRun.objects.done().filter(season__slug=options["season"]).order_by("-number")
        if options["run"] is not None:
            runs = runs.filter(number=options["run"])
        run = runs.first()
        if run is None:
            raise CommandError(f"The season “{options['season']}” has no such run; its workbench shows the numbers.")
        if not run.problem:
            raise CommandError("The season is archived: what its runs were worked out from is gone.")
        try:
            text = written(run.problem, run.trace)
        except ValueError as error:
            raise CommandError(f"The season matches on identities: {error}.") from error
        self.stdout.write(text, ending="")
