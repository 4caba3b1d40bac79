"""Names the package to Django."""

from django.apps import AppConfig


class SeasonsConfig(AppConfig):
    name = "mentorship.seasons"
