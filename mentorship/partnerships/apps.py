"""Names the package to Django and hangs partnerships into the pages of lower layers."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnershipsConfig(AppConfig):
    name = "mentorship.partnerships"
    verbose_name = _("Partnerships")

    def ready(self) -> None:
        from mentorship.applications import concerns
        from mentorship.common.registries import registries
        from mentorship.partnerships import (
            checkins,
            coordinator_tasks,
            escalating,
            helping,
            home,
            messages,
            reading,
            retention,
        )
        from mentorship.partnerships.services import close_feed
        from mentorship.people import endings, visibility
        from mentorship.seasons import actions

        retention.register_all()  # first: people read of a pair before what came of it
        checkins.register_all()
        helping.register_all()
        escalating.register_all()
        registries.home += [home.question, home.pairs, home.finished]
        registries.navigation.append(home.navigation)
        registries.tasks.append(coordinator_tasks.pairs_in_need)
        visibility.register(reading.partners_of)
        concerns.register(reading.own_partners)
        endings.register(close_feed)
        actions.register_archive_step(retention.purge_writings)
        messages.register_all()
