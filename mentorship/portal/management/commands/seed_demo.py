"""`manage.py seed_demo`: fill an empty demo with Riverbend Public Library."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from mentorship.portal.demo.riverbend import seed_demo


class Command(BaseCommand):
    help = "Fills an empty demo with Riverbend Public Library; does nothing where there is a season already."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("this installation is real (DEMO is not true): invented people don't belong here")
        if seed_demo(now=timezone.now()):
            self.stdout.write("Riverbend Public Library is ready")
