"""The coordinator's side of surveys: open, watch the response rate, close, publish, read comments one by one."""

from django.contrib import admin
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

    def get_urls(self) -> list[URLPattern]:
        views = [
            ("season/<uuid:season_id>/", opening.of_season, "of_season"),
            ("season/<uuid:season_id>/mail/", opening.mail, "mail"),
            ("wave/<uuid:wave_id>/", running.overview, "overview"),
            ("wave/<uuid:wave_id>/close/", running.close, "close"),
            ("wave/<uuid:wave_id>/publish/", running.publish, "publish"),
            ("wave/<uuid:wave_id>/comments/", commenting.comments, "comments"),
            ("comment/<uuid:comment_id>/publish/", commenting.release, "release_comment"),
            ("comment/<uuid:comment_id>/withhold/", commenting.withhold, "withhold_comment"),
        ]
        wrap = self.admin_site.admin_view
        return [path(route, wrap(view), name=f"surveys_{name}") for route, view, name in views] + super().get_urls()
