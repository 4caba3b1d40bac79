"""Planning, changing, cancelling and logging a meeting: one screen each."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mentorship.partnerships import services
from mentorship.partnerships.forms.meetings import CorrectionForm, LogForm, PlanForm, UnplannedForm
from mentorship.partnerships.meeting_words import length_words, present_names, words_of
from mentorship.partnerships.models import Meeting, Partnership
from mentorship.partnerships.reading import partners
from mentorship.partnerships.services.meetings import ends_at
from mentorship.partnerships.views.common import (
    attempt,
    goes_on,
    meeting_of,
    members_of,
    pair_of,
    partner_names,
    shut,
    usual_mode,
)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, partnership_id: UUID) -> HttpResponse:
    """Agree on a meeting."""
    pair, now = pair_of(request, partnership_id), timezone.now()
    if closed := shut(request, pair, services.check_going_on):
        return closed
    form = PlanForm(_posted(request), season=pair.season, now=now, mode=usual_mode(pair))
    if form.is_valid() and attempt(
        request,
        lambda: services.plan_meeting(partnership=pair, plan=form.plan, by=request.user, now=now),
        _("Planned. You both get an entry for your calendar."),
        form,
    ):
        return redirect("partnerships:detail", pair.pk)
    return _page(request, "plan", pair, form=form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, partnership_id: UUID, meeting_id: UUID) -> HttpResponse:
    """Move a planned meeting."""
    pair, now = pair_of(request, partnership_id), timezone.now()
    meeting = meeting_of(pair, meeting_id)
    if request.method != "POST" and not _is_to_come(meeting, now):
        return redirect("partnerships:meeting", pair.pk, meeting.pk)
    form = PlanForm(_posted(request), season=pair.season, now=now, meeting=meeting)
    if form.is_valid() and attempt(
        request,
        lambda: services.change_meeting(meeting=meeting, plan=form.plan, by=request.user, now=now),
        _("Changed. Everybody's calendar follows."),
        form,
    ):
        return redirect("partnerships:meeting", pair.pk, meeting.pk)
    return _page(request, "plan", pair, form=form, meeting=meeting)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, partnership_id: UUID, meeting_id: UUID) -> HttpResponse:
    """Take a planned meeting out of everybody's calendar."""
    pair, now = pair_of(request, partnership_id), timezone.now()
    meeting = meeting_of(pair, meeting_id)
    if not _is_to_come(meeting, now):
        return redirect("partnerships:meeting", pair.pk, meeting.pk)
    if request.method == "POST":
        attempt(
            request,
            lambda: services.cancel_meeting(meeting=meeting, by=request.user, now=now),
            _("Cancelled. It goes out of everybody's calendar."),
        )
        return redirect("partnerships:detail", pair.pk)
    return _page(request, "cancel", pair, meeting=meeting, words=words_of(meeting, pair.season, now))


@login_required
@require_GET
def meeting(request: HttpRequest, partnership_id: UUID, meeting_id: UUID) -> HttpResponse:
    """One meeting: what was planned, what became of it, what was put right."""
    pair, now = pair_of(request, partnership_id), timezone.now()
    row = meeting_of(pair, meeting_id)
    archived, going_on = pair.season.archived_at is not None, goes_on(pair)
    context = {
        "meeting": row,
        "words": words_of(row, pair.season, now, present_names(row, partner_names(pair, request.user))),
        "corrections": list(row.corrections.select_related("by__profile")),
        "going_on": going_on,
        "to_come": _is_to_come(row, now) and going_on,
        "to_log": row.state == Meeting.State.PLANNED and row.starts_at <= now and not archived,
        "may_undo": services.can_undo(row, request.user, now),
        "may_correct": row.state in {Meeting.State.HELD, Meeting.State.MISSED} and not archived,
    }
    return _page(request, "meeting", pair, **context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def log(request: HttpRequest, partnership_id: UUID, meeting_id: UUID) -> HttpResponse:
    """Say that a planned meeting took place, or that it didn't."""
    pair, now = pair_of(request, partnership_id), timezone.now()
    row = meeting_of(pair, meeting_id)
    if closed := shut(request, pair, services.check_not_archived):
        return closed
    if row.state != Meeting.State.PLANNED or row.starts_at > now:
        return redirect("partnerships:meeting", pair.pk, row.pk)
    missed = request.method == "POST" and request.POST.get("answer") == "missed"
    form = LogForm(None if missed else _posted(request), meeting=row, members=members_of(pair))
    if missed:
        attempt(
            request,
            lambda: services.mark_missed(meeting=row, by=request.user, now=now),
            _("Thank you. It is noted that this meeting didn't take place."),
        )
        return redirect("partnerships:meeting", pair.pk, row.pk)
    data = form.cleaned_data if form.is_valid() else {}
    if data and attempt(
        request,
        lambda: services.log_meeting(
            meeting=row,
            minutes=data["minutes"],
            present=data["present"],
            known=form.known,
            by=request.user,
            now=now,
        ),
        logged_words(data["minutes"]),
        form,
    ):
        return redirect("partnerships:meeting", pair.pk, row.pk)
    return _page(request, "log", pair, form=form, meeting=row, words=words_of(row, pair.season, now))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def log_unplanned(request: HttpRequest, partnership_id: UUID) -> HttpResponse:
    """Add a meeting that took place without having been planned here."""
    pair, now = pair_of(request, partnership_id), timezone.now()
    if closed := shut(request, pair, services.check_not_archived):
        return closed
    form = UnplannedForm(_posted(request), pair=pair, members=members_of(pair), now=now, mode=usual_mode(pair))
    data = form.cleaned_data if form.is_valid() else {}
    if data and attempt(
        request,
        lambda: services.log_unplanned_meeting(
            partnership=pair,
            starts_at=form.starts_at,
            minutes=data["minutes"],
            mode=data["mode"],
            present=data["present"],
            known=form.known,
            by=request.user,
            now=now,
        ),
        logged_words(data["minutes"]),
        form,
    ):
        return redirect("partnerships:detail", pair.pk)
    return _page(request, "log", pair, form=form)


@login_required
@require_POST
def undo(request: HttpRequest, partnership_id: UUID, meeting_id: UUID) -> HttpResponse:
    """Take back what one has just said of a meeting."""
    pair = pair_of(request, partnership_id)
    row = meeting_of(pair, meeting_id)
    attempt(
        request,
        lambda: services.undo_log(meeting=row, by=request.user, now=timezone.now()),
        _("Undone. The meeting is as it was before."),
    )
    return redirect("partnerships:meeting", pair.pk, row.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, partnership_id: UUID, meeting_id: UUID) -> HttpResponse:
    """Put right what was logged; what it was before stays."""
    pair, now = pair_of(request, partnership_id), timezone.now()
    row = meeting_of(pair, meeting_id)
    if closed := shut(request, pair, services.check_not_archived):
        return closed
    if request.method != "POST" and row.state not in {Meeting.State.HELD, Meeting.State.MISSED}:
        return redirect("partnerships:meeting", pair.pk, row.pk)
    form = CorrectionForm(_posted(request), meeting=row, members=members_of(pair))
    data = form.cleaned_data if form.is_valid() else {}
    if data and attempt(
        request,
        lambda: services.correct_meeting(
            meeting=row,
            took_place=form.took,
            minutes=data["minutes"] or row.minutes,
            present=data["present"],
            reason=data["reason"],
            by=request.user,
            now=now,
        ),
        _("Put right."),
        form,
    ):
        return redirect("partnerships:meeting", pair.pk, row.pk)
    return _page(request, "correct", pair, form=form, meeting=row, words=words_of(row, pair.season, now))


def logged_words(minutes: int) -> str:
    return _("Logged: %(length)s.") % {"length": length_words(minutes)}


def _is_to_come(meeting: Meeting, now: Any) -> bool:
    return meeting.state == Meeting.State.PLANNED and ends_at(meeting) > now


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _page(request: HttpRequest, name: str, pair: Partnership, **context: Any) -> HttpResponse:
    shared = {"pair": pair, "season": pair.season, "partners": partners(pair, request.user)}
    return render(request, f"partnerships/{name}.html", {**shared, **context})
