"""Names the package to Django, makes the groups that stand for roles, and registers what people add elsewhere."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


def make_groups(sender: AppConfig, using: str, **_kwargs: Any) -> None:
    """One group a role; made after each migrate, since a flush empties what a migration wrote."""
    from django.contrib.auth.models import Group

    from mentorship.people.models import Role

    for role in Role.values:
        Group.objects.using(using).get_or_create(name=role)


class PeopleConfig(AppConfig):
    name = "mentorship.people"
    verbose_name = _("People")

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added

        from mentorship.common import second_factor
        from mentorship.common.registries import registries
        from mentorship.jobs import registry as jobs
        from mentorship.people import retention, services
        from mentorship.people.content_loader import register_content
        from mentorship.people.staff_import import job
        from mentorship.people.staff_import.services import forget_old_files

        post_migrate.connect(make_groups, sender=self)
        register_content()
        authenticator_added.connect(second_factor.note_new_factor)
        registries.resealers.append(second_factor.reseal_secrets)
        registries.purges.append(services.purge_sign_in_rows)
        registries.purges.append(forget_old_files)
        jobs.register(job.KIND)
        retention.note_all()
