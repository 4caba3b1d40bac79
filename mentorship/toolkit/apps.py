"""Names the package to Django."""

from django.apps import AppConfig


class ToolkitConfig(AppConfig):
    name = "mentorship.toolkit"
