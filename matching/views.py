"""What somebody without a match reads: why, what comes next, and whether they stay on the waiting list."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from matching.alone import entry_of
from matching.models import CallListEntry
from matching.services import NotTheirs, answer_waiting
from matching.told import why_not
from mentorship.common.bilingual import localized


@login_required
@require_GET
def alone(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Why there is no match, for its owner alone."""
    entry = _entry(request, application_id)
    context = {
        "entry": entry,
        "season": entry.season,
        "why": why_not(entry.application),
        "instead": localized(entry.season, "instead"),
    }
    return render(request, "matching/alone.html", context)


@login_required
@require_POST
def waiting(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Stay on the waiting list, or leave it."""
    entry = _entry(request, application_id)
    waits = request.POST.get("waits") == "yes"
    try:
        answer_waiting(application=entry.application, waits=waits, by=request.user, now=timezone.now())
    except NotTheirs:
        raise Http404 from None
    messages.success(
        request,
        _("You are on the waiting list.")
        if waits
        else _("You are off the waiting list. You can come back any time."),
    )
    return redirect("matching:alone", application_id)


def _entry(request: Any, application_id: UUID) -> CallListEntry:
    """One's own entry, also setting the season for the ribbon. Raises Http404."""
    entry = entry_of(request.user, application_id)
    if entry is None:
        raise Http404
    request.season = entry.season
    return entry
