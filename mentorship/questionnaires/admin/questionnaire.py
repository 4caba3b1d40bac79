"""Questionnaires in the admin: read, try out in both languages, copy, and edit as long as nobody has answered."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from mentorship.common.admin_versions import VersionAdmin, VersionInline
from mentorship.questionnaires import services
from mentorship.questionnaires.admin.forms import QuestionForm, QuestionnaireEditForm
from mentorship.questionnaires.answers import choices
from mentorship.questionnaires.forms import QuestionnaireForm
from mentorship.questionnaires.models import Question, Questionnaire


class QuestionInline(VersionInline):
    """The questions of a version."""

    model = Question
    form = QuestionForm
    extra = 1

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        words = ("key", "order", "kind", "required", "label_en", "label_es", "hint_en", "hint_es")
        if not self.has_change_permission(request, obj):
            return (*words, "options_in_words", "limits_in_words")
        return (*words, "options", "least", "most", "longest", "most_choices")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if self.has_change_permission(request, obj) else ("options_in_words", "limits_in_words")

    @admin.display(description=gettext_lazy("Options"))
    def options_in_words(self, question: Question) -> str:
        return " · ".join(label for _key, label in choices(question)) or "–"

    @admin.display(description=gettext_lazy("Limits"))
    def limits_in_words(self, question: Question) -> str:
        return " · ".join(f"{name} {value}" for name, value in question.limits.items()) or "–"


@admin.register(Questionnaire)
class QuestionnaireAdmin(VersionAdmin):
    form = QuestionnaireEditForm
    inlines = (QuestionInline,)
    list_display = ("title_en", "slug", "version_words", "origin", "state")
    list_filter = ("origin",)
    frozen_state = gettext_lazy("answered; it doesn't change any more")
    frozen_words = gettext_lazy(
        "Somebody has answered this version, so it doesn't change any more. Make a new version to edit it."
    )
    copied_words = gettext_lazy("This is your own version. Seasons use it once you choose it on the season's page.")
    copy_errors = (services.QuestionnaireError,)
    preview_template = "admin/questionnaires/preview.html"
    preview_methods = ("GET", "HEAD", "POST")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        texts = ("title_en", "title_es", "intro_en", "intro_es", "licence", "source")
        return (*texts, "version_words", "origin", "state") if obj else ("slug", *texts)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("version_words", "origin", "state") if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        fixed = isinstance(obj, Questionnaire) and not obj.editable
        return not fixed and super().has_change_permission(request, obj)

    def may_copy(self, row: Questionnaire) -> bool:
        return row.modifiable and super().may_copy(row)

    def make_copy(self, row: Questionnaire, **given: Any) -> Questionnaire:
        return services.copy_version(questionnaire=row, **given)

    def preview_context(self, request: HttpRequest, row: Questionnaire, language: str) -> dict[str, Any]:
        """The real form; sending it shows what people would be told, and keeps nothing."""
        sent = request.POST if request.method == "POST" else None
        form = QuestionnaireForm(sent, questions=list(row.questions.all()), prefix="preview")
        return {"row": row, "fits": form.is_valid(), "form": form}
