"""All pairs of a person, and the quiet question to a mentor before anybody is told."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from mentorship.common.states import IllegalMove
from mentorship.partnerships import services
from mentorship.partnerships.models import Partnership
from mentorship.partnerships.querysets import ASKED, TOLD
from mentorship.partnerships.reading import earlier_pairs, open_questions, partners, told_pairs, with_members
from mentorship.partnerships.words import goal_titles, why


@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """All pairs of a person, those that are over too; with one alone, that one."""
    pairs = list(with_members(told_pairs(request.user)))
    over = list(with_members(earlier_pairs(request.user)))
    questions = list(with_members(open_questions(request.user)))
    if len(pairs + over) == 1 and not questions:
        return redirect("partnerships:detail", (pairs + over)[0].pk)
    rows = [{"pair": pair, "partners": partners(pair, request.user)} for pair in pairs]
    asked = [{"pair": pair, "partners": partners(pair, request.user)} for pair in questions]
    earlier = [{"pair": pair, "partners": partners(pair, request.user)} for pair in over]
    return render(request, "partnerships/mine.html", {"rows": rows, "asked": asked, "earlier": earlier})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def asked(request: HttpRequest, partnership_id: UUID) -> HttpResponse:
    """The quiet question: who it is, what they want to work on, and two buttons. A no needs no reason.

    The link in the mail outlives the question: it then leads to the pair, or says that nothing is asked any more.
    """
    rows = with_members(Partnership.objects.asked_of(request.user))
    pair: Partnership = get_object_or_404(rows, pk=partnership_id)
    _on_season(request, pair)
    if pair.state in TOLD:
        return redirect("partnerships:detail", pair.pk)
    own = next(member for member in pair.memberships.all() if member.person_id == request.user.pk)
    if pair.state not in ASKED or not own.active:
        return render(request, "partnerships/answered.html", {"season": pair.season})
    if request.method == "POST" and request.POST.get("answer") in {"yes", "no"}:
        if request.POST.get("seen", "") == pair.state:
            return _answer(request, pair, request.POST["answer"] == "yes")
        messages.warning(
            request, _("You have answered elsewhere meanwhile; nothing was changed. This is how it stands.")
        )
    others = partners(pair, request.user)
    context = {
        "pair": pair,
        "season": pair.season,
        "mentee": others[0],
        "partners": others,
        "why": why(pair.reasons, goal_titles(pair.reasons)),
        "said_yes": _said_yes(pair, request.user),
    }
    template = "partnerships/circle_asked.html" if pair.is_circle else "partnerships/asked.html"
    return render(request, template, context)


def _said_yes(pair: Partnership, person: Any) -> bool:
    """Their own yes; a circle may still wait for its other facilitator's."""
    own = next(member for member in pair.memberships.all() if member.person_id == person.pk)
    return pair.state == Partnership.State.CONFIRMED or own.answered_at is not None


def _answer(request: HttpRequest, pair: Partnership, yes: bool) -> HttpResponse:
    try:
        services.answer_question(partnership=pair, yes=yes, by=request.user, now=timezone.now())
    except IllegalMove:
        messages.info(request, _("That was answered already; nothing was changed."))
    else:
        messages.success(request, _thanks(pair, yes))
    return redirect("portal:home")


def _thanks(pair: Partnership, yes: bool) -> str:
    if pair.is_circle:
        if yes:
            return _("Thank you. You and the circle will be told when all matches are announced.")
        return _("Thank you for telling us. The people of the circle will never know that you were asked.")
    if yes:
        return _("Thank you. You will both be told when all matches are announced.")
    return _("Thank you for telling us. The mentee will never know that you were asked.")


def _on_season(request: Any, pair: Partnership) -> None:
    request.season = pair.season
