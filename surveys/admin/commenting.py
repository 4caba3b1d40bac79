"""Comments, one by one: published as they stand, or not."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mentorship.common.admin_access import for_coordinators
from mentorship.common.states import IllegalMove
from surveys.admin.access import wave_of
from surveys.models import Comment, Wave
from surveys.reading import results_of, text
from surveys.services import TooFewForComments, release_comment, withhold_comment

ON_A_PAGE = 20
ORDER = ["waiting", "released", "withheld"]


@for_coordinators
@require_GET
def comments(request: HttpRequest, wave_id: UUID) -> HttpResponse:
    """Every comment whose writer agreed, in no order that means anything; `show` chooses the state."""
    wave = wave_of(request, wave_id)
    if wave.state != Wave.State.RELEASED:
        return redirect("admin:surveys_overview", wave.pk)
    shown = request.GET.get("show")
    shown = shown if shown in ORDER else ORDER[0]
    rows = Comment.objects.visible_to(request.user).filter(wave=wave)
    figures = results_of(wave.release).figures
    page = Paginator(rows.filter(state=shown), ON_A_PAGE).get_page(request.GET.get("page"))
    found = [
        {
            "comment": comment,
            "title": text(figures["titles"][comment.question]),
            "role": text(figures["group_titles"]["role"][comment.role])
            if comment.role in figures["groups"]["role"]
            else "",
        }
        for comment in page
    ]
    context = {
        "title": _("Comments"),
        "wave": wave,
        "season": wave.season,
        "page": page,
        "rows": found,
        "shown": shown,
        "tabs": [
            {"label": Comment.State(state).label, "state": state, "count": rows.filter(state=state).count()}
            for state in ORDER
        ],
    }
    return render(request, "admin/surveys/comments.html", context)


@for_coordinators
@require_POST
def release(request: HttpRequest, comment_id: UUID) -> HttpResponse:
    """Publish one comment."""
    return _decide(request, comment_id, release_comment, _("The comment is published."))


@for_coordinators
@require_POST
def withhold(request: HttpRequest, comment_id: UUID) -> HttpResponse:
    """Don't publish one comment, or take it back."""
    return _decide(request, comment_id, withhold_comment, _("The comment is not published."))


def _decide(request: HttpRequest, comment_id: UUID, decide: Callable[..., Comment], words: str) -> HttpResponse:
    comment: Any = get_object_or_404(Comment.objects.visible_to(request.user), pk=comment_id)
    try:
        decide(comment=comment, by=request.user, now=timezone.now())
    except TooFewForComments:
        messages.warning(request, _("Too few people have answered: no comment is published."))
    except IllegalMove:
        messages.info(request, _("That was decided already; nothing was changed."))
    else:
        messages.success(request, words)
    return redirect("admin:surveys_comments", comment.wave_id)
