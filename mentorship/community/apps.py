"""Names the package to Django."""

from django.apps import AppConfig


class CommunityConfig(AppConfig):
    name = "mentorship.community"
