"""Announcing: what goes to how many, as it will read, and then the one button."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from matching.admin.access import any_season_of, for_coordinators, workbench_url
from matching.alone import to_call
from matching.models import CallListEntry
from matching.services import announce_season
from mentorship.partnerships.models import Kind, Membership, Partnership
from mentorship.partnerships.querysets import PartnershipQuerySet
from mentorship.partnerships.services import NothingToAnnounce, NotReady, in_the_way
from mentorship.reminders.frames import mail_frame
from mentorship.reminders.models import Delivery
from mentorship.reminders.rendering import Rendered
from mentorship.reminders.rendering import render as render_message
from mentorship.seasons.models import Season

RULES = ("announced-mentee", "announced-mentor", "announced-peer", "announced-facilitator", "unmatched")


@for_coordinators
@require_http_methods(["GET", "HEAD", "POST"])
def announce(request: HttpRequest, season_id: UUID) -> HttpResponse:
    """Preview, or tell everybody at the same moment."""
    season = any_season_of(request, season_id)
    if request.method == "POST":
        return _announce(request, season)
    confirmed = _pairs(request.user).filter(season=season, state=Partnership.State.CONFIRMED)
    pairs, circles = confirmed.filter(kind=Kind.PAIR), confirmed.filter(kind=Kind.CIRCLE)
    counts = {
        "circles": circles.count(),
        "peers": _members(season, "peer").filter(partnership__in=circles).count(),
        "facilitators": _members(season, "facilitator").filter(partnership__in=circles).count(),
        "pairs": pairs.count(),
        "mentors": _members(season, "mentor").filter(partnership__in=pairs).values("person").distinct().count(),
        "called": _called(request.user, season).count(),
        "to_call": to_call(request.user, season).filter(call__called_at=None).count(),
    }
    messages_shown = [
        {"rule": rule, "count": count, "message": message}
        for rule, count in (
            ("announced-mentee", counts["pairs"]),
            ("announced-mentor", counts["pairs"]),
            ("announced-peer", counts["peers"]),
            ("announced-facilitator", counts["facilitators"]),
            ("unmatched", counts["called"]),
        )
        if count and (message := _sample(request, season, rule))
    ]
    context = {
        "title": _("Announce matches"),
        "season": season,
        "waiting": in_the_way(season, request.user),
        "counts": counts,
        "samples": messages_shown,
        "back_url": _bench(season),
    }
    return render(request, "admin/matching/announce.html", context)


@for_coordinators
@require_GET
@mail_frame
def sample(request: HttpRequest, season_id: UUID, rule: str) -> HttpResponse:
    """One of the messages as it will look, on a page of its own."""
    season = any_season_of(request, season_id)
    message = _sample(request, season, rule) if rule in RULES else None
    if message is None:
        raise Http404
    return HttpResponse(message.html)


def _announce(request: HttpRequest, season: Season) -> HttpResponse:
    try:
        told = announce_season(season=season, by=request.user, now=timezone.now())
    except NotReady:
        messages.warning(request, _("Not everybody has answered, so nothing was sent."))
        return redirect("admin:matching_announce", season.pk)
    except NothingToAnnounce:
        messages.warning(request, _("Everybody with a match has been told already. Nothing was sent."))
        return redirect(_bench(season))
    for count, text in (
        (told.pairs, ngettext("%(n)d pair is being told.", "%(n)d pairs are being told.", told.pairs)),
        (told.circles, ngettext("%(n)d circle is being told.", "%(n)d circles are being told.", told.circles)),
    ):
        if count:
            messages.success(request, text % {"n": count})
    return redirect(reverse("admin:matching_calls", args=[season.pk]) if told.to_call else _bench(season))


def _bench(season: Season) -> str:
    return workbench_url(season.pk) if season.has_pairs else reverse("admin:matching_circles", args=[season.pk])


def _members(season: Season, role: str) -> Any:
    return Membership.objects.filter(
        season=season, role=role, active=True, partnership__state=Partnership.State.CONFIRMED
    )


def _pairs(user: Any) -> PartnershipQuerySet:
    """The pairs of which this coordinator may know: one more would be their own match, or somebody's near them."""
    return Partnership.objects.decidable_by(user)


def _called(user: Any, season: Season) -> Any:
    return CallListEntry.objects.filter(
        application__in=to_call(user, season), called_at__isnull=False
    ).select_related("application__applicant")


def _sample(request: HttpRequest, season: Season, rule: str) -> Rendered | None:
    """The first message of its kind that this coordinator may read, by the code that sends it; nothing is stored."""
    if rule == "unmatched":
        entry = _called(request.user, season).order_by("pk").first()
        if entry is None:
            return None
        return render_message(_unsaved(rule, entry.application.applicant, entry.pk))
    member = (
        _members(season, rule.removeprefix("announced-"))
        .filter(partnership__in=_pairs(request.user).values("pk"))
        .select_related("person")
        .order_by("pk")
        .first()
    )
    return render_message(_unsaved(rule, member.person, member.partnership_id)) if member else None


def _unsaved(rule: str, recipient: Any, subject: UUID) -> Delivery:
    now = timezone.now()
    return Delivery(rule=rule, recipient=recipient, subject_id=subject, due_at=now, made_at=now)
