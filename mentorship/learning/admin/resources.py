"""Texts in the admin: read, look at in both languages, copy, and edit as long as nobody has read them."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from mentorship.common.admin_versions import VersionAdmin, VersionInline
from mentorship.common.content import Origin
from mentorship.learning import services
from mentorship.learning.admin.forms import CheckQuestionForm, ResourceForm
from mentorship.learning.checking import check_form
from mentorship.learning.models import TEXTS, LearnerRole, Resource, SelfCheckQuestion
from mentorship.questionnaires.answers import choices

# May change after somebody has read it: it changes no word of the text.
USE = ("active", "goals")


class CheckQuestionInline(VersionInline):
    """The self-check of a version."""

    model = SelfCheckQuestion
    form = CheckQuestionForm
    extra = 0

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        options = "options" if self.has_change_permission(request, obj) else "options_in_words"
        return ("key", "order", "label_en", "label_es", options, "right", "why_en", "why_es")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if self.has_change_permission(request, obj) else ("options_in_words",)

    @admin.display(description=gettext_lazy("Options"))
    def options_in_words(self, question: SelfCheckQuestion) -> str:
        return " · ".join(label for _key, label in choices(question.as_question()))


@admin.register(Resource)
class ResourceAdmin(VersionAdmin):
    form = ResourceForm
    inlines = (CheckQuestionInline,)
    list_display = ("title_en", "kind", "version_words", "active", "state", "readers")
    list_filter = ("kind", "active", "origin")
    frozen_state = gettext_lazy("read; its words don't change any more")
    frozen_words = gettext_lazy(
        "Somebody has read this version, so its words don't change any more. Make a new version to edit it."
    )
    copied_words = gettext_lazy(
        "This is your own version. People read it once you put it in use, on top of this page."
    )
    preview_template = "admin/learning/preview.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Resource]:
        rows: QuerySet[Resource] = super().get_queryset(request).annotate(times_read=Count("completions"))
        return rows

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ("slug", *TEXTS, "roles", *USE)
        roles = "roles" if obj.editable else "roles_in_words"
        return (*USE, *TEXTS, roles, "version_words", "origin", "state")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ()
        shown = ("version_words", "origin", "state")
        if obj.editable:
            return shown
        # Goals of a shipped text follow its files.
        goals = ("goals",) if obj.origin == Origin.SHIPPED else ()
        return (*TEXTS, *goals, "roles_in_words", *shown)

    @admin.display(description=gettext_lazy("for whom"))
    def roles_in_words(self, row: Resource) -> str:
        return ", ".join(str(LearnerRole(role).label) for role in row.roles) or "–"

    @admin.display(description=gettext_lazy("times read"))
    def readers(self, row: Resource) -> int:
        count: int = row.times_read  # type: ignore[attr-defined]
        return count

    def save_model(self, request: HttpRequest, obj: Resource, form: Any, change: bool) -> None:
        if change and not obj.editable:
            # Of a text that is fixed, only whether it is in use may change; a concurrent first reader loses nothing.
            obj.save(update_fields=["active"])
            return
        super().save_model(request, obj, form, change)

    def make_copy(self, row: Resource, **given: Any) -> Resource:
        return services.copy_resource(resource=row, **given)

    def preview_context(self, request: HttpRequest, row: Resource, language: str) -> dict[str, Any]:
        """The text and its self-check as people will read them."""
        return {
            "resource": row,
            "form": check_form(row),
            "answers": [
                (question, dict(choices(question.as_question()))[question.right])
                for question in row.check_questions.all()
            ],
            "translated": language in row.languages,
        }
