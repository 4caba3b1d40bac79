"""Names the package to Django and makes the groups that stand for roles."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def make_groups(sender: AppConfig, using: str, **_kwargs: Any) -> None:
    """One group a role; made after each migrate, since a flush empties what a migration wrote."""
    from django.contrib.auth.models import Group

    from mentorship.people.models import Role

    for role in Role.values:
        Group.objects.using(using).get_or_create(name=role)


class PeopleConfig(AppConfig):
    name = "mentorship.people"

    def ready(self) -> None:
        post_migrate.connect(make_groups, sender=self)
