"""`manage.py create_administrator NUMBER --given-name … --family-name …`: the first person of an installation."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from mentorship.people.models import Profile, Role, User
from mentorship.people.services import MailboxTaken, set_mailbox, set_roles
from mentorship.people.sign_in_codes import CodeRefused, make_code


class Command(BaseCommand):
    help = "Makes somebody an administrator, adding them where they aren't here yet, and prints a one-time code."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("employee_number")
        parser.add_argument("--given-name", required=True)
        parser.add_argument("--family-name", required=True)
        parser.add_argument("--email", default="")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        number = options["employee_number"].strip()
        person = User.objects.filter(employee_number__iexact=number).first()
        if person is None:
            person = User.objects.create_user(
                number, given_name=options["given_name"], family_name=options["family_name"]
            )
            Profile.objects.create(user=person)
        try:
            if options["email"]:
                set_mailbox(person=person, email=options["email"], shared=False, by=None, now=now)
            roles = set(person.groups.values_list("name", flat=True)) | {Role.ADMINISTRATOR}
            set_roles(person=person, roles=roles, by=None, now=now)
            printed = make_code(person=person, by=None, now=now)
        except MailboxTaken as error:
            raise CommandError(f"Somebody else has the address {error}.") from error
        except CodeRefused as error:
            raise CommandError(f"No code for {number}: {error}.") from error
        self.stdout.write(f"Sign in at {settings.PUBLIC_URL}{reverse('people:code')}")
        self.stdout.write(f"Employee number: {person.employee_number}")
        self.stdout.write(f"Code: {printed.code}  (works once, until {printed.expires_at:%Y-%m-%d})")
