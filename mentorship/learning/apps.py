"""Names the package to Django."""

from django.apps import AppConfig


class LearningConfig(AppConfig):
    name = "mentorship.learning"
