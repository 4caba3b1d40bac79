"""Announcing: what goes to how many, as it will read, and then the one button."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from matching.admin.access import last_run, season_of, workbench_url
from matching.alone import to_call
from matching.models import CallListEntry
from matching.services import announce_season
from mentorship.common.admin_access import for_coordinators
from mentorship.partnerships.models import Membership, Partnership
from mentorship.partnerships.querysets import PartnershipQuerySet
from mentorship.partnerships.services import NothingToAnnounce, NotReady, in_the_way
from mentorship.reminders.frames import mail_frame
from mentorship.reminders.models import Delivery
from mentorship.reminders.rendering import Rendered
from mentorship.reminders.rendering import render as render_message
from mentorship.seasons.models import Season

RULES = ("announced-mentee", "announced-mentor", "unmatched")


@for_coordinators
@require_http_methods(["GET", "HEAD", "POST"])
def announce(request: HttpRequest, season_id: UUID) -> HttpResponse:
    """Preview, or tell everybody at the same moment."""
    season = season_of(request, season_id)
    if request.method == "POST":
        return _announce(request, season)
    pairs = _pairs(request.user).filter(season=season, state=Partnership.State.CONFIRMED)
    counts = {
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
            ("unmatched", counts["called"]),
        )
        if count and (message := _sample(request, season, rule))
    ]
    context = {
        "title": _("Announce matches"),
        "season": season,
        "run": last_run(season),
        "waiting": in_the_way(season, request.user),
        "counts": counts,
        "samples": messages_shown,
    }
    return render(request, "admin/matching/announce.html", context)


@for_coordinators
@require_GET
@mail_frame
def sample(request: HttpRequest, season_id: UUID, rule: str) -> HttpResponse:
    """One of the messages as it will look, on a page of its own."""
    season = season_of(request, season_id)
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
        return redirect(workbench_url(season.pk))
    text = ngettext("%(n)d pair is being told.", "%(n)d pairs are being told.", told.pairs) % {"n": told.pairs}
    messages.success(request, text)
    return redirect("admin:matching_calls" if told.to_call else "admin:matching_workbench", season.pk)


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
