"""Names the package to Django and registers what seasons add to pages, what they ship and what they keep."""

from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

CONTENT = Path(__file__).parent / "content"


class SeasonsConfig(AppConfig):
    name = "mentorship.seasons"
    verbose_name = _("Seasons")

    def ready(self) -> None:
        from mentorship.common.registries import registries
        from mentorship.reminders import calendars
        from mentorship.seasons import digest, frame, working_hours
        from mentorship.seasons.content_loader import load_choices, load_templates
        from mentorship.seasons.retention import register_notes
        from mentorship.seasons.ribbon import ribbon

        register_notes()
        digest.register_all()
        registries.add_content(30, CONTENT, load_choices)
        registries.add_content(31, CONTENT / "templates", load_templates)
        registries.ribbon.append(ribbon)
        registries.navigation.append(frame.nav_items)
        registries.home.append(frame.opening_soon)
        registries.tasks.append(frame.coordinator_tasks)
        calendars.install(working_hours.calendar)
