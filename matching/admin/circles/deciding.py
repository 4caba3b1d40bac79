"""One press for one circle: approve, hold, let go, take back, and what to do about an answer that doesn't come."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from matching.admin.access import for_coordinators, say_busy, say_changed_meanwhile
from matching.admin.circles.access import circle_of, circle_url
from matching.admin.circles.approving import say_approved
from matching.admin.circles.lines import Line
from matching.services.circles import approve_suggested_circles, hold_circle, release_circle, take_back_circle
from mentorship.common.states import IllegalMove
from mentorship.partnerships import services
from mentorship.partnerships.places import Busy
from mentorship.partnerships.services import NotTheirs


@for_coordinators
@require_POST
def approve_one(request: HttpRequest, circle_id: UUID) -> HttpResponse:
    """Approve this circle, also a small one that is to go on as it is."""

    def act(line: Line) -> None:
        say_approved(
            request,
            approve_suggested_circles(run=line.row.run, circles=[line.row.pk], by=request.user, now=timezone.now()),
        )

    return _decide(request, circle_id, act)


@for_coordinators
@require_POST
def hold(request: HttpRequest, circle_id: UUID) -> HttpResponse:
    return _decide(
        request,
        circle_id,
        lambda line: hold_circle(circle=line.row, by=request.user, now=timezone.now()),
        _("Held: a further run keeps this circle as it is."),
    )


@for_coordinators
@require_POST
def release(request: HttpRequest, circle_id: UUID) -> HttpResponse:
    return _decide(
        request,
        circle_id,
        lambda line: release_circle(circle=line.row, by=request.user, now=timezone.now()),
        _("Let go: a further run may change this circle."),
    )


@for_coordinators
@require_POST
def take_back(request: HttpRequest, circle_id: UUID) -> HttpResponse:
    return _decide(
        request,
        circle_id,
        lambda line: take_back_circle(circle=line.row, by=request.user, now=timezone.now()),
        _("The approval is taken back."),
    )


@for_coordinators
@require_POST
def ask_again(request: HttpRequest, circle_id: UUID) -> HttpResponse:
    return _decide(request, circle_id, _with_partnership(request, services.ask_again), _("Asked once more."))


@for_coordinators
@require_POST
def declined(request: HttpRequest, circle_id: UUID) -> HttpResponse:
    return _decide(request, circle_id, _with_partnership(request, services.treat_as_declined), _("Taken as a no."))


def _with_partnership(request: HttpRequest, service: Callable[..., Any]) -> Callable[[Line], Any]:
    def act(line: Line) -> None:
        if line.row.partnership is None:
            raise NotTheirs
        service(partnership=line.row.partnership, by=request.user, now=timezone.now())

    return act


def _decide(request: HttpRequest, circle_id: UUID, act: Callable[[Line], Any], done: str = "") -> HttpResponse:
    line = circle_of(request, circle_id, timezone.now())
    try:
        act(line)
    except (IllegalMove, NotTheirs):
        say_changed_meanwhile(request)
    except Busy:
        say_busy(request)
    else:
        if done:
            messages.success(request, done)
    return redirect(circle_url(line.row))
