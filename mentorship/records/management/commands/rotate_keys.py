"""`manage.py rotate_keys`: encrypt everything again under the first key of ENCRYPTION_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mentorship.common.encryption import DecryptionError
from mentorship.records.rotation import rotate


class Command(BaseCommand):
    help = (
        "Encrypts every sealed value under the first key of ENCRYPTION_KEYS. Stop and repeat it as you like; remove "
        "the old key only after a run that changed nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = rotate()
        except DecryptionError as error:
            raise CommandError(f"{error}: add the missing key and run this again") from error
        for label, count in done.items():
            self.stdout.write(f"{label}: {count}")
        self.stdout.write(f"{sum(done.values())} values encrypted again")
