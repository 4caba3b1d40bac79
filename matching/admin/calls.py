"""The call list: people without a match hear it from a person first."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from matching.admin.access import say_changed_meanwhile, season_of
from matching.services import NotAnnounced, NotTheirs, mark_called, tell_without_call, unmatched
from mentorship.applications.models import Application
from mentorship.common.admin_access import for_coordinators

PER_PAGE = 20


@for_coordinators
@require_GET
def call_list(request: HttpRequest, season_id: UUID) -> HttpResponse:
    """Everybody without a match whom this coordinator may call; who wasn't called yet comes first."""
    season = season_of(request, season_id)
    own = Application.objects.screenable_by(request.user).filter(season=season)
    rows = (
        unmatched(season)
        .filter(pk__in=own.values("pk"))
        .select_related("applicant__profile__unit", "applicant__profile__supervisor", "call__called_by__profile")
        .prefetch_related("goals__goal")
        .order_by("call__called_at", "applicant__family_name", "pk")
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _("Call list"),
        "season": season,
        "page": page,
        "lines": [{"application": row, "call": getattr(row, "call", None)} for row in page.object_list],
    }
    return render(request, "admin/matching/calls.html", context)


@for_coordinators
@require_POST
def called(request: HttpRequest, application_id: UUID) -> HttpResponse:
    return _note(request, application_id, mark_called)


@for_coordinators
@require_POST
def tell(request: HttpRequest, application_id: UUID) -> HttpResponse:
    return _note(request, application_id, tell_without_call)


def _note(request: HttpRequest, application_id: UUID, service: Any) -> HttpResponse:
    rows = Application.objects.screenable_by(request.user).filter(role="mentee").select_related("season")
    application: Application = get_object_or_404(rows, pk=application_id)
    try:
        entry = service(application=application, by=request.user, now=timezone.now())
    except NotAnnounced:
        messages.warning(request, _("Nobody is told before the matches are announced."))
    except NotTheirs:
        say_changed_meanwhile(request)
    else:
        text = _("The notice goes out now.") if entry.told_at else _("Noted. The notice goes out with the matches.")
        messages.success(request, text)
    return redirect("admin:matching_calls", application.season_id)
