"""Names the package to Django."""

from django.apps import AppConfig


class QuestionnairesConfig(AppConfig):
    name = "mentorship.questionnaires"
