"""`manage.py erase_person EMPLOYEE_NUMBER`: forget one person; `--replay` forgets again after a restore."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from mentorship.records.erasure import ErasureRefused, erase_person, erased_people


class Command(BaseCommand):
    help = "Erases a person as the retention table says. With --replay: everybody in the erasure ledger."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("employee_number", nargs="?")
        parser.add_argument("--replay", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        people = get_user_model().objects
        if options["replay"]:
            chosen = list(people.filter(pk__in=erased_people()))
        elif options["employee_number"]:
            chosen = list(people.filter(employee_number=options["employee_number"]))
            if not chosen:
                raise CommandError(f"nobody has the employee number {options['employee_number']}")
        else:
            raise CommandError("say whom: an employee number, or --replay")
        for person in chosen:
            try:
                touched = erase_person(person=person, by=None, now=timezone.now())
            except ErasureRefused as error:
                raise CommandError(str(error)) from error
            self.stdout.write(f"{person.pk}: {sum(touched.values())} rows in {len(touched)} kinds")
