"""Names the package to Django."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "mentorship.reports"
