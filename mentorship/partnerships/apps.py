"""Names the package to Django and hangs partnerships into the pages of lower layers."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnershipsConfig(AppConfig):
    name = "mentorship.partnerships"
    verbose_name = _("Partnerships")

    def ready(self) -> None:
        from mentorship.applications import concerns
        from mentorship.common.registries import registries
        from mentorship.partnerships import checkins, escalating, helping, home, messages, reading, retention
        from mentorship.people import visibility

        checkins.register_all()
        helping.register_all()
        escalating.register_all()
        registries.home += [home.question, home.pairs]
        registries.navigation.append(home.navigation)
        visibility.register(reading.partners_of)
        concerns.register(reading.own_partners)
        messages.register_all()
        retention.register_all()
