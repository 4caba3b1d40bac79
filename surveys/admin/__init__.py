"""The coordinator's side of surveys: open, watch the response rate, close, publish, read comments one by one."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path

from mentorship.common.admin_site import SeasonModelAdmin
from surveys.admin import commenting, opening, running
from surveys.models import Wave


@admin.register(Wave)
class WaveAdmin(SeasonModelAdmin):
    """Surveys to look at; tickets, responses and comments are in no list. What is done is a page of its own."""

    list_display = ["season", "kind", "state", "opened_at", "closes_at", "submitted", "invited"]
    list_filter = ["state", "season"]
    list_select_related = ["season"]
    fields = [
        "season",
        "kind",
        "state",
        "questionnaire",
        "opened_at",
        "closes_at",
        "closed_at",
        "submitted",
        "invited",
    ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to the survey's own page; nothing is changed here."""
        wave = self.get_object(request, object_id)
        if wave is None or not self.has_view_permission(request, wave):
            return super().change_view(request, object_id, form_url, extra_context)
        return redirect("admin:surveys_overview", wave.pk)

    def get_urls(self) -> list[URLPattern]:
        views = [
            ("season/<uuid:season_id>/", opening.of_season, "of_season"),
            ("season/<uuid:season_id>/mail/", opening.mail, "mail"),
            ("wave/<uuid:wave_id>/", running.overview, "overview"),
            ("wave/<uuid:wave_id>/closing-day/", running.closing_day, "closing_day"),
            ("wave/<uuid:wave_id>/close/", running.close, "close"),
            ("wave/<uuid:wave_id>/publish/", running.publish, "publish"),
            ("wave/<uuid:wave_id>/comments/", commenting.comments, "comments"),
            ("comment/<uuid:comment_id>/publish/", commenting.release, "release_comment"),
            ("comment/<uuid:comment_id>/withhold/", commenting.withhold, "withhold_comment"),
        ]
        wrap = self.admin_site.admin_view
        return [path(route, wrap(view), name=f"surveys_{name}") for route, view, name in views] + super().get_urls()
