"""Names the package to Django."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "mentorship.jobs"
