"""Who may guide circles this season, and who guides which."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from matching.admin.access import circles_season_of, for_coordinators, say_changed_meanwhile
from matching.admin.circles.access import circle_of, circle_url
from matching.admin.circles.lines import Line
from matching.models import CircleFacilitator
from matching.services.circles import (
    AlreadyGuides,
    TooManyGuides,
    assign_facilitators,
    drop_facilitator,
    name_facilitator,
)
from mentorship.applications import concerns
from mentorship.applications.models import Application
from mentorship.common.states import IllegalMove
from mentorship.partnerships.services import NotTheirs
from mentorship.people.models import User
from mentorship.seasons.models import Season


class FacilitatorForm(forms.Form):
    """Name somebody: one of the season's eligible mentors, or anybody on the staff by their work address."""

    mentor = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("One of this season's mentors"),
        required=False,
        empty_label=gettext_lazy("Nobody of them"),
    )
    email = forms.EmailField(
        label=gettext_lazy("Or anybody else on the staff, by e-mail"),
        required=False,
        help_text=gettext_lazy("The address under which they are on the staff list. Nobody is told yet."),
    )
    circles = forms.IntegerField(
        label=gettext_lazy("Circles that they can take"), min_value=1, max_value=5, initial=1
    )

    def __init__(self, *args: Any, season: Season, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.theirs = User.objects.filter(is_active=True).exclude(pk=by.pk).exclude(concerns.near(by, "pk"))
        named = CircleFacilitator.objects.filter(season=season).values("person")
        mentors = Application.objects.matchable().filter(season=season, role="mentor").values("applicant")
        choices = self.theirs.filter(pk__in=mentors).exclude(pk__in=named).select_related("profile")
        field = self.fields["mentor"]
        field.queryset = choices.order_by("family_name", "given_name")  # type: ignore[attr-defined]
        field.label_from_instance = lambda person: person.display_name  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        mentor, email = data.get("mentor"), data.get("email")
        if self.errors:
            return data
        if bool(mentor) == bool(email):
            raise forms.ValidationError(_("Choose a mentor, or write an e-mail address."))
        if email:
            mentor = self.theirs.filter(email__iexact=email).first()
            if mentor is None:
                self.add_error("email", _("Nobody whom you may name has this address."))
        data["person"] = mentor
        return data


class AssignForm(forms.Form):
    """One facilitator for a circle, sometimes two; whoever can take no more is not on the list."""

    first = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("Facilitator"), required=False, empty_label=gettext_lazy("Nobody yet")
    )
    second = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("Second facilitator"),
        required=False,
        empty_label=gettext_lazy("No second one"),
    )

    def __init__(self, *args: Any, line: Line, by: Any, **kwargs: Any) -> None:
        now = [person.pk for person in line.guides]
        first, second = [*now, None, None][:2]
        kwargs["initial"] = {"first": first, "second": second}
        super().__init__(*args, **kwargs)
        named = CircleFacilitator.objects.filter(season=line.row.run.season_id).values("person")
        members = [seat.application.applicant_id for seat in line.peers]
        people = User.objects.filter(pk__in=named, is_active=True).exclude(pk__in=members)
        choices = people.exclude(pk=by.pk).exclude(concerns.near(by, "pk")).order_by("family_name", "given_name")
        for name in ("first", "second"):
            field = self.fields[name]
            field.queryset = choices.select_related("profile")  # type: ignore[attr-defined]
            field.label_from_instance = lambda person: person.display_name  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        chosen = [data[name] for name in ("first", "second") if data.get(name)]
        if len({person.pk for person in chosen}) != len(chosen):
            self.add_error("second", _("Choose two different people."))
        data["people"] = {person.pk for person in chosen}
        return data


@for_coordinators
@require_http_methods(["GET", "HEAD", "POST"])
def facilitators(request: HttpRequest, season_id: UUID) -> HttpResponse:
    """The list of those who may guide, and a form to name one more."""
    season = circles_season_of(request, season_id)
    form = FacilitatorForm(request.POST or None, season=season, by=request.user)
    if request.method == "POST" and form.is_valid():
        person, circles = form.cleaned_data["person"], form.cleaned_data["circles"]
        try:
            name_facilitator(
                season=season,
                person=person,
                circles=circles,
                by=request.user,
                now=timezone.now(),
            )
        except NotTheirs:
            say_changed_meanwhile(request)
        else:
            messages.success(request, _("%(name)s may facilitate circles now.") % {"name": person.display_name})
        return redirect("admin:matching_facilitators", season.pk)
    rows = CircleFacilitator.objects.filter(season=season).select_related("person__profile__unit")
    theirs = rows.exclude(person=request.user.pk).exclude(concerns.near(request.user, "person"))
    context = {
        "title": _("Facilitators"),
        "season": season,
        "form": form,
        "rows": [
            {
                "row": row,
                "takes": ngettext("%(n)d circle", "%(n)d circles", row.circles) % {"n": row.circles},
            }
            for row in theirs.order_by("person__family_name", "pk")
        ],
    }
    return render(request, "admin/matching/circles/facilitators.html", context)


@for_coordinators
@require_POST
def drop(request: HttpRequest, facilitator_id: UUID) -> HttpResponse:
    """Take somebody off the list."""
    row = get_object_or_404(CircleFacilitator.objects.select_related("season"), pk=facilitator_id)
    season = circles_season_of(request, row.season_id)
    try:
        drop_facilitator(facilitator=row, by=request.user, now=timezone.now())
    except AlreadyGuides:
        messages.warning(request, _("A circle is approved with them: take that back first. Nothing was changed."))
    except NotTheirs:
        say_changed_meanwhile(request)
    else:
        messages.success(request, _("They aren't on the list any more."))
    return redirect("admin:matching_facilitators", season.pk)


@for_coordinators
@require_POST
def assign(request: HttpRequest, circle_id: UUID) -> HttpResponse:
    """Say who guides a circle."""
    line = circle_of(request, circle_id, timezone.now())
    form = AssignForm(request.POST, line=line, by=request.user)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.warning(request, " ".join(str(error) for error in errors))
        return redirect(circle_url(line.row))
    try:
        assign_facilitators(circle=line.row, people=form.cleaned_data["people"], by=request.user, now=timezone.now())
    except AlreadyGuides:
        messages.warning(request, _("One of them guides as many circles as they can. Nothing was changed."))
    except (IllegalMove, NotTheirs, TooManyGuides):
        say_changed_meanwhile(request)
    else:
        messages.success(request, _("Noted. Nobody is told yet."))
    return redirect(circle_url(line.row))
