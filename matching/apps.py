"""Names the package to Django and hangs matching into the pages and registries of lower layers."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MatchingConfig(AppConfig):
    name = "matching"
    verbose_name = _("Matching")

    def ready(self) -> None:
        from matching import coordinator_tasks, job, messages, retention, snapshot
        from mentorship.common.registries import registries
        from mentorship.partnerships import hooks
        from mentorship.seasons import ribbon

        registries.tasks.append(coordinator_tasks.tasks)
        ribbon.register_workplace(ribbon.MATCHES, coordinator_tasks.workbench_url)
        hooks.register_shared_wish(snapshot.both_ask_to_show)
        job.register_all()
        messages.register_all()
        retention.register_all()
