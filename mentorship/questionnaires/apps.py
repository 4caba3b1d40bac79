"""Names the package to Django and registers what it ships and what it keeps."""

from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

CONTENT = Path(__file__).parent / "content"


class QuestionnairesConfig(AppConfig):
    name = "mentorship.questionnaires"
    verbose_name = _("Questionnaires")

    def ready(self) -> None:
        from mentorship.common.registries import registries
        from mentorship.questionnaires.content_loader import load_questionnaires
        from mentorship.questionnaires.retention import register_notes

        register_notes()
        registries.add_content(20, CONTENT, load_questionnaires)
