"""Names the package to Django and puts the first entries into the header."""

from django.apps import AppConfig

from mentorship.common.registries import registries


class PortalConfig(AppConfig):
    name = "mentorship.portal"

    def ready(self) -> None:
        from mentorship.portal import frame

        registries.navigation.append(frame.nav_items)
