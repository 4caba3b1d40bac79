"""Approving matches and asking their mentors: each after a page that says what will happen to how many."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from matching import words
from matching.admin.access import (
    for_coordinators,
    last_run,
    say_busy,
    say_changed_meanwhile,
    season_of,
    workbench_url,
)
from matching.admin.overview import APPROVABLE, overview, proposals
from matching.querysets import FINE
from matching.services import Approved, RunUnderWay, approve_proposals
from mentorship.partnerships.places import Busy
from mentorship.partnerships.services import ANSWER_DAYS, ask_mentors


@for_coordinators
@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: HttpRequest, season_id: UUID) -> HttpResponse:
    """Approve every match that needs no look, or (`which=all`) those that do as well."""
    season = season_of(request, season_id)
    run = last_run(season)
    if run is None:
        raise Http404
    rows = proposals(run, request.user, timezone.now())
    figures = overview(rows)
    if request.method == "POST":
        every = request.POST.get("which") == "all"
        wanted = rows.filter(APPROVABLE) if every else rows.filter(APPROVABLE, attention=FINE)
        keys = list(wanted.values_list("pk", flat=True))
        if request.POST.get("run") != str(run.pk) or request.POST.get("count") != str(len(keys)):
            say_changed_meanwhile(request)
            return redirect("admin:matching_approve", season.pk)
        try:
            say_approved(request, approve_proposals(run=run, proposals=keys, by=request.user, now=timezone.now()))
        except Busy:
            say_busy(request)
        except RunUnderWay:
            say_changed_meanwhile(request)
        return redirect(workbench_url(season.pk))
    context = {"title": _("Approve matches"), "season": season, "run": run, "figures": figures}
    return render(request, "admin/matching/approve.html", context)


@for_coordinators
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, season_id: UUID) -> HttpResponse:
    """Ask the mentors of all approved pairs."""
    season = season_of(request, season_id)
    run = last_run(season)
    if run is None:
        raise Http404
    figures = overview(proposals(run, request.user, timezone.now()))
    if request.method == "POST":
        if request.POST.get("count", str(figures.to_ask)) != str(figures.to_ask):
            say_changed_meanwhile(request)
            return redirect("admin:matching_ask", season.pk)
        asked = ask_mentors(season=season, by=request.user, now=timezone.now())
        text = ngettext("%(n)d mentor is asked.", "%(n)d questions go to mentors.", asked) % {"n": asked}
        messages.success(request, text)
        return redirect(workbench_url(season.pk))
    context = {"title": _("Ask mentors"), "season": season, "figures": figures, "days": ANSWER_DAYS}
    return render(request, "admin/matching/ask.html", context)


def say_approved(request: HttpRequest, approved: Approved) -> None:
    """Say how many were set, and of the others how many stayed out for which reason."""
    if approved.made:
        text = ngettext("%(n)d match is approved.", "%(n)d matches are approved.", approved.made)
        messages.success(request, text % {"n": approved.made} + " " + _("Nobody has been told."))
    for reason, count in sorted(approved.refused.items()):
        text = ngettext("%(n)d match stays open: %(why)s.", "%(n)d matches stay open: %(why)s.", count)
        messages.warning(request, text % {"n": count, "why": words.REFUSED[reason]})
    if not approved.made and not approved.refused:
        say_changed_meanwhile(request)
