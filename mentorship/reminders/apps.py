"""Names the package to Django."""

from django.apps import AppConfig


class RemindersConfig(AppConfig):
    name = "mentorship.reminders"
