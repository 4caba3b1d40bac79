"""Questionnaires in the admin: read, try out in both languages, copy, and edit as long as nobody has answered."""

from typing import Any, cast

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentorship.common.admin_site import SeasonModelAdmin, VersionInline
from mentorship.common.content import Origin
from mentorship.people.models import User
from mentorship.questionnaires import services
from mentorship.questionnaires.admin.forms import QuestionForm, QuestionnaireEditForm
from mentorship.questionnaires.answers import choices
from mentorship.questionnaires.forms import QuestionnaireForm
from mentorship.questionnaires.models import Question, Questionnaire


class QuestionInline(VersionInline, admin.StackedInline):  # type: ignore[type-arg]
    """The questions of a version; where it can't change, they are shown and not offered for editing."""

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
class QuestionnaireAdmin(SeasonModelAdmin):
    add_roles = ("coordinator",)
    change_roles = ("coordinator",)
    form = QuestionnaireEditForm
    inlines = (QuestionInline,)
    change_form_template = "admin/questionnaires/questionnaire_form.html"
    list_display = ("title_en", "slug", "version_words", "origin", "state")
    list_filter = ("origin",)
    search_fields = ("title_en", "title_es", "slug")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        texts = ("title_en", "title_es", "intro_en", "intro_es", "licence", "source")
        return (*texts, "version_words", "origin", "state") if obj else ("slug", *texts)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("version_words", "origin", "state") if obj else ()

    @admin.display(description=gettext_lazy("version"))
    def version_words(self, row: Questionnaire) -> str:
        return row.version_words

    @admin.display(description=gettext_lazy("state"))
    def state(self, row: Questionnaire) -> str:
        if row.frozen_at is not None:
            return _("answered; it doesn't change any more")
        if row.origin == Origin.SHIPPED:
            return _("kept up to date with the program")
        return _("may be edited")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        fixed = isinstance(obj, Questionnaire) and not obj.editable
        return not fixed and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Questionnaire, form: Any, change: bool) -> None:
        if not change:
            obj.version = Questionnaire.FIRST_LOCAL
        super().save_model(request, obj, form, change)

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path("<uuid:pk>/copy/", guard(self.copy_view), name="questionnaires_questionnaire_copy"),
            path("<uuid:pk>/preview/", guard(self.preview_view), name="questionnaires_questionnaire_preview"),
            *super().get_urls(),
        ]

    def copy_view(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """Make the library's own version of a questionnaire that can't be edited as it is."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_add_permission(request):
            raise PermissionDenied
        row = self._row(request, pk)
        try:
            copy = services.copy_version(questionnaire=row, by=cast(User, request.user), now=timezone.now())
        except services.QuestionnaireError as error:
            messages.error(request, str(error))
            return redirect("admin:questionnaires_questionnaire_change", row.pk)
        messages.success(
            request, _("This is your own version. Seasons use it once you choose it on the season's page.")
        )
        return redirect("admin:questionnaires_questionnaire_change", copy.pk)

    def preview_view(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """The real form in either language; sending it shows what people would be told, and keeps nothing."""
        if request.method not in {"GET", "HEAD", "POST"}:
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self._row(request, pk)
        languages = dict(settings.LANGUAGES)
        language = request.GET.get("language", "")
        if language not in languages:
            language = translation.get_language()[:2]
        with translation.override(language):
            sent = request.POST if request.method == "POST" else None
            form = QuestionnaireForm(sent, questions=list(row.questions.all()), prefix="preview")
            fits = form.is_valid()
            context = {
                **self.admin_site.each_context(request),
                "title": _("Preview"),
                "row": row,
                "form": form,
                "fits": fits,
                "language": language,
                "languages": [(code, translation.get_language_info(code)["name_local"]) for code in languages],
                "change_url": reverse("admin:questionnaires_questionnaire_change", args=[row.pk]),
                "list_url": reverse("admin:questionnaires_questionnaire_changelist"),
            }
            return TemplateResponse(request, "admin/questionnaires/preview.html", context).render()

    def _row(self, request: HttpRequest, pk: Any) -> Questionnaire:
        row: Questionnaire | None = self.get_queryset(request).filter(pk=pk).first()
        if row is None:
            raise Http404
        return row

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        extra: dict[str, Any] = dict(extra_context or {})
        if row is not None:
            address = "admin:questionnaires_questionnaire_"
            extra |= {
                "preview_url": reverse(f"{address}preview", args=[row.pk]),
                "copy_url": reverse(f"{address}copy", args=[row.pk]) if row.modifiable and not row.editable else "",
            }
        return super().change_view(request, object_id, form_url, extra)
