"""Who has read what: every text read as a list, and for each season how far everybody is on their path."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from mentorship.applications import concerns
from mentorship.common.admin_site import SeasonModelAdmin
from mentorship.learning.figures import in_order, training_of, unfinished, with_progress
from mentorship.learning.models import PARTICIPANTS, Completion, LearnerRole
from mentorship.learning.participation import people_now_in
from mentorship.learning.reading import slugs_of_path
from mentorship.people.models import User
from mentorship.seasons.models import Season

ON_A_PAGE = 25


@dataclass(frozen=True)
class Learner:
    """One person of a role: how many texts of their path they have read."""

    person: User
    texts_read: int
    steps: int

    @property
    def is_done(self) -> bool:
        return self.texts_read >= self.steps


@admin.register(Completion)
class CompletionAdmin(SeasonModelAdmin):
    """Only to look at; people near the coordinator are another one's to see."""

    list_display = ("person", "resource", "season", "completed_at")
    list_filter = ("season",)
    list_select_related = ("person__profile", "resource", "season")
    search_fields = ("person__given_name", "person__family_name", "person__profile__preferred_name")
    fields = ("person", "resource", "season", "completed_at")

    def get_urls(self) -> list[URLPattern]:
        view = self.page(self.season_view, ["GET", "HEAD"])
        return [path("season/<uuid:season_id>/", view, name="learning_completion_season"), *super().get_urls()]

    def season_view(self, request: HttpRequest, season_id: Any) -> HttpResponse:
        """How far the people of one role are, those who have most to read first."""
        season: Season = get_object_or_404(Season.objects.visible_to(request.user), pk=season_id)
        request.season = season  # type: ignore[attr-defined]
        figures = {figure.role: figure for figure in training_of(season)}
        role = request.GET.get("role", "")
        if role not in figures:
            role = next(iter(figures), LearnerRole.MENTOR.value)
        only_open = request.GET.get("show") == "open"
        slugs = slugs_of_path(season, role)
        everybody = people_now_in(season, role)
        shown = everybody.exclude(concerns.near(request.user, "pk"))
        rows = with_progress(shown, season, slugs).select_related("profile__unit")
        if only_open:
            rows = unfinished(rows, slugs)
        page = Paginator(in_order(rows), ON_A_PAGE).get_page(request.GET.get("page"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Training"),
            "season": season,
            "role": role,
            "figure": figures.get(role),
            "roles": [(name, LearnerRole(name).label, name == role) for name in PARTICIPANTS if name in figures],
            "only_open": only_open,
            "page": page,
            "learners": list(_learners(page.object_list, len(slugs))),
            "others": everybody.count() - shown.count(),
            "has_path": bool(slugs),
        }
        return render(request, "admin/learning/season.html", context)


def _learners(people: Iterable[Any], steps: int) -> Iterable[Learner]:
    for person in people:
        yield Learner(person, person.texts_read, steps)
