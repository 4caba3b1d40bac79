"""The coordinator's pages about what a season lacks: the gap board, and whom one could invite."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentorship.applications import gaps
from mentorship.applications.admin.screening import SeasonPages
from mentorship.applications.colleagues import is_key
from mentorship.applications.services import ApplicationError, invite_to_apply
from mentorship.seasons.models import Goal, ParticipationRole
from mentorship.seasons.phases import phase
from mentorship.seasons.states import Phase

AT_ONCE = 5


class GapPages(SeasonPages):
    """What mentees want that mentors don't offer yet."""

    def gap_urls(self) -> list[URLPattern]:
        name = "applications_application_{}".format
        return [
            path("season/<uuid:season_id>/gaps/", self.page(self.gaps_view), name=name("gaps")),
            path("season/<uuid:season_id>/gaps/<uuid:goal_id>/", self.page(self.invite_view), name=name("invite")),
        ]

    def gaps_view(self, request: HttpRequest, season_id: Any) -> HttpResponse:
        """Every goal with how many want and offer it, the widest gap first."""
        season = self.season(request, season_id)
        board = gaps.gap_board(season)
        mentees, places = gaps.places(season)
        return self.show(
            request,
            "gaps.html",
            {
                "title": _("Gap board"),
                "season": season,
                "widest": board[0] if board and board[0].lacking else None,
                "board": [row for row in board if row.wanted or row.offered or row.invited],
                "quiet": [str(row.goal) for row in board if not (row.wanted or row.offered or row.invited)],
                "mentees": mentees,
                "places": places,
                "is_open": phase(season, timezone.now()) == Phase.APPLYING,
            },
        )

    def invite_view(self, request: HttpRequest, season_id: Any, goal_id: Any) -> HttpResponse:
        """Staff who could mentor for one goal, five at a time and ready to be invited."""
        season = self.season(request, season_id)
        goal = get_object_or_404(Goal, pk=goal_id)
        now = timezone.now()
        found = gaps.candidates(season, goal, now)
        if request.method == "POST":
            chosen = found.filter(pk__in=[key for key in request.POST.getlist("person") if is_key(key)])
            try:
                invited = invite_to_apply(
                    season=season, people=chosen, role=ParticipationRole.MENTOR, goal=goal, by=request.user, now=now
                )
            except ApplicationError as error:
                messages.error(request, str(error))
            else:
                messages.success(
                    request,
                    ngettext("%(n)d person is invited.", "%(n)d people are invited.", invited) % {"n": invited},
                )
            return redirect("admin:applications_application_gaps", season.pk)
        page = Paginator(found, AT_ONCE).get_page(request.GET.get("page"))
        board = {row.goal.pk: row for row in gaps.gap_board(season)}
        return self.show(
            request,
            "invite.html",
            {
                "title": str(goal),
                "season": season,
                "goal": goal,
                "gap": board.get(goal.pk),
                "page": page,
                "candidates": [gaps.in_words(person) for person in page],
                "is_open": phase(season, now) == Phase.APPLYING,
            },
        )
