"""Logging a meeting by the link in a mail, without signing in: opening it shows, pressing the button acts."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from mentorship.common.states import IllegalMove
from mentorship.partnerships import services
from mentorship.partnerships.forms.meetings import LogForm
from mentorship.partnerships.meeting_words import words_of
from mentorship.partnerships.messages.meetings import LOG_MEETING
from mentorship.partnerships.models import Meeting, Partnership
from mentorship.partnerships.reading import partners, with_members
from mentorship.partnerships.services import AlreadyLogged, Closed, NobodyThere, NotTheirs, WrongMoment
from mentorship.partnerships.views.common import members_of
from mentorship.reminders import links


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def log_by_mail(request: HttpRequest, secret: str) -> HttpResponse:
    """The secret is what allows it, for one meeting and one member, so there is no session and no CSRF token."""
    now = timezone.now()
    token = links.find(secret=secret, purpose=LOG_MEETING, now=now)
    key = token.subject_id if token else None
    meeting = Meeting.objects.filter(pk=key).prefetch_related("attendances").first() if key else None
    if token is None or meeting is None:
        return render(request, "partnerships/link_closed.html", status=404)
    with translation.override(token.person.language):
        pair = with_members(Partnership.objects.filter(pk=meeting.partnership_id)).get()
        meeting.partnership = pair
        if not _is_member(pair, token.person):
            return render(request, "partnerships/link_closed.html", status=404)
        planned, archived = meeting.state == Meeting.State.PLANNED, pair.season.archived_at is not None
        form = LogForm(_typed(request), meeting=meeting, members=members_of(pair))
        if request.method == "POST" and _act(request, token, meeting, form, now):
            return redirect("partnerships:log_by_mail", secret)
        context = {
            "pair": pair,
            "meeting": meeting,
            "words": words_of(meeting, pair.season, now),
            "partners": partners(pair, token.person),
            "form": form,
            "open": planned and meeting.starts_at <= now and not archived,
            "archived": archived,
            "may_undo": services.can_undo(meeting, token.person, now),
        }
        return render(request, "partnerships/log_by_mail.html", context)


def _is_member(pair: Partnership, person: Any) -> bool:
    """Whoever has left a pair that goes on for others has no say in its meetings any more."""
    try:
        services.member_of(pair, person)
    except NotTheirs:
        return False
    return True


def _typed(request: HttpRequest) -> Any:
    """What was typed, where the answer is that it took place."""
    return request.POST if request.method == "POST" and request.POST.get("answer") == "held" else None


def _act(request: HttpRequest, token: Any, meeting: Meeting, form: LogForm, now: Any) -> bool:
    """Do what the pressed button says; False where the form has to be shown again."""
    answer, person = request.POST.get("answer"), token.person
    if answer == "held" and not form.is_valid():
        return False
    try:
        with transaction.atomic():
            links.use(token=token, now=now)
            if answer == "held":
                data = form.cleaned_data
                services.log_meeting(
                    meeting=meeting,
                    minutes=data["minutes"],
                    present=data["present"],
                    known=form.known,
                    by=person,
                    now=now,
                )
            elif answer == "missed":
                services.mark_missed(meeting=meeting, by=person, now=now)
            elif answer == "undo":
                services.undo_log(meeting=meeting, by=person, now=now)
    except AlreadyLogged as found:
        form.ask_about(found.meetings)
        return False
    except (Closed, IllegalMove, NobodyThere, NotTheirs, WrongMoment):
        # Somebody else has said it meanwhile, or the season was archived: the next page says how it stands.
        return True
    return True
