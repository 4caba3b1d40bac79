"""Names the package to Django."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "mentorship.portal"
