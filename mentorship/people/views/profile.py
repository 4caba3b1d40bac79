"""The person's own profile: what they say of themselves, and what the library says of their work."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mentorship.people import services
from mentorship.people.forms import AbsenceForm, ProfileForm
from mentorship.people.middleware import is_shared
from mentorship.people.models import Absence, Profile, User
from mentorship.people.readers import who_sees
from mentorship.people.signed_in import signed_in


@dataclass(frozen=True)
class Fact:
    """One HR fact in words, and where it comes from."""

    label: str
    value: str
    source: str


def _person(request: HttpRequest) -> User:
    """The signed-in person with all that the page names; whoever has no profile yet gets one."""
    Profile.objects.get_or_create(user=signed_in(request))
    rows: QuerySet[User] = User.objects.select_related(
        "profile__unit", "profile__job_class", "profile__supervisor__profile", "profile__scheduler"
    )
    return rows.get(pk=signed_in(request).pk)


def _facts(profile: Profile) -> list[Fact]:
    unknown = _("not known")
    supervises = {True: _("yes"), False: _("no"), None: unknown}[profile.managerial]
    since = date_format(profile.service_start) if profile.service_start else unknown
    return [
        Fact(_("Work unit"), str(profile.unit or unknown), profile.get_unit_source_display()),
        Fact(_("Job class"), str(profile.job_class or unknown), profile.get_job_class_source_display()),
        Fact(_("Supervisor"), str(profile.supervisor or unknown), profile.get_supervisor_source_display()),
        Fact(_("Supervises people"), supervises, profile.get_managerial_source_display()),
        Fact(_("At the library since"), since, profile.get_service_start_source_display()),
        Fact(_("Library degree"), profile.get_degree_display(), profile.get_degree_source_display()),
    ]


def _page(request: HttpRequest, person: User, form: ProfileForm, absence_form: AbsenceForm) -> HttpResponse:
    profile = person.profile
    readers = {
        name: who_sees(Profile, name) for name in ("preferred_name", "pronouns", "bio", "slots", "scheduler", "unit")
    }
    context: dict[str, Any] = {
        "person": person,
        "form": form,
        "absence_form": absence_form,
        "absences": person.absences.filter(last_day__gte=_today()),
        "facts": _facts(profile),
        "readers": {**readers, "absence": who_sees(Absence, "first_day")},
        "shared": is_shared(request),
    }
    return render(request, "people/profile.html", context)


def _today() -> date:
    return timezone.now().astimezone(ZoneInfo(settings.LIBRARY_ZONE)).date()


@login_required
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    person = _person(request)
    form = ProfileForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        services.save_profile(person=person, values=form.cleaned_data, by=person, now=timezone.now())
        with translation.override(person.language):
            messages.success(request, _("Your profile is saved."))
        return redirect("people:profile")
    return _page(request, person, form, AbsenceForm(today=_today()))


@login_required
@require_POST
def add_absence(request: HttpRequest) -> HttpResponse:
    person = _person(request)
    form = AbsenceForm(request.POST, today=_today())
    if not form.is_valid():
        return _page(request, person, ProfileForm(person=person), form)
    services.add_absence(person=person, **form.cleaned_data, by=person, now=timezone.now())
    messages.success(request, _("Noted. Reminders wait until you are back."))
    return redirect("people:profile")


@login_required
@require_POST
def remove_absence(request: HttpRequest, absence_id: str) -> HttpResponse:
    absence = get_object_or_404(Absence, pk=absence_id, person=request.user)
    services.remove_absence(absence=absence, by=signed_in(request), now=timezone.now())
    messages.success(request, _("These days are removed."))
    return redirect("people:profile")
