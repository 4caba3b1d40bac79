"""`manage.py seed_season`: one more season of Riverbend, at a given stage."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from mentorship.people.models import User
from mentorship.portal.demo.circles import seed_circles
from mentorship.portal.demo.seasons import SeedError, Stage, seed_season
from mentorship.seasons.models import Season
from mentorship.seasons.services import SeasonError


class Command(BaseCommand):
    help = "Makes a season of invented people at a stage; the same seed makes the same season."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--people", type=int, default=67)
        parser.add_argument("--units", type=int, default=44)
        parser.add_argument("--stage", choices=[stage.value for stage in Stage], default=Stage.REVIEWING.value)
        parser.add_argument("--seed", default="riverbend")
        parser.add_argument("--name", default="")
        parser.add_argument(
            "--circles", action="store_true", help="a season of peer circles, looked for and waiting for a yes"
        )
        parser.add_argument("--identity", action="store_true", help="with the optional identity page")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("this installation is real (DEMO is not true): invented people don't belong here")
        by = User.objects.filter(groups__name="coordinator").order_by("employee_number").first()
        if by is None:
            raise CommandError("there is no coordinator yet: run seed_demo first")
        if options["circles"]:
            self.stdout.write(_circles(options, by).slug)
            return
        name = options["name"] or f"{options['people']} people, seed {options['seed']}"
        try:
            season = seed_season(
                people=options["people"],
                units=options["units"],
                stage=Stage(options["stage"]),
                seed=options["seed"],
                name_en=name,
                name_es=name,
                by=by,
                now=timezone.now(),
                identity=options["identity"],
            )
        except (SeedError, SeasonError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(season.slug)


def _circles(options: dict[str, Any], by: User) -> Season:
    name = options["name"]
    try:
        return seed_circles(
            people=options["people"],
            seed=options["seed"],
            name_en=name or "Peer circles",
            name_es=name or "Círculos de pares",
            by=by,
            now=timezone.now(),
        )
    except (SeedError, SeasonError) as error:
        raise CommandError(str(error)) from error
