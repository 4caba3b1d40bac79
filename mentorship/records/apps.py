"""Names the package to Django."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "mentorship.records"
