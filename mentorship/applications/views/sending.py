"""The last steps: check all answers and send, withdraw, ask for a second look."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from mentorship.applications import sections, summary
from mentorship.applications.services import (
    ApplicationError,
    ask_second_look,
    submit_application,
    withdraw_application,
)
from mentorship.applications.services.second_look import may_ask
from mentorship.applications.views.access import may_write, own_application, person
from mentorship.applications.views.writing import GETS_AND_POSTS


@login_required
@require_http_methods(GETS_AND_POSTS)
def check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All answers on one page; a POST sends them."""
    application = own_application(request, pk)
    now = timezone.now()
    if request.method == "POST":
        try:
            submit_application(application=application, by=person(request), now=now)
        except ApplicationError as error:
            messages.error(request, str(error))
            return redirect("applications:check", pk=application.pk)
        return redirect("applications:tasks", pk=application.pk)
    return render(
        request,
        "applications/check.html",
        {
            "application": application,
            "season": application.season,
            "parts": summary.parts(application),
            "missing": sections.missing(application),
            "is_draft": application.state == application.State.DRAFT,
            "may_write": may_write(application, now),
            "closes": sections.closing_words(application.season),
        },
    )


@login_required
@require_http_methods(GETS_AND_POSTS)
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say what withdrawing means, then do it."""
    application = own_application(request, pk)
    if request.method == "POST":
        withdraw_application(application=application, by=person(request), now=timezone.now())
        messages.success(request, _("Your application is withdrawn."))
        return redirect("applications:tasks", pk=application.pk)
    if application.state == application.State.WITHDRAWN:
        return redirect("applications:tasks", pk=application.pk)
    return render(
        request,
        "applications/withdraw.html",
        {
            "application": application,
            "season": application.season,
            "is_draft": application.state == application.State.DRAFT,
            "may_return": may_write(application, timezone.now()),
            "closes": sections.closing_words(application.season),
        },
    )


class SecondLookForm(forms.Form):
    """What the applicant wants somebody else to know."""

    use_required_attribute = False
    words = forms.CharField(
        label=gettext_lazy("What should we know?"),
        help_text=gettext_lazy("For example: what the staff list has wrong, or what it can't say."),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=2000,
    )


@login_required
@require_http_methods(GETS_AND_POSTS)
def second_look(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask that somebody else looks at a "not this season"."""
    application = own_application(request, pk)
    now = timezone.now()
    if not may_ask(application, now):
        if request.method == "POST" and hasattr(application, "second_look"):
            return redirect("applications:tasks", pk=application.pk)
        raise Http404
    form = SecondLookForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        ask_second_look(application=application, words=form.cleaned_data["words"], by=person(request), now=now)
        messages.success(request, _("Asked. Somebody who didn't decide the first time will look at it."))
        return redirect("applications:tasks", pk=application.pk)
    return render(
        request,
        "applications/second_look.html",
        {
            "application": application,
            "season": application.season,
            "form": form,
            "reasons": summary.reasons_of(application),
        },
    )
