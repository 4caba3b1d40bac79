"""A survey on its way: the response rate while it is open, then the close, then the one publication."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from mentorship.common.admin_access import for_coordinators
from mentorship.common.states import IllegalMove
from mentorship.seasons.phases import zone
from surveys.admin.access import wave_of
from surveys.forms import ClosingDayForm
from surveys.messages import reminders_of
from surveys.models import Wave
from surveys.release import SMALLEST, comments_allowed, percent
from surveys.services import WrongClosingDay, close_wave, move_closing_day, publish_release


@for_coordinators
@require_GET
def overview(request: HttpRequest, wave_id: UUID) -> HttpResponse:
    """How many have answered, never who and never what; and the next step."""
    wave = wave_of(request, wave_id)
    if wave.state == Wave.State.DRAFT:
        return redirect("admin:surveys_of_season", wave.season_id)
    return render(request, "admin/surveys/overview.html", _context(wave, _("Survey")))


@for_coordinators
@require_http_methods(["GET", "HEAD", "POST"])
def closing_day(request: HttpRequest, wave_id: UUID) -> HttpResponse:
    """Let an open survey close earlier or later than it was said."""
    wave = wave_of(request, wave_id)
    posted = request.POST if request.method == "POST" else None
    form = ClosingDayForm(posted, initial={"closes_on": wave.closes_at.astimezone(zone(wave.season)).date()})
    if form.is_valid():
        try:
            moved = move_closing_day(
                wave=wave, closes_on=form.cleaned_data["closes_on"], by=request.user, now=timezone.now()
            )
        except WrongClosingDay as refusal:
            form.add_error("closes_on", str(refusal))
        except IllegalMove:
            messages.info(request, _("It isn't open any more; nothing was changed."))
            return redirect("admin:surveys_overview", wave.pk)
        else:
            day = date_format(moved.closes_at.astimezone(zone(wave.season)), "DATE_FORMAT")
            messages.success(request, _("The survey closes on %(day)s.") % {"day": day})
            return redirect("admin:surveys_overview", wave.pk)
    if wave.state != Wave.State.OPEN:
        return redirect("admin:surveys_overview", wave.pk)
    context = {**_context(wave, _("Change the closing day")), "form": form}
    return render(request, "admin/surveys/closing_day.html", context)


@for_coordinators
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, wave_id: UUID) -> HttpResponse:
    """Say what closing means, then do it."""
    wave = wave_of(request, wave_id)
    if request.method == "POST":
        try:
            close_wave(wave=wave, by=request.user, now=timezone.now())
        except IllegalMove:
            messages.info(request, _("It isn't open any more; nothing was changed."))
        else:
            messages.success(request, _("The survey is closed. Nothing leads from an answer to a person any more."))
    if request.method == "POST" or wave.state != Wave.State.OPEN:
        return redirect("admin:surveys_overview", wave.pk)
    return render(request, "admin/surveys/close.html", _context(wave, _("Close the survey")))


@for_coordinators
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, wave_id: UUID) -> HttpResponse:
    """Say what is published to whom, then do it, once and for good."""
    wave = wave_of(request, wave_id)
    if request.method == "POST":
        try:
            publish_release(wave=wave, by=request.user, now=timezone.now())
        except IllegalMove:
            messages.info(request, _("It isn't waiting to be published; nothing was changed."))
        else:
            messages.success(request, _("The results are published."))
    if request.method == "POST" or wave.state != Wave.State.CLOSED:
        return redirect("admin:surveys_overview", wave.pk)
    return render(request, "admin/surveys/publish.html", _context(wave, _("Publish the results")))


def _context(wave: Wave, title: str) -> dict[str, object]:
    invited = wave.tickets.count() if wave.invited is None else wave.invited
    submitted = wave.tickets.filter(answered=True).count() if wave.submitted is None else wave.submitted
    return {
        "title": title,
        "wave": wave,
        "season": wave.season,
        "reminders": reminders_of(wave.season) if wave.state == Wave.State.OPEN else "",
        "invited": invited,
        "submitted": submitted,
        "rate": percent(submitted, invited),
        "smallest": SMALLEST,
        "too_few": submitted < SMALLEST,
        "with_comments": comments_allowed(submitted),
        "waiting": wave.comments.filter(state="waiting").count() if wave.state == Wave.State.RELEASED else 0,
    }
