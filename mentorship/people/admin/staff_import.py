"""The staff import in the admin: a file, its columns, a preview row by row, then the import as a job."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentorship.common.admin_site import SeasonModelAdmin
from mentorship.common.states import IllegalMove
from mentorship.people.models import StaffImport
from mentorship.people.signed_in import signed_in
from mentorship.people.staff_import import services
from mentorship.people.staff_import.columns import COLUMNS
from mentorship.people.staff_import.forms import ColumnsForm, UploadForm
from mentorship.people.staff_import.planning import Outcome

PER_PAGE = 50
OUTCOMES = {
    Outcome.REFUSED: (gettext_lazy("Refused"), "trouble"),
    Outcome.CREATE: (gettext_lazy("New"), "good"),
    Outcome.UPDATE: (gettext_lazy("Changed"), "attention"),
    Outcome.UNCHANGED: (gettext_lazy("As it was"), "neutral"),
}
OTHER_WORDS = {"unit": gettext_lazy("Work unit"), "region": gettext_lazy("Region")}


@admin.register(StaffImport)
class StaffImportAdmin(SeasonModelAdmin):
    """Every staff list that came in; a row opens its preview."""

    view_roles = add_roles = ("administrator", "coordinator")
    list_display = ("file_name", "state", "uploaded_at", "imported_at")

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<uuid:pk>/columns/", wrap(self.columns_view), name="people_staffimport_columns"),
            path("<uuid:pk>/preview/", wrap(self.preview_view), name="people_staffimport_preview"),
            path("<uuid:pk>/start/", wrap(self.start_view), name="people_staffimport_start"),
            path("<uuid:pk>/discard/", wrap(self.discard_view), name="people_staffimport_discard"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("admin:people_staffimport_preview", object_id)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self._require(request)
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            staff_import = services.upload_staff_list(
                file_name=form.file_name,
                content=form.cleaned_data["file"],
                by=signed_in(request),
                now=timezone.now(),
            )
            return redirect(_next_page(staff_import), staff_import.pk)
        return self._page(request, "upload", _("Import a staff list"), form=form)

    def columns_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        staff_import = self._found(request, pk)
        named = staff_import.columns
        form = ColumnsForm(
            request.POST or None,
            headings=named["headings"],
            named=named["columns"],
            order=named["date_order"],
        )
        if request.method == "POST" and form.is_valid():
            try:
                services.name_columns(
                    staff_import=staff_import,
                    columns=form.columns,
                    date_order=form.cleaned_data["date_order"],
                    by=signed_in(request),
                    now=timezone.now(),
                )
            except IllegalMove:
                messages.error(request, _("This list was imported or thrown away already: upload it again."))
            return redirect("admin:people_staffimport_preview", pk)
        sample = services.sheet_of(staff_import).lines[:3] if staff_import.content else []
        return self._page(
            request,
            "columns",
            _("What the columns mean"),
            staff_import=staff_import,
            form=form,
            headings=named["headings"],
            sample=[cells for _line, cells in sample],
        )

    def preview_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        staff_import = self._found(request, pk)
        if staff_import.state == StaffImport.State.UPLOADED:
            return redirect("admin:people_staffimport_columns", pk)
        if staff_import.state == StaffImport.State.IMPORTING:
            return redirect("jobs:progress", staff_import.job_id)
        preview = staff_import.rows or {"rows": [], "new_units": [], "absent": []}
        wanted = request.GET.get("rows", "")
        shown = [row for row in preview["rows"] if _is_wanted(row, wanted)]
        page = Paginator([_worded(row) for row in shown], PER_PAGE).get_page(request.GET.get("page"))
        counts = staff_import.counts
        return self._page(
            request,
            "preview",
            staff_import.file_name,
            staff_import=staff_import,
            counts=counts,
            page=page,
            tabs=_tabs(preview["rows"], wanted),
            new_units=preview["new_units"],
            absent=preview["absent"][:PER_PAGE],
            absent_count=len(preview["absent"]),
            can_import=staff_import.state == StaffImport.State.PREVIEWED
            and bool(counts["create"] or counts["update"]),
            is_open=staff_import.state == StaffImport.State.PREVIEWED,
            is_done=staff_import.state == StaffImport.State.DONE,
        )

    def start_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        staff_import = self._found(request, pk)
        try:
            staff_import = services.start_import(staff_import=staff_import, by=signed_in(request), now=timezone.now())
        except IllegalMove:
            return redirect("admin:people_staffimport_preview", pk)
        return redirect("jobs:progress", staff_import.job_id)

    def discard_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        staff_import = self._found(request, pk)
        try:
            services.discard_staff_list(staff_import=staff_import, by=signed_in(request), now=timezone.now())
        except IllegalMove:
            messages.error(request, _("This list is being imported or was imported: it can't be thrown away."))
            return redirect("admin:people_staffimport_preview", pk)
        messages.success(request, _("The list was thrown away; nothing was changed."))
        return redirect("admin:people_staffimport_changelist")

    def _found(self, request: HttpRequest, pk: UUID) -> StaffImport:
        self._require(request)
        return get_object_or_404(StaffImport, pk=pk)

    def _require(self, request: HttpRequest) -> None:
        if not self.has_add_permission(request):
            raise PermissionDenied

    def _page(self, request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
        context |= {**self.admin_site.each_context(request), "title": title, "opts": self.opts}
        return TemplateResponse(request, f"admin/people/staff_import/{template}.html", context)


def _next_page(staff_import: StaffImport) -> str:
    named = staff_import.state == StaffImport.State.PREVIEWED
    return "admin:people_staffimport_preview" if named else "admin:people_staffimport_columns"


def _is_wanted(row: dict[str, Any], wanted: str) -> bool:
    if wanted == "notes":
        return bool(row["notes"])
    return not wanted or row["outcome"] == wanted


def _tabs(rows: list[dict[str, Any]], wanted: str) -> list[dict[str, Any]]:
    """Return the filters of the preview, refused rows first: they are what needs somebody."""
    found = [
        {"key": outcome.value, "label": label, "count": sum(row["outcome"] == outcome.value for row in rows)}
        for outcome, (label, _kind) in OUTCOMES.items()
    ]
    found.insert(1, {"key": "notes", "label": _("With a note"), "count": sum(bool(row["notes"]) for row in rows)})
    found.insert(0, {"key": "", "label": _("All"), "count": len(rows)})
    return [tab | {"current": tab["key"] == wanted} for tab in found]


def _worded(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of the preview with its keys in words."""
    words = {column.key: column.label for column in COLUMNS} | OTHER_WORDS
    label, kind = OUTCOMES[Outcome(row["outcome"])]
    problems = [problem | {"field": words.get(problem["field"], "")} for problem in row["refused"] + row["notes"]]
    changes = ", ".join(str(words[name]) for name in row["changes"] if name in words)
    return row | {"label": label, "kind": kind, "problems": problems, "changes": changes}
