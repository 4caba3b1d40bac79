"""What the pages of circles check and find: the circle, the peer, and where to go afterwards."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from matching.admin.circles.lines import Line, last_run, line_of
from matching.models import CircleProposal, CircleRun
from mentorship.applications.models import Application


def circle_of(request: Any, circle_id: UUID, now: Any) -> Line:
    """A circle of its season's last run on which this coordinator may decide. Raises Http404."""
    rows = CircleProposal.objects.visible_to(request.user).loaded()
    rows = rows.select_related("run__season", "theme", "partnership")
    row: CircleProposal = get_object_or_404(rows.defer("run__problem", "run__trace"), pk=circle_id)
    if last_run(row.run.season) != row.run:
        raise Http404
    request.season = row.run.season
    return line_of(row, now)


def peer_of(request: Any, application_id: UUID) -> tuple[Application, CircleRun]:
    """A peer on whom this coordinator may decide, and the season's last run. Raises Http404."""
    rows = Application.objects.screenable_by(request.user).select_related("season", "applicant__profile__unit")
    peer: Application = get_object_or_404(rows, pk=application_id, role="peer", season__has_circles=True)
    run = last_run(peer.season)
    if run is None:
        raise Http404
    run.season = request.season = peer.season
    return peer, run


def circle_url(circle: CircleProposal) -> str:
    return reverse("admin:matching_circle", args=[circle.pk])
