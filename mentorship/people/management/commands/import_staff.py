"""`manage.py import_staff FILE`: import a staff list, or with `--dry-run` only say what it would do."""

from argparse import ArgumentParser
from collections import defaultdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from mentorship.people.staff_import import columns as naming
from mentorship.people.staff_import.planning import Outcome, Plan, make_plan, order_of
from mentorship.people.staff_import.reading import ReadingError, Sheet, read_sheet
from mentorship.people.staff_import.services import import_plan, today

SHOWN = 12


class Command(BaseCommand):
    help = "Imports a staff list (CSV or XLSX). A second run with the same file changes nothing; nobody is deleted."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")
        parser.add_argument("--dates", choices=list(naming.DATE_ORDERS), help="how 03/04/2024 is meant")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        try:
            sheet = read_sheet(options["file"].read_bytes())
        except OSError as error:
            raise CommandError(f"{options['file']} can't be read: {error.strerror}") from error
        except ReadingError as error:
            raise CommandError(str(error)) from error
        columns, order = self._named(sheet, options["dates"])
        plan = make_plan(sheet, columns, order=order, today=today(now))
        if not options["dry_run"]:
            import_plan(plan=plan, by=None, now=now)
        self._tell(plan, dry=options["dry_run"])

    def _named(self, sheet: Sheet, order: str | None) -> tuple[dict[str, str], str]:
        remembered, remembered_order = naming.remembered(sheet.headings)
        columns = remembered or naming.guess(sheet.headings)
        if lacking := naming.missing(columns):
            names = ", ".join(str(column.label) for column in lacking)
            raise CommandError(f"no column for: {names}. Upload the file in the admin to name its columns once.")
        order = order or remembered_order or order_of(sheet, columns)
        if not order:
            raise CommandError("dates such as 03/04/2024 can be read in two ways: say --dates mdy or --dates dmy")
        return columns, order

    def _tell(self, plan: Plan, *, dry: bool) -> None:
        counts = plan.counts
        words = (
            ("to create", "to update", "unchanged", "refused")
            if dry
            else ("created", "updated", "unchanged", "refused")
        )
        told = zip(words, ("create", "update", "unchanged", "refused"), strict=True)
        self.stdout.write(", ".join(f"{counts[key]} {word}" for word, key in told))
        if counts["new_units"]:
            self.stdout.write(f"{counts['new_units']} work units {'to make' if dry else 'made'}")
        for step in plan.steps:
            if step.outcome is Outcome.REFUSED:
                for problem in step.row.refused:
                    self.stdout.write(f"line {problem.line}, {problem.field}: {problem.reason} {problem.remedy}")
        noted: dict[str, list[int]] = defaultdict(list)
        for step in plan.steps:
            if step.outcome is not Outcome.REFUSED:
                for problem in step.row.notes:
                    noted[f"{problem.field}: {problem.reason} {problem.remedy}"].append(problem.line)
        for text, lines in noted.items():
            more = f" and {len(lines) - SHOWN} more" if len(lines) > SHOWN else ""
            self.stdout.write(f"note, line {', '.join(map(str, lines[:SHOWN]))}{more}, {text}")
        if plan.absent:
            self.stdout.write(f"{len(plan.absent)} people aren't in this list; they stay as they are")
