"""Names the package to Django and registers what seasons add to pages, what they ship and what they keep."""

from pathlib import Path

from django.apps import AppConfig

CONTENT = Path(__file__).parent / "content"


class SeasonsConfig(AppConfig):
    name = "mentorship.seasons"

    def ready(self) -> None:
        from mentorship.common.registries import registries
        from mentorship.seasons.content_loader import load_choices, load_templates
        from mentorship.seasons.retention import register_notes

        register_notes()
        registries.add_content(30, CONTENT, load_choices)
        registries.add_content(31, CONTENT / "templates", load_templates)
