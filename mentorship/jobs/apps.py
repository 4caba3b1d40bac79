"""Names the package to Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "mentorship.jobs"
    verbose_name = _("Long work")

    def ready(self) -> None:
        from mentorship.jobs.retention import register_notes

        register_notes()
