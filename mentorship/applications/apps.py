"""Names the package to Django."""

from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "mentorship.applications"
