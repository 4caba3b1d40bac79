"""Names the package to Django."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "mentorship.jobs"

    def ready(self) -> None:
        from mentorship.jobs.retention import register_notes

        register_notes()
