"""One circle: who is in it and why, who guides it, and everything that can be decided about it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from matching.admin.access import for_coordinators
from matching.admin.circles.access import circle_of
from matching.admin.circles.facilitating import AssignForm
from matching.admin.circles.lines import Line
from mentorship.applications.models import ApplicationGoal
from mentorship.partnerships.services import is_overdue
from mentorship.partnerships.words import together


@for_coordinators
@require_GET
def circle(request: HttpRequest, circle_id: UUID) -> HttpResponse:
    """The circle's page."""
    now = timezone.now()
    line = circle_of(request, circle_id, now)
    partnership = line.row.partnership
    context: dict[str, Any] = {
        "title": _("Circle %(n)d") % {"n": line.row.number},
        "season": line.row.run.season,
        "line": line,
        "members": _members(line),
        "left": line.left,
        "assign_form": None if line.settled else AssignForm(line=line, by=request.user),
        "overdue": partnership is not None and is_overdue(partnership, now),
        "can_take_back": partnership is not None
        and (partnership.state == "approved" or (bool(line.left) and partnership.state in {"asked", "confirmed"})),
    }
    return render(request, "admin/matching/circles/circle.html", context)


def _members(line: Line) -> list[dict[str, Any]]:
    """Everybody in it, and what speaks for it: how much they want the theme, and that they can meet."""
    keys = [seat.application_id for seat in line.peers]
    wishes = dict(
        ApplicationGoal.objects.filter(application__in=keys, goal=line.row.theme_id).values_list(
            "application", "weight"
        )
    )
    return [
        {"seat": seat, "why": _why(line, seat.application, wishes.get(seat.application_id, 0))} for seat in line.peers
    ]


def _why(line: Line, application: Any, weight: int) -> str:
    wishes = {
        0: _("didn't choose this theme"),
        1: _("chose this theme"),
        2: _("finds this theme important"),
        3: _("finds this theme very important"),
    }
    said = [wishes[weight]]
    if application.schedule_rotates:
        said.append(_("has a schedule that rotates"))
    elif line.row.slot and application.slots:
        said.append(_("is free then") if line.row.slot in application.slots else _("isn't free then"))
    if line.row.mode and application.modes and line.row.mode not in application.modes:
        said.append(_("can't meet that way"))
    if line.row.language and application.languages and line.row.language not in application.languages:
        said.append(_("doesn't speak the language"))
    return together(said)
