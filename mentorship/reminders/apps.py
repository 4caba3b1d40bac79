"""Names the package to Django and says what it keeps and shows."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RemindersConfig(AppConfig):
    name = "mentorship.reminders"
    verbose_name = _("Messages")

    def ready(self) -> None:
        from mentorship.common.registries import registries
        from mentorship.people import endings
        from mentorship.reminders.coordinator_tasks import unsettled_messages
        from mentorship.reminders.home import latest_messages
        from mentorship.reminders.links import close_links
        from mentorship.reminders.retention import register_notes

        register_notes()
        endings.register(close_links)
        registries.home.append(latest_messages)
        registries.tasks.append(unsettled_messages)
