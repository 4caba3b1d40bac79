"""The lists that people choose from: goals, shared experiences, identity options."""

from collections.abc import Sequence

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mentorship.common.admin_site import SeasonModelAdmin
from mentorship.seasons.models import ExperienceTag, Goal, IdentityOption


class ListAdmin(SeasonModelAdmin):
    """A list that a library makes its own; an entry that somebody has chosen is put out of use, never deleted."""

    add_roles = ("coordinator",)
    change_roles = ("coordinator",)
    search_fields = ("title_en", "title_es")

    def get_prepopulated_fields(self, request: HttpRequest, obj: object = None) -> dict[str, Sequence[str]]:
        return {} if obj else {"slug": ("title_en",)}

    def get_readonly_fields(self, request: HttpRequest, obj: object = None) -> tuple[str, ...]:
        """The key is what answers are kept by: it never changes."""
        return ("slug",) if obj else ()


@admin.register(Goal)
class GoalAdmin(ListAdmin):
    list_display = ("title_en", "family_en", "title_es", "origin", "active")
    list_filter = ("family_en", "active", "origin")
    fields = ("title_en", "title_es", "slug", "family", "family_en", "family_es", "order", "active")


@admin.register(ExperienceTag)
class ExperienceTagAdmin(ListAdmin):
    list_display = ("title_en", "title_es", "origin", "active")
    list_filter = ("active", "origin")
    fields = ("title_en", "title_es", "slug", "order", "active")


@admin.register(IdentityOption)
class IdentityOptionAdmin(ListAdmin):
    """Only what can be chosen; what anybody chose is shown nowhere. Gone where the library rules identity out."""

    list_display = ("title_en", "dimension", "title_es", "origin", "active")
    list_filter = ("dimension", "active", "origin")
    fieldsets = (
        (
            None,
            {
                "fields": ("dimension", "title_en", "title_es", "slug", "order", "active"),
                "description": _(
                    "“I'd rather not say” and a field for own words are always on the page and need no entry here."
                ),
            },
        ),
    )

    def _has(self, request: HttpRequest, roles: tuple[str, ...]) -> bool:
        return settings.IDENTITY != "never" and super()._has(request, roles)
