"""How a pair parts: completed early, ended without fault, or a wish for a different match."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mentorship.partnerships import services
from mentorship.partnerships.forms.writings import PartingForm
from mentorship.partnerships.models import ChangeWish
from mentorship.partnerships.querysets import GOING_ON
from mentorship.partnerships.reading import partners
from mentorship.partnerships.views.common import attempt, pair_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ending(request: HttpRequest, partnership_id: UUID) -> HttpResponse:
    """Choose how it ends, read what that means, and do it."""
    pair = pair_of(request, partnership_id)
    if pair.state not in GOING_ON or pair.is_circle:  # one of several doesn't end it for all
        return redirect("partnerships:detail", pair.pk)
    form = PartingForm(request.POST if request.method == "POST" else None, has_met=pair.state == pair.State.RUNNING)
    sure = form.is_valid() and request.POST.get("sure") == "yes"
    if sure:
        end = services.complete_early if form.cleaned_data["how"] == "reached" else services.end_pair
        attempt(
            request,
            lambda: end(partnership=pair, by=request.user, now=timezone.now()),
            _("Done. Your partner is told kindly."),
        )
        return redirect("partnerships:detail", pair.pk)
    context = {
        "pair": pair,
        "season": pair.season,
        "partners": partners(pair, request.user),
        "form": form,
        "chosen": form.cleaned_data["how"] if form.is_valid() else "",
        "planned": pair.meetings.upcoming(timezone.now()).count(),
    }
    return render(request, "partnerships/ending.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def different_match(request: HttpRequest, partnership_id: UUID) -> HttpResponse:
    """Tell the coordinators that one would like a different match; the partner never learns of it from here."""
    pair = pair_of(request, partnership_id)
    if pair.state not in GOING_ON or pair.is_circle:  # one of several doesn't end it for all
        return redirect("partnerships:detail", pair.pk)
    now = timezone.now()
    if request.method == "POST" and request.POST.get("take_back"):
        attempt(
            request,
            lambda: services.take_back_wish(partnership=pair, by=request.user, now=now),
            _("Taken back. Your pair goes on as before."),
        )
        return redirect("partnerships:detail", pair.pk)
    if request.method == "POST":
        attempt(
            request,
            lambda: services.wish_change(partnership=pair, by=request.user, now=now),
            _("The coordinators know. One of them will get in touch with you."),
        )
        return redirect("partnerships:different_match", pair.pk)
    wish = ChangeWish.objects.open().filter(membership__partnership=pair, membership__person=request.user).first()
    context = {"pair": pair, "season": pair.season, "partners": partners(pair, request.user), "wish": wish}
    return render(request, "partnerships/different_match.html", context)
