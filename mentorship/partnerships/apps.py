"""Names the package to Django."""

from django.apps import AppConfig


class PartnershipsConfig(AppConfig):
    name = "mentorship.partnerships"
