"""The coordinator's side of matching in the admin: the workbench and read-only lists."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path

from matching.admin import (
    approving,
    calls,
    changes,
    changing,
    choosing,
    circles,
    comparing,
    deciding,
    runs,
    telling,
    workbench,
)
from matching.models import MatchRun
from mentorship.common.admin_site import SeasonModelAdmin


@admin.register(MatchRun)
class MatchRunAdmin(SeasonModelAdmin):
    """Runs of the engine; everything else about matching is a page of its own."""

    list_display = ["season", "number", "state", "requested_by", "requested_at", "finished_at"]
    list_filter = ["season", "state"]
    list_select_related = ["season", "requested_by__profile"]
    fields = ["season", "number", "state", "requested_by", "requested_at", "finished_at", "input_hash", "seed"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[MatchRun]:
        return super().get_queryset(request).defer("problem", "trace")

    def get_urls(self) -> list[URLPattern]:
        season, match, pair = (
            "season/<uuid:season_id>/",
            "match/<uuid:match_id>/",
            "pair/<uuid:mentee>/<uuid:mentor>/",
        )
        views = [
            (season, workbench.workbench, "workbench"),
            (season + "run/", runs.start, "run"),
            (season + "approve/", approving.approve, "approve"),
            (season + "ask/", approving.ask, "ask"),
            (season + "announce/", telling.announce, "announce"),
            (season + "announce/<slug:rule>/", telling.sample, "announcement"),
            (season + "calls/", calls.call_list, "calls"),
            (season + "wishes/", deciding.wishes, "wishes"),
            (season + "chosen/", choosing.chosen_lines, "chosen"),
            (season + "repair/", changing.repair, "repair"),
            (season + "changes/", changes.all_changes, "changes"),
            ("call/<uuid:application_id>/called/", calls.called, "called"),
            ("call/<uuid:application_id>/tell/", calls.tell, "tell"),
            (match + "approve/", deciding.approve_one, "approve_one"),
            (match + "hold/", deciding.hold, "hold"),
            (match + "release/", deciding.release, "release"),
            (match + "reject/", deciding.reject, "reject"),
            (match + "restore/", deciding.restore, "restore"),
            (match + "take-back/", deciding.take_back, "take_back"),
            (match + "ask-again/", deciding.ask_again, "ask_again"),
            (match + "declined/", deciding.declined, "declined"),
            (match + "compare/", comparing.compare, "compare"),
            (match + "unmatch/", changing.unmatch, "unmatch"),
            (match + "swap/", comparing.swap_with, "swap_with"),
            (match + "swap/<uuid:other_id>/", changing.swap, "swap"),
            (pair + "together/", deciding.together, "together"),
            (pair + "instead/", changing.instead, "instead"),
            (pair + "apart/", changing.apart, "apart"),
            ("together/<uuid:pin_id>/undo/", deciding.undo_together, "undo_together"),
            ("apart/<uuid:exclusion_id>/undo/", deciding.undo_apart, "undo_apart"),
            ("change/<uuid:adjustment_id>/undo/", changes.undo, "undo"),
            ("run/<uuid:run_id>/details/", runs.details, "details"),
        ]
        views += circles.VIEWS
        wrap = self.admin_site.admin_view
        return [path(route, wrap(view), name=f"matching_{name}") for route, view, name in views] + super().get_urls()
