"""Names the package to Django and registers what applications add to lower layers."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApplicationsConfig(AppConfig):
    name = "mentorship.applications"
    verbose_name = _("Applications")

    def ready(self) -> None:
        from mentorship.applications import home, reminders, retention
        from mentorship.common.registries import registries
        from mentorship.people import visibility
        from mentorship.seasons import actions, ribbon

        retention.register_all()
        reminders.register_rules()
        visibility.register(home.listed_mentors)
        registries.home.append(home.your_applications)
        registries.home.append(home.applications_open)
        registries.tasks.append(home.coordinator_tasks)
        actions.register_action(home.season_action)
        actions.register_archive_step(home.purge_private)
        ribbon.register_participation(home.takes_part)
        ribbon.register_workplace(ribbon.APPLY, home.gaps_url)
        ribbon.register_workplace(ribbon.REVIEW, home.screening_url)
