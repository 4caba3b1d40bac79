"""The check-in's page: from home for those who are signed in, from the mail for whoever holds its link."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mentorship.partnerships.checkins import asking
from mentorship.partnerships.checkins.forms import CheckInForm
from mentorship.partnerships.checkins.messages import LINK
from mentorship.partnerships.checkins.querysets import LOW
from mentorship.partnerships.checkins.services import MonthOver, answer_check_in
from mentorship.partnerships.checkins.words import month_words, partner_names
from mentorship.partnerships.models import CheckIn
from mentorship.people.readers import who_sees
from mentorship.reminders import links

METHODS = ["GET", "HEAD", "POST"]
CHANGE = "change"


@login_required
@never_cache
@require_http_methods(METHODS)
def check_in(request: HttpRequest, check_in_id: UUID) -> HttpResponse:
    """One's own check-in of this month, to answer or to change."""
    mine = CheckIn.objects.visible_to(request.user).filter(membership__person=request.user)
    row = get_object_or_404(mine.named(), pk=check_in_id)
    if not asking.is_open(row, timezone.now()):
        raise Http404
    request.season = row.membership.partnership.season  # type: ignore[attr-defined]
    return _page(request, row, request.user, from_mail=False)


@never_cache
@require_http_methods(METHODS)
def check_in_link(request: HttpRequest, secret: str) -> HttpResponse:
    """The same by the link of a mail, without signing in: GET shows an empty form, POST answers.

    What was answered before is not shown: whoever was forwarded the mail would read it.
    """
    token = links.find(secret=secret, purpose=LINK, now=timezone.now())
    rows = CheckIn.objects.named()
    asked = rows.filter(pk=token.subject_id, membership__person=token.person_id).first() if token else None
    if token is None or asked is None or not asking.is_open(asked, timezone.now()):
        return render(request, "partnerships/check_in_closed.html", status=404)
    with translation.override(token.person.language):
        return _page(request, _chosen(request, asked), token.person, from_mail=True)


def _chosen(request: HttpRequest, asked: CheckIn) -> CheckIn:
    """The check-in that a link's page is about: the one named, else the first that has no answer yet."""
    rows = list(CheckIn.objects.beside(asked).named())
    named = request.POST.get("about", request.GET.get("about", ""))
    found = [row for row in rows if str(row.pk) == named] or [row for row in rows if row.state == row.State.ASKED]
    first: CheckIn = (found or rows)[0]
    return first


def _page(request: HttpRequest, row: CheckIn, person: Any, *, from_mail: bool) -> HttpResponse:
    now = timezone.now()
    sent = request.method == "POST"
    form = CheckInForm(
        request.POST if sent else None,
        initial={} if from_mail else _kept(row),
        asks_fit=asking.asks_fit(row, now),
        partner=partner_names(row.membership),
    )
    if sent and form.is_valid():
        try:
            answer_check_in(check_in=row, by=person, now=now, **form.answer())
        except MonthOver:
            return render(request, "partnerships/check_in_closed.html", status=404)
        # Afterwards the page says thank you; a reload sends nothing a second time.
        return redirect(f"{request.path}?about={row.pk}" if from_mail else request.path)
    following = _following(row)
    return render(
        request,
        "partnerships/check_in.html",
        {
            "form": form,
            "check_in": row,
            "partner": partner_names(row.membership),
            "month": month_words(row),
            "thanks": row.state != CheckIn.State.ASKED and not sent and CHANGE not in request.GET,
            # What was said is shown to its owner alone; from the mail everybody is thanked in the same words.
            "wants_call": row.wants_call and not from_mail,
            "offers_help": from_mail or (row.going is not None and row.going <= LOW),
            "offers_help_first": not from_mail,
            "seen_by": who_sees(CheckIn, "note"),
            "from_mail": from_mail,
            "season": row.membership.partnership.season,
            "following": following,
            "following_url": _address(following, from_mail=from_mail) if following else "",
            "following_partner": partner_names(following.membership) if following else "",
        },
    )


def _address(row: CheckIn, *, from_mail: bool) -> str:
    return f"?about={row.pk}" if from_mail else reverse("partnerships:check_in", args=[row.pk])


def _kept(row: CheckIn) -> dict[str, Any]:
    return {"going": row.going, "fit": row.fit, "note": row.note, "wants_call": row.wants_call}


def _following(row: CheckIn) -> CheckIn | None:
    """Another pair of the same person about which nothing is answered yet."""
    rows = CheckIn.objects.beside(row).named().exclude(pk=row.pk)
    found: CheckIn | None = rows.filter(state=CheckIn.State.ASKED).first()
    return found
