"""`manage.py season_report SLUG`: a season's figures for programs (JSON) or to read (text)."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from mentorship.reports.report import Report, report_of
from mentorship.reports.tables import tables_of, written
from mentorship.seasons.models import Season


class Command(BaseCommand):
    help = "Writes a season's report: each figure with its value, n and definition."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the season's key, as in its address")
        parser.add_argument("--format", choices=["json", "text"], default="text")
        parser.add_argument("--language", choices=[code for code, _name in settings.LANGUAGES], default="en")

    def handle(self, *args: Any, **options: Any) -> None:
        season = Season.objects.filter(slug=options["slug"]).first()
        if season is None:
            known = ", ".join(Season.objects.order_by("slug").values_list("slug", flat=True)) or "none"
            raise CommandError(f"there is no season “{options['slug']}”; there are: {known}")
        with translation.override(options["language"]):
            report = report_of(season, timezone.now())
            if options["format"] == "json":
                self.stdout.write(json.dumps(report.to_dict(), ensure_ascii=False, indent=1))
            else:
                self._text(report)

    def _text(self, report: Report) -> None:
        self.stdout.write(f"{report.season}\n{report.headline}\n\n")
        for figure in report.figures.values():
            self.stdout.write(f"{figure.text:>12}  {figure.label} (n {figure.n_text})")
            self.stdout.write(f"{'':14}{figure.definition}")
        for table in tables_of(report):
            self.stdout.write(f"\n{table.title}")
            for name, *cells in table.rows:
                self.stdout.write(f"  {name}: {' · '.join(written(cell) for cell in cells)}")
        for comment in report.survey.comments if report.survey else []:
            self.stdout.write(f"\n“{comment.text}”" + (f" ({comment.role})" if comment.role else ""))
