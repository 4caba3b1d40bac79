"""The page on which a pair works: the one next thing, its meetings, goals and notes, and each other."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from mentorship.common.bilingual import localized
from mentorship.partnerships import hooks
from mentorship.partnerships.meeting_words import MeetingWords, met_words, present_names, words_of
from mentorship.partnerships.models import Agreement, ChangeWish, Partnership
from mentorship.partnerships.reading import partners, role_of
from mentorship.partnerships.steps import has_agreement, next_step
from mentorship.partnerships.views.common import goes_on, pair_of, partner_names
from mentorship.partnerships.words import goal_titles, why

PAST_SHOWN = 5
PER_PAGE = 20


@login_required
@require_GET
def detail(request: HttpRequest, partnership_id: UUID) -> HttpResponse:
    """The pair's own page."""
    pair = pair_of(request, partnership_id)
    now = timezone.now()
    names = partner_names(pair, request.user)
    accepted = {
        accepted.membership_id: accepted for accepted in Agreement.objects.filter(membership__partnership=pair)
    }
    own = next(member for member in pair.memberships.all() if member.person_id == request.user.pk)
    planned = list(pair.meetings.planned().order_by("starts_at", "pk"))
    step = next_step(pair, own.pk in accepted, planned, now)
    others, totals = partners(pair, request.user), pair.meetings.all().totals()
    past = pair.meetings.filter(state__in=["held", "missed"]).prefetch_related("attendances")
    context = {
        "pair": pair,
        "season": pair.season,
        "going_on": goes_on(pair),
        "role": own.role,
        "partners": others,
        "why": why(pair.reasons, goal_titles(pair.reasons)),
        "shared_wish": hooks.shared_wish(pair),
        "cards": hooks.cards(request, pair),
        "start": localized(pair.season, "start"),
        "step": step,
        "step_meeting": words_of(step.meeting, pair.season, now) if step.meeting else None,
        "coming": [words_of(row, pair.season, now) for row in planned],
        "past": _in_words(pair, past[:PAST_SHOWN], names, now),
        "totals": totals,
        "met": met_words(others[0].first_name, totals.meetings, totals.meeting_minutes),
        "goals": list(pair.goals.visible_to(request.user).select_related("goal")),
        "notes": {
            "shared": pair.shared_notes.visible_to(request.user).count(),
            "private": pair.private_notes.visible_to(request.user).count(),
        },
        "acceptances": [
            {"name": names[member.pk], "accepted": accepted.get(member.pk)} for member in pair.memberships.all()
        ]
        if has_agreement(pair)
        else [],
        "wish": ChangeWish.objects.open().filter(membership=own).exists(),
    }
    return render(request, "partnerships/detail.html", context)


@login_required
@require_GET
def meetings(request: HttpRequest, partnership_id: UUID) -> HttpResponse:
    """Every meeting of the pair, the latest first, with the hours."""
    pair = pair_of(request, partnership_id)
    page = Paginator(pair.meetings.prefetch_related("attendances"), PER_PAGE).get_page(request.GET.get("page"))
    names = partner_names(pair, request.user)
    context = {
        "pair": pair,
        "season": pair.season,
        "partners": partners(pair, request.user),
        "role": role_of(pair, request.user),
        "page": page,
        "rows": _in_words(pair, page, names, timezone.now()),
        "totals": pair.meetings.all().totals(),
        "going_on": goes_on(pair),
    }
    return render(request, "partnerships/meetings.html", context)


def _in_words(pair: Partnership, rows: Any, names: dict[UUID, str], now: Any) -> list[MeetingWords]:
    return [words_of(row, pair.season, now, present_names(row, names)) for row in rows]
