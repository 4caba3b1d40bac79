"""Names the package to Django and hangs partnerships into the pages of lower layers."""

from django.apps import AppConfig


class PartnershipsConfig(AppConfig):
    name = "mentorship.partnerships"

    def ready(self) -> None:
        from mentorship.common.registries import registries
        from mentorship.partnerships import home, messages, reading, retention
        from mentorship.people import visibility

        registries.home += [home.question, home.pairs]
        registries.navigation.append(home.navigation)
        visibility.register(reading.partners_of)
        messages.register_all()
        retention.register_all()
