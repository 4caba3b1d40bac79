"""Names the package to Django and hangs reports into the pages and registries of lower layers."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "mentorship.reports"
    verbose_name = _("Reports")

    def ready(self) -> None:
        from mentorship.common.registries import registries
        from mentorship.reports import home
        from mentorship.seasons import actions, ribbon

        registries.navigation.append(home.navigation)
        registries.home.append(home.what_came_of_it)
        registries.tasks.append(home.coordinator_tasks)
        actions.register_action(home.season_action)
        ribbon.register_workplace(ribbon.REPORT, home.report_url)
