"""One screen per section: shows it, saves what is typed, goes on to the next."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mentorship.applications import forms, sections, summary
from mentorship.applications.models import Application
from mentorship.applications.sections import Section
from mentorship.applications.services import ApplicationError, save_section
from mentorship.applications.views.access import may_write, own_application, person

FORMS: dict[str, Any] = {
    "work": forms.WorkForm,
    "goals": forms.GoalsForm,
    "meeting": forms.MeetingForm,
    "questions": forms.QuestionsForm,
    "experiences": forms.ExperiencesForm,
    "identity": forms.IdentityForm,
}
GETS_AND_POSTS = ["GET", "HEAD", "POST"]


@login_required
@require_http_methods(GETS_AND_POSTS)
def section(request: HttpRequest, pk: UUID, key: str) -> HttpResponse:
    """Show one section and save it."""
    application = own_application(request, pk)
    part = part_of(application, key)
    if key not in FORMS:
        raise Http404
    return _write(request, application, part, FORMS[key], f"applications/{key}.html")


@login_required
@require_http_methods(GETS_AND_POSTS)
def weights(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The second screen about goals: how much each matters, or which of them a mentor is strong in."""
    application = own_application(request, pk)
    if not application.goals.all():
        return redirect("applications:section", pk=application.pk, key="goals")
    form_class = forms.StrengthsForm if application.role == sections.MENTOR else forms.ImportanceForm
    return _write(request, application, part_of(application, "goals"), form_class, "applications/weights.html")


def _write(
    request: HttpRequest, application: Application, part: Section, form_class: Any, template: str
) -> HttpResponse:
    now = timezone.now()
    if not may_write(application, now):
        return redirect("applications:tasks", pk=application.pk)
    if request.method == "POST":
        form = form_class(request.POST, application=application)
        done = form.is_valid()
        draft = application.state == Application.State.DRAFT
        if form.kept and (done or draft):
            try:
                save_section(
                    application=application,
                    section=part.key,
                    data=form.kept,
                    by=person(request),
                    now=now,
                    complete=done,
                )
            except ApplicationError as error:
                messages.error(request, str(error))
                return redirect("applications:tasks", pk=application.pk)
        leaving = request.POST.get("then") == "leave"
        if leaving and (done or (draft and form.is_only_incomplete)):
            return leave(request, application)
        if done:
            return _go_on(application, part, form_class)
    else:
        form = form_class(application=application)
    return render(request, template, {**frame(application, part), "form": form, **_besides(application, part)})


def _go_on(application: Application, part: Section, form_class: Any) -> HttpResponse:
    if form_class is forms.GoalsForm:
        return redirect("applications:weights", pk=application.pk)
    return to_next(application, part)


def part_of(application: Application, key: str) -> Section:
    """Return the application's section known by `key`. Raises Http404."""
    for part in sections.sections_of(application):
        if part.key == key:
            return part
    raise Http404


def frame(application: Application, part: Section) -> dict[str, Any]:
    """Return what every section's page shows around its questions."""
    return {
        "application": application,
        "season": application.season,
        "part": part,
        "closes": sections.closing_words(application.season),
        "helps": application.role == sections.MENTOR,
    }


def to_next(application: Application, part: Section) -> HttpResponse:
    """Go on to the section after `part`, or to the check of all answers after the last."""
    following = sections.after(application, part.key)
    if following is None:
        return redirect("applications:check", pk=application.pk)
    return redirect("applications:section", pk=application.pk, key=following.key)


def leave(request: HttpRequest, application: Application) -> HttpResponse:
    """Go home, saying until when one can come back."""
    words = sections.closing_words(application.season)
    messages.success(request, _("Saved. You can come back on any computer until %(time)s on %(day)s.") % words)
    return redirect(settings.LOGIN_REDIRECT_URL)


def _besides(application: Application, part: Section) -> dict[str, Any]:
    if part.key == "work":
        return {"facts": summary.work_facts(getattr(application.applicant, "profile", None), own=True)}
    return {}
