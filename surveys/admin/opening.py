"""Opening a survey: how many are invited, what they read and are asked, and the one button."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from mentorship.common.admin_access import for_coordinators
from mentorship.common.states import IllegalMove
from mentorship.people.models import User
from mentorship.reminders.frames import mail_frame
from mentorship.reminders.models import Delivery
from mentorship.reminders.rendering import Rendered
from mentorship.reminders.rendering import render as render_message
from mentorship.seasons.models import Season
from surveys.admin.access import season_of
from surveys.forms import ClosingDayForm
from surveys.messages import INVITATION, reminders_of
from surveys.models import Wave
from surveys.services import CannotOpen, WrongClosingDay, open_wave, people_to_invite
from surveys.services.opening import closing_day, newest_questions


@for_coordinators
@require_http_methods(["GET", "HEAD", "POST"])
def of_season(request: HttpRequest, season_id: UUID) -> HttpResponse:
    """Preview the survey of a season and open it; one that was opened already has its own page."""
    season = season_of(request, season_id)
    wave = Wave.objects.filter(season=season).exclude(state=Wave.State.DRAFT).first()
    if wave is not None:
        return redirect("admin:surveys_overview", wave.pk)
    now = timezone.now()
    form = ClosingDayForm(request.POST or None, initial={"closes_on": closing_day(season, now)})
    if request.method == "POST" and form.is_valid():
        try:
            wave = open_wave(season=season, by=request.user, now=now, closes_on=form.cleaned_data["closes_on"])
        except CannotOpen as refusal:
            form.add_error(None, str(refusal))
        except WrongClosingDay as refusal:
            form.add_error("closes_on", str(refusal))
        except IllegalMove:
            return redirect("admin:surveys_of_season", season.pk)
        else:
            count = wave.tickets.count()
            words = ngettext("%(n)d person is being invited.", "%(n)d people are being invited.", count)
            messages.success(request, words % {"n": count})
            return redirect("admin:surveys_overview", wave.pk)
    questionnaire = newest_questions(Wave.Kind.END_OF_SEASON)
    context = {
        "title": _("Survey"),
        "season": season,
        "reminders": reminders_of(season),
        "form": form,
        "invited": people_to_invite(season).count(),
        "message": _sample(season),
        "questionnaire": questionnaire,
        "questions": list(questionnaire.questions.all()) if questionnaire else [],
    }
    return render(request, "admin/surveys/open.html", context)


@for_coordinators
@require_GET
@mail_frame
def mail(request: HttpRequest, season_id: UUID) -> HttpResponse:
    """The invitation as it will look, on a page of its own."""
    return HttpResponse(_sample(season_of(request, season_id)).html)


def _sample(season: Season) -> Rendered:
    """The invitation to nobody, by the code that sends it."""
    now = timezone.now()
    somebody = User(given_name="Sam", family_name="Tran", email="sam@library.example")
    about = {"season": str(season), "closes": closing_day(season, now).isoformat()}
    return render_message(Delivery(rule=INVITATION, recipient=somebody, ids=about, due_at=now, made_at=now))
