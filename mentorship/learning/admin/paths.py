"""Paths in the admin: what each role reads and in which order, everywhere or in one season."""

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentorship.common.admin_site import CoordinatorsInline, SeasonModelAdmin
from mentorship.learning import services
from mentorship.learning.admin.forms import PathForm, SeasonChoiceForm, StepForm, StepFormSet
from mentorship.learning.models import Path, PathStep
from mentorship.people.models import User
from mentorship.seasons.models import Season


class StepInline(CoordinatorsInline):
    """The steps in their order; whoever may change the path may change them."""

    model = PathStep
    form = StepForm
    formset = StepFormSet
    extra = 1


@admin.register(Path)
class PathAdmin(SeasonModelAdmin):
    add_roles = ("coordinator",)
    change_roles = ("coordinator",)
    delete_roles = ("coordinator",)
    form = PathForm
    inlines = (StepInline,)
    change_form_template = "admin/learning/path_form.html"
    list_display = ("name", "where", "steps_in_words", "origin")
    list_filter = ("role", "origin")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Path]:
        return super().get_queryset(request).select_related("season").prefetch_related("steps")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """For whom a path is never changes: another one is another path."""
        return ("role", "where") if obj else ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("role", "where") if obj else ("role", "template_slug", "season")

    @admin.display(description=gettext_lazy("path"))
    def name(self, row: Path) -> str:
        return str(row)

    @admin.display(description=gettext_lazy("where"))
    def where(self, row: Path) -> str:
        if row.season is not None:
            return str(row.season)
        return row.template_slug or _("everywhere else")

    @admin.display(description=gettext_lazy("steps"))
    def steps_in_words(self, row: Path) -> str:
        return " · ".join(step.slug for step in row.steps.all())

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path("<uuid:pk>/copy/", guard(self.copy_view), name="learning_path_copy"),
            *super().get_urls(),
        ]

    def copy_view(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """Choose the season that gets a path of its own, which starts like this one."""
        if request.method not in {"GET", "HEAD", "POST"}:
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        if not self.has_add_permission(request):
            raise PermissionDenied
        row: Path | None = self.get_queryset(request).filter(pk=pk).first()
        if row is None:
            raise Http404
        seasons = Season.objects.visible_to(request.user).filter(archived_at=None)
        form = SeasonChoiceForm(request.POST or None, seasons=seasons)
        if request.method == "POST" and form.is_valid():
            return self._copy(request, row, form.cleaned_data["season"])
        if request.method == "POST" and not form.is_bound:
            form = SeasonChoiceForm({}, seasons=seasons)
        context = {
            **self.admin_site.each_context(request),
            "title": _("A path for one season"),
            "path": row,
            "form": form,
            "change_url": reverse("admin:learning_path_change", args=[row.pk]),
            "list_url": reverse("admin:learning_path_changelist"),
        }
        return render(request, "admin/learning/path_copy.html", context)

    def _copy(self, request: HttpRequest, row: Path, season: Season) -> HttpResponse:
        by = cast(User, request.user)
        try:
            copy = services.copy_path(path=row, season=season, by=by, now=timezone.now())
        except services.LearningError as error:
            messages.error(request, str(error))
            return redirect("admin:learning_path_change", row.pk)
        messages.success(request, _("%(season)s has a path of its own now.") % {"season": season})
        return redirect("admin:learning_path_change", copy.pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        extra: dict[str, Any] = dict(extra_context or {})
        if row is not None and row.season_id is None:
            extra["copy_url"] = reverse("admin:learning_path_copy", args=[row.pk])
        return super().change_view(request, object_id, form_url, extra)
