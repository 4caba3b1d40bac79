"""Texts in versions in the admin: read, looked at in both languages, copied, and edited until their first use."""

from typing import Any, ClassVar

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

from mentorship.common.admin_site import CoordinatorsInline, SeasonModelAdmin
from mentorship.common.content import Origin


class VersionAdmin(SeasonModelAdmin):
    """Base of the admin of each `Version`. What differs are a few sentences, the copying and the preview."""

    add_roles = ("coordinator",)
    change_roles = ("coordinator",)
    change_form_template = "admin/version_form.html"
    search_fields = ("title_en", "title_es", "slug")
    # What a frozen version says: in the list, and above its page.
    frozen_state: ClassVar[Any]
    frozen_words: ClassVar[Any]
    # What is said after copying, and the service's error that says why a copy can't be had.
    copied_words: ClassVar[Any]
    copy_errors: ClassVar[tuple[type[Exception], ...]] = ()
    preview_template: ClassVar[str]
    preview_methods: ClassVar[tuple[str, ...]] = ("GET", "HEAD")

    def make_copy(self, row: Any, **given: Any) -> Model:
        """Return the library's own next version of `row`; `given` are the service's `by` and `now`."""
        raise NotImplementedError

    def may_copy(self, row: Any) -> bool:
        """Whether the page of `row` offers a new version: one that may be edited needs none."""
        return not row.editable

    def preview_context(self, request: HttpRequest, row: Any, language: str) -> dict[str, Any]:
        """Return what the preview's template reads beside its languages and addresses."""
        raise NotImplementedError

    @admin.display(description=gettext_lazy("version"))
    def version_words(self, row: Any) -> str:
        return str(row.version_words)

    @admin.display(description=gettext_lazy("state"))
    def state(self, row: Any) -> str:
        if row.frozen_at is not None:
            return str(self.frozen_state)
        if row.origin == Origin.SHIPPED:
            return _("kept up to date with the program")
        return _("may be edited")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.version = obj.FIRST_LOCAL
        super().save_model(request, obj, form, change)

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path("<uuid:pk>/copy/", guard(self.copy_view), name=self._name("copy")),
            path("<uuid:pk>/preview/", guard(self.preview_view), name=self._name("preview")),
            *super().get_urls(),
        ]

    def copy_view(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """Make the library's own version of one that can't be edited as it is."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_add_permission(request):
            raise PermissionDenied
        row = self._row(request, pk)
        try:
            copy = self.make_copy(row, by=request.user, now=timezone.now())
        except self.copy_errors as error:
            messages.error(request, str(error))
            return redirect(self._address("change", row))
        messages.success(request, str(self.copied_words))
        return redirect(self._address("change", copy))

    def preview_view(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """The version as people will meet it, in either language."""
        if request.method not in self.preview_methods:
            return HttpResponseNotAllowed(self.preview_methods)
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
                "language": language,
                "languages": [(code, translation.get_language_info(code)["name_local"]) for code in languages],
                "change_url": self._address("change", row),
                "list_url": reverse(f"admin:{self._name('changelist')}"),
                **self.preview_context(request, row, language),
            }
            return TemplateResponse(request, self.preview_template, context).render()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        extra: dict[str, Any] = dict(extra_context or {})
        if row is not None:
            extra |= {
                "preview_url": self._address("preview", row),
                "copy_url": self._address("copy", row) if self.may_copy(row) else "",
                "frozen_words": self.frozen_words,
            }
        return super().change_view(request, object_id, form_url, extra)

    def _row(self, request: HttpRequest, pk: Any) -> Any:
        row = self.get_queryset(request).filter(pk=pk).first()
        if row is None:
            raise Http404
        return row

    def _name(self, page: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def _address(self, page: str, row: Model) -> str:
        return reverse(f"admin:{self._name(page)}", args=[row.pk])


class VersionInline(CoordinatorsInline):
    """What belongs to one version: where that can't change, it is shown and not offered for editing."""

    def is_open(self, obj: Any) -> bool:
        return bool(obj.editable)
