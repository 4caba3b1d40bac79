"""Texts in the admin: read, look at in both languages, copy, and edit as long as nobody has read them."""

from typing import Any, cast

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentorship.common.admin_site import SeasonModelAdmin, VersionInline
from mentorship.common.content import Origin
from mentorship.learning import services
from mentorship.learning.admin.forms import CheckQuestionForm, ResourceForm
from mentorship.learning.checking import check_form
from mentorship.learning.models import TEXTS, LearnerRole, Resource, SelfCheckQuestion
from mentorship.people.models import User
from mentorship.questionnaires.answers import choices

# May change after somebody has read it: it changes no word of the text.
USE = ("active", "goals")


class CheckQuestionInline(VersionInline, admin.StackedInline):  # type: ignore[type-arg]
    """The self-check of a version; where it can't change, it is shown and not offered for editing."""

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
class ResourceAdmin(SeasonModelAdmin):
    add_roles = ("coordinator",)
    change_roles = ("coordinator",)
    form = ResourceForm
    inlines = (CheckQuestionInline,)
    change_form_template = "admin/learning/resource_form.html"
    list_display = ("title_en", "kind", "version_words", "active", "state", "readers")
    list_filter = ("kind", "active", "origin")
    search_fields = ("title_en", "title_es", "slug")

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

    @admin.display(description=gettext_lazy("version"))
    def version_words(self, row: Resource) -> str:
        return row.version_words

    @admin.display(description=gettext_lazy("for whom"))
    def roles_in_words(self, row: Resource) -> str:
        return ", ".join(str(LearnerRole(role).label) for role in row.roles) or "–"

    @admin.display(description=gettext_lazy("times read"))
    def readers(self, row: Resource) -> int:
        count: int = row.times_read  # type: ignore[attr-defined]
        return count

    @admin.display(description=gettext_lazy("state"))
    def state(self, row: Resource) -> str:
        if row.frozen_at is not None:
            return _("read; its words don't change any more")
        if row.origin == Origin.SHIPPED:
            return _("kept up to date with the program")
        return _("may be edited")

    def save_model(self, request: HttpRequest, obj: Resource, form: Any, change: bool) -> None:
        if change and not obj.editable:
            # Of a text that is fixed, only whether it is in use may change; a concurrent first reader loses nothing.
            obj.save(update_fields=["active"])
            return
        if not change:
            obj.version = Resource.FIRST_LOCAL
        obj.save()

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path("<uuid:pk>/copy/", guard(self.copy_view), name="learning_resource_copy"),
            path("<uuid:pk>/preview/", guard(self.preview_view), name="learning_resource_preview"),
            *super().get_urls(),
        ]

    def copy_view(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """Make the library's own version of a text that can't be edited as it is."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_add_permission(request):
            raise PermissionDenied
        row = self._row(request, pk)
        copy = services.copy_resource(resource=row, by=cast(User, request.user), now=timezone.now())
        messages.success(
            request, _("This is your own version. People read it once you put it in use, on top of this page.")
        )
        return redirect("admin:learning_resource_change", copy.pk)

    def preview_view(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """The text and its self-check as people will read them, in either language."""
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self._row(request, pk)
        languages = dict(settings.LANGUAGES)
        language = request.GET.get("language", "")
        if language not in languages:
            language = translation.get_language()[:2]
        with translation.override(language):
            context = {
                **self.admin_site.each_context(request),
                "title": _("Preview"),
                "resource": row,
                "form": check_form(row),
                "answers": [(question, dict(choices(question.as_question()))[question.right]) for question in
                            row.check_questions.all()],
                "translated": language in row.languages,
                "language": language,
                "languages": [(code, translation.get_language_info(code)["name_local"]) for code in languages],
                "change_url": reverse("admin:learning_resource_change", args=[row.pk]),
                "list_url": reverse("admin:learning_resource_changelist"),
            }  # fmt: skip
            return TemplateResponse(request, "admin/learning/preview.html", context).render()

    def _row(self, request: HttpRequest, pk: Any) -> Resource:
        row: Resource | None = self.get_queryset(request).filter(pk=pk).first()
        if row is None:
            raise Http404
        return row

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        extra: dict[str, Any] = dict(extra_context or {})
        if row is not None:
            extra |= {
                "preview_url": reverse("admin:learning_resource_preview", args=[row.pk]),
                "copy_url": "" if row.editable else reverse("admin:learning_resource_copy", args=[row.pk]),
            }
        return super().change_view(request, object_id, form_url, extra)
