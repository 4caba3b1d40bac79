"""Approving circles and asking their facilitators: each after a page that says what will happen to how many."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from matching import circle_words as words
from matching.admin.access import circles_season_of, for_coordinators, say_busy, say_changed_meanwhile
from matching.admin.circles.lines import last_run, lines_of
from matching.services import RunUnderWay
from matching.services.circles import ApprovedCircles, approve_suggested_circles
from mentorship.partnerships.models import Kind
from mentorship.partnerships.places import Busy
from mentorship.partnerships.services import ANSWER_DAYS, ask_mentors


@for_coordinators
@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: HttpRequest, season_id: UUID) -> HttpResponse:
    """Approve every circle that needs no look; the others are approved one by one."""
    season = circles_season_of(request, season_id)
    run = last_run(season)
    if run is None:
        raise Http404
    lines, _concerned = lines_of(run, request.user, timezone.now())
    clear = [line for line in lines if line.clear]
    if request.method == "POST":
        if request.POST.get("run") != str(run.pk) or request.POST.get("count") != str(len(clear)):
            say_changed_meanwhile(request)
            return redirect("admin:matching_circles_approve", season.pk)
        try:
            approved = approve_suggested_circles(
                run=run, circles=[line.row.pk for line in clear], by=request.user, now=timezone.now()
            )
            say_approved(request, approved)
        except Busy:
            say_busy(request)
        except RunUnderWay:
            say_changed_meanwhile(request)
        return redirect("admin:matching_circles", season.pk)
    context = {
        "title": _("Approve circles"),
        "season": season,
        "run": run,
        "count": len(clear),
        "peers": sum(len(line.peers) for line in clear),
        "others": sum(1 for line in lines if not line.settled and not line.clear),
    }
    return render(request, "admin/matching/circles/approve.html", context)


@for_coordinators
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, season_id: UUID) -> HttpResponse:
    """Ask the facilitators of all approved circles."""
    season = circles_season_of(request, season_id)
    run = last_run(season)
    if run is None:
        raise Http404
    lines, _concerned = lines_of(run, request.user, timezone.now())
    count = sum(1 for line in lines if line.row.partnership is not None and line.row.partnership.state == "approved")
    if request.method == "POST":
        if request.POST.get("count") != str(count):
            say_changed_meanwhile(request)
            return redirect("admin:matching_circles_ask", season.pk)
        asked = ask_mentors(season=season, kind=Kind.CIRCLE, by=request.user, now=timezone.now())
        text = ngettext(
            "The facilitators of %(n)d circle are asked.", "The facilitators of %(n)d circles are asked.", asked
        )
        messages.success(request, text % {"n": asked})
        return redirect("admin:matching_circles", season.pk)
    context = {"title": _("Ask facilitators"), "season": season, "count": count, "days": ANSWER_DAYS}
    return render(request, "admin/matching/circles/ask.html", context)


def say_approved(request: HttpRequest, approved: ApprovedCircles) -> None:
    """Say how many were set, and of the others how many stayed out for which reason."""
    if approved.made:
        text = ngettext("%(n)d circle is approved.", "%(n)d circles are approved.", approved.made)
        messages.success(request, text % {"n": approved.made} + " " + _("Nobody has been told."))
    for reason, count in sorted(approved.refused.items()):
        text = ngettext("%(n)d circle stays open: %(why)s.", "%(n)d circles stay open: %(why)s.", count)
        messages.warning(request, text % {"n": count, "why": words.REFUSED[reason]})
    if not approved.made and not approved.refused:
        say_changed_meanwhile(request)
