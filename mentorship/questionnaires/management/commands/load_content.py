"""`load_content`: brings the database to what the content files say; with --check only tells whether it is so."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from mentorship.common.content import ContentError
from mentorship.common.registries import registries


class Command(BaseCommand):
    help = "Load the texts and lists that the program ships. What a library changed itself stays as it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; exit 1 when the database differs from the files"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        check: bool = options["check"]
        now = timezone.now()
        lines: list[str] = []
        try:
            with transaction.atomic():
                for _order, folder, loader in sorted(registries.content, key=lambda entry: entry[0]):
                    lines += loader(folder, check=check, now=now)
        except ContentError as error:
            raise CommandError(str(error)) from error
        for line in lines:
            self.stdout.write(line)
        if check and lines:
            raise CommandError(f"the database differs from the content files in {len(lines)} places")
        self.stdout.write(f"{len(lines)} differences {'found' if check else 'mended'}")
