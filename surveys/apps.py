"""Names the package to Django and hangs surveys into the pages and registries of lower layers."""

from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

CONTENT = Path(__file__).parent / "content"


class SurveysConfig(AppConfig):
    name = "surveys"
    verbose_name = _("Surveys")

    def ready(self) -> None:
        from mentorship.common.registries import registries
        from mentorship.questionnaires.content_loader import load_questionnaires
        from mentorship.seasons import actions, ribbon
        from surveys import cleaning, home, messages, retention
        from surveys.services import forget_season

        registries.home.append(home.to_answer)
        registries.navigation.append(home.navigation)
        registries.tasks.append(home.coordinator_tasks)
        registries.add_content(20, CONTENT, load_questionnaires)
        actions.register_archive_step(forget_season)
        actions.register_unread(home.unread_comments)
        ribbon.register_workplace(ribbon.SURVEY, home.survey_url)
        cleaning.register_all()
        messages.register_all()
        retention.register_all()
