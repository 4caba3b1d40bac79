"""Names the package to Django and hangs matching into the pages and registries of lower layers."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MatchingConfig(AppConfig):
    name = "matching"
    verbose_name = _("Matching")

    def ready(self) -> None:
        from matching import archiving, coordinator_tasks, effects, home, job, messages, retention, snapshot
        from mentorship.applications import hooks as outcomes
        from mentorship.common.registries import registries
        from mentorship.partnerships import hooks
        from mentorship.seasons import actions, ribbon, settings_words

        registries.home.append(home.alone)
        outcomes.register_outcome(home.outcome)
        registries.tasks.append(coordinator_tasks.tasks)
        ribbon.register_workplace(ribbon.MATCHES, coordinator_tasks.workbench_url)
        actions.register_archive_step(archiving.purge_runs)
        settings_words.register_effects(effects.of_settings)
        hooks.register_shared_wish(snapshot.both_ask_to_show)
        job.register_all()
        messages.register_all()
        retention.register_all()
