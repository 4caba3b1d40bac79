"""Names the package to Django and registers what learning adds to pages, what it ships and what it keeps."""

from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

CONTENT = Path(__file__).parent / "content"


class LearningConfig(AppConfig):
    name = "mentorship.learning"
    verbose_name = _("Learning")

    def ready(self) -> None:
        from mentorship.common.registries import registries
        from mentorship.learning import home, reminders
        from mentorship.learning.content_loader import load_paths, load_resources
        from mentorship.learning.retention import register_notes
        from mentorship.partnerships import hooks

        register_notes()
        reminders.register_rules()
        registries.add_content(40, CONTENT / "articles", load_resources)
        registries.add_content(41, CONTENT, load_paths)
        registries.navigation.append(home.navigation)
        registries.home.append(home.next_module)
        registries.tasks.append(home.coordinator_tasks)
        hooks.register_card(home.agendas)
