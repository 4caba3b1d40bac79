"""Get help: what it is about, the words, and the conversation with the coordinator who handles it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mentorship.common.states import IllegalMove
from mentorship.partnerships.checkins.words import partner_names
from mentorship.partnerships.helping.forms import HelpForm, WordsForm
from mentorship.partnerships.helping.home import own_cases, own_memberships
from mentorship.partnerships.helping.services import NobodyCanHandle, ask_for_help, close_case, write_back
from mentorship.partnerships.models import HelpCase, Membership

METHODS = ["GET", "HEAD", "POST"]
Topic = HelpCase.Topic


@login_required
@require_GET
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """About which pair; with one alone, and nothing asked yet, straight on."""
    members = list(own_memberships(request.user))
    cases = list(own_cases(request.user))
    if len(members) == 1 and not cases:
        return redirect("partnerships:ask_for_help", members[0].partnership_id)
    rows = [{"member": member, "partner": partner_names(member)} for member in members]
    return render(request, "partnerships/help.html", {"rows": rows, "cases": cases})


@login_required
@require_GET
@never_cache
def topics(request: HttpRequest, partnership_id: UUID) -> HttpResponse:
    """What it is about."""
    member = _member(request, partnership_id)
    return render(request, "partnerships/help_topics.html", {**_frame(member), "topics": Topic.choices})


@login_required
@never_cache
@require_http_methods(METHODS)
def ask(request: HttpRequest, partnership_id: UUID, topic: str) -> HttpResponse:
    """The words. Where it is about somebody's conduct, whoever is outside the programme comes first."""
    member = _member(request, partnership_id)
    if topic not in Topic.values:
        raise Http404
    form = HelpForm(request.POST if request.method == "POST" else None, person=request.user)
    if form.is_valid():
        try:
            case = ask_for_help(
                membership=member, topic=topic, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except NobodyCanHandle:
            problem = _("No coordinator can handle this. Please turn to the person outside the programme.")
            form.add_error(None, problem)
        else:
            messages.success(request, _("Asked. A coordinator will write to you here; you get a mail then."))
            return redirect("partnerships:help_case", case.pk)
    outside_first = topic == Topic.CONDUCT and bool(member.partnership.season.contact_name)
    context = {
        **_frame(member),
        "form": form,
        "topic": Topic(topic).label,
        "outside_first": outside_first,
        "writes_first": not outside_first,
    }
    return render(request, "partnerships/help_ask.html", context)


@login_required
@never_cache
@require_http_methods(METHODS)
def help_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """What was written back and forth, and a box to write more."""
    case = _case(request, case_id)
    form = WordsForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            write_back(case=case, words=form.cleaned_data["words"], by=request.user, now=timezone.now())
        except IllegalMove:
            form.add_error(None, _("This is settled already. You can ask for help anew."))
        else:
            messages.success(request, _("Sent."))
            return redirect("partnerships:help_case", case.pk)
    context = {
        **_frame(case.membership),
        "case": case,
        "form": form,
        "written": case.messages.select_related("author__profile"),
        # What was sent too late stays there to be copied.
        "typed": form.non_field_errors(),
        "goes_on": case.state != HelpCase.State.CLOSED,
    }
    return render(request, "partnerships/help_case.html", context)


@login_required
@require_POST
def close(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """It is settled for the one who asked."""
    case = _case(request, case_id)
    try:
        close_case(case=case, by=request.user, now=timezone.now())
    except IllegalMove:
        messages.info(request, _("This is settled already. You can ask for help anew."))
    else:
        messages.success(request, _("Settled. You can ask for help anew at any time."))
    return redirect("portal:home")


def _member(request: HttpRequest, partnership_id: UUID) -> Membership:
    member: Membership = get_object_or_404(own_memberships(request.user), partnership=partnership_id)
    request.season = member.partnership.season  # type: ignore[attr-defined]
    return member


def _case(request: HttpRequest, case_id: UUID) -> HelpCase:
    """One's own request; what others asked is not there, whoever looks."""
    rows = HelpCase.objects.visible_to(request.user).filter(membership__person=request.user.pk)
    case: HelpCase = get_object_or_404(
        rows.named().prefetch_related("membership__partnership__memberships__person__profile"), pk=case_id
    )
    request.season = case.membership.partnership.season  # type: ignore[attr-defined]
    return case


def _frame(member: Membership) -> dict[str, Any]:
    return {
        "member": member,
        "pair": member.partnership,
        "season": member.partnership.season,
        "partner": partner_names(member),
    }
