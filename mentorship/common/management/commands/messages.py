"""`manage.py messages`: bring the Spanish catalogue up to date; `--check` only says what is missing."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Gathers every string, keeps what is translated, writes django.po and django.mo."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; exit 1 where something is missing")

    def handle(self, *args: Any, **options: Any) -> None:
        # Babel is there for development alone.
        from mentorship.common import translations

        if not options["check"]:
            catalog = translations.update("es")
            self.stdout.write(f"{len(catalog)} messages")
        found = translations.problems("es")
        for line in found:
            self.stdout.write(line)
        if found and options["check"]:
            raise CommandError(f"{len(found)} messages need attention: run manage.py messages")
