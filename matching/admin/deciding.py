"""What a coordinator decides on one match: hold, reject, never pair, keep together, and each undone again."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from matching import services, words
from matching.admin.access import (
    back,
    for_coordinators,
    match_of,
    match_of_mentee,
    pair_of,
    say_busy,
    say_changed_meanwhile,
    season_of,
    workbench_url,
)
from matching.admin.approving import say_approved
from matching.models import Exclusion, Pin, Proposal
from matching.services import NotTheirs, PinRefused
from matching.services.decisions import rules_between
from mentorship.applications.models import Application
from mentorship.common.states import IllegalMove
from mentorship.partnerships import services as partnerships
from mentorship.partnerships.places import Busy

PER_PAGE = 20


class TogetherForm(forms.Form):
    """Which rules are set aside to keep two people together, and why."""

    waived = forms.MultipleChoiceField(
        label=gettext_lazy("Set aside for these two"), widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=300, help_text=gettext_lazy("Other coordinators read it.")
    )

    def __init__(self, *args: Any, codes: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(code, words.RULES[code]) for code in codes]
        self.fields["waived"].choices = choices  # type: ignore[attr-defined]


@for_coordinators
@require_POST
def approve_one(request: HttpRequest, match_id: UUID) -> HttpResponse:
    """Approve this match alone, also where it is one to look at first."""
    match = match_of(request, match_id)
    try:
        approved = services.approve_proposals(
            run=match.run, proposals=[match.pk], by=request.user, now=timezone.now()
        )
        say_approved(request, approved)
    except Busy:
        say_busy(request)
    except services.RunUnderWay:
        say_changed_meanwhile(request)
    return back(request, match.run.season_id, match.pk)


@for_coordinators
@require_POST
def hold(request: HttpRequest, match_id: UUID) -> HttpResponse:
    return _decide(request, match_id, services.lock_proposal, _("Held: a further run keeps these two."))


@for_coordinators
@require_POST
def release(request: HttpRequest, match_id: UUID) -> HttpResponse:
    return _decide(request, match_id, services.unlock_proposal, _("No longer held."))


@for_coordinators
@require_POST
def restore(request: HttpRequest, match_id: UUID) -> HttpResponse:
    return _decide(request, match_id, services.restore_proposal, _("Suggested again."))


@for_coordinators
@require_POST
def take_back(request: HttpRequest, match_id: UUID) -> HttpResponse:
    return _decide(request, match_id, services.take_back_proposal, _("The approval is taken back."))


@for_coordinators
@require_POST
def ask_again(request: HttpRequest, match_id: UUID) -> HttpResponse:
    text = _("The mentor is asked again and has five more days.")
    return _with_partnership(request, match_id, partnerships.ask_again, text)


@for_coordinators
@require_POST
def declined(request: HttpRequest, match_id: UUID) -> HttpResponse:
    text = _("Treated as declined. The mentee doesn't know; run again to find somebody else.")
    return _with_partnership(request, match_id, partnerships.treat_as_declined, text)


@for_coordinators
@require_http_methods(["GET", "HEAD", "POST"])
def reject(request: HttpRequest, match_id: UUID) -> HttpResponse:
    """Ask whether the pair may be suggested again, then reject it."""
    match = match_of(request, match_id)
    if request.method == "POST":
        exclude = request.POST.get("again") == "never"
        try:
            services.reject_proposal(proposal=match, exclude=exclude, by=request.user, now=timezone.now())
            messages.success(request, _("Rejected. Run again to find somebody else."))
        except (IllegalMove, NotTheirs):
            say_changed_meanwhile(request)
        return back(request, match.run.season_id, match.pk)
    context = {"title": _("Reject a match"), "season": match.run.season, "match": match}
    return render(request, "admin/matching/reject.html", context)


@for_coordinators
@require_http_methods(["GET", "HEAD", "POST"])
def together(request: HttpRequest, mentee: UUID, mentor: UUID) -> HttpResponse:
    """Keep two people together; where rules stand in the way, say which and ask for a reason."""
    first, second = pair_of(request, mentee, mentor)
    codes, impossible = _rules(first, second)
    form = TogetherForm(request.POST if "waived" in request.POST or "reason" in request.POST else None, codes=codes)
    if request.method == "POST" and (not codes or form.is_valid()) and not impossible:
        given = form.cleaned_data if codes else {"waived": [], "reason": ""}
        try:
            services.pin_pair(mentee=first, mentor=second, by=request.user, now=timezone.now(), **given)
        except PinRefused:
            form.add_error("waived", _("Each rule that keeps them apart must be set aside."))
        except NotTheirs:
            say_changed_meanwhile(request)
        else:
            messages.success(request, _("Kept together from the next run on."))
            return redirect(workbench_url(first.season_id, match=match_of_mentee(first.pk, first.season_id)))
    context = {
        "title": _("Keep together"),
        "season": first.season,
        "mentee": first.applicant,
        "mentor": second.applicant,
        "codes": codes,
        "rules": words.rules_in_words(codes),
        "impossible": impossible,
        "form": form,
        "cancel_url": workbench_url(first.season_id, match=match_of_mentee(first.pk, first.season_id)),
    }
    return render(request, "admin/matching/together.html", context)


@for_coordinators
@require_GET
def wishes(request: HttpRequest, season_id: UUID) -> HttpResponse:
    """The pairs to keep together and those not to make, each with its undo."""
    season = season_of(request, season_id)
    own = Application.objects.screenable_by(request.user).filter(season=season)
    pins = Pin.objects.filter(season=season, mentee__in=own.values("pk"), mentor__in=own.values("pk"))
    apart_rows = Exclusion.objects.filter(
        season=season, mentee__in=own.values("applicant"), mentor__in=own.values("applicant")
    )
    pin_page = Paginator(
        pins.select_related("mentee__applicant__profile", "mentor__applicant__profile", "by__profile").order_by(
            "-at"
        ),
        PER_PAGE,
    ).get_page(request.GET.get("together"))
    context = {
        "title": _("Your wishes"),
        "season": season,
        "pins": pin_page,
        "rows": [(pin, words.rules_in_words(pin.waived)) for pin in pin_page.object_list],
        "apart": Paginator(
            apart_rows.select_related("mentee__profile", "mentor__profile", "by__profile").order_by("-at"), PER_PAGE
        ).get_page(request.GET.get("apart")),
    }
    return render(request, "admin/matching/wishes.html", context)


@for_coordinators
@require_POST
def undo_together(request: HttpRequest, pin_id: UUID) -> HttpResponse:
    own = Application.objects.screenable_by(request.user).values("pk")
    pin: Pin = get_object_or_404(Pin.objects.filter(mentee__in=own, mentor__in=own), pk=pin_id)
    services.unpin_pair(pin=pin, by=request.user, now=timezone.now())
    messages.success(request, _("No longer kept together."))
    return redirect("admin:matching_wishes", pin.season_id)


@for_coordinators
@require_POST
def undo_apart(request: HttpRequest, exclusion_id: UUID) -> HttpResponse:
    own = Application.objects.screenable_by(request.user).values("applicant")
    exclusion: Exclusion = get_object_or_404(
        Exclusion.objects.filter(mentee__in=own, mentor__in=own), pk=exclusion_id
    )
    season_id = exclusion.season_id
    services.allow_pair(exclusion=exclusion, by=request.user, now=timezone.now())
    messages.success(request, _("These two may be suggested again."))
    return redirect("admin:matching_wishes", season_id)


def _decide(request: HttpRequest, match_id: UUID, service: Callable[..., Proposal], text: str) -> HttpResponse:
    match = match_of(request, match_id)
    try:
        service(proposal=match, by=request.user, now=timezone.now())
        messages.success(request, text)
    except (IllegalMove, NotTheirs):
        say_changed_meanwhile(request)
    return back(request, match.run.season_id, match.pk)


def _with_partnership(request: HttpRequest, match_id: UUID, service: Callable[..., Any], text: str) -> HttpResponse:
    match = match_of(request, match_id)
    try:
        if match.partnership is None:
            raise NotTheirs
        service(partnership=match.partnership, by=request.user, now=timezone.now())
        messages.success(request, text)
    except (IllegalMove, NotTheirs):
        say_changed_meanwhile(request)
    return back(request, match.run.season_id, match.pk)


def _rules(mentee: Application, mentor: Application) -> tuple[tuple[str, ...], bool]:
    """The rules between two that a coordinator may set aside, and whether something else makes it impossible."""
    try:
        codes = rules_between(mentee, mentor)
    except PinRefused:
        return (), True
    return services.waivable(codes)
