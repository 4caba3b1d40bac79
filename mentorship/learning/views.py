"""The learner's pages: my path, everything by goal, one text, its self-check, and the mark that it is read."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mentorship.learning import services
from mentorship.learning.checking import check_form, verdicts
from mentorship.learning.models import Resource
from mentorship.learning.reading import completions_of, courses, parts_for
from mentorship.people.models import User
from mentorship.seasons.models import Goal

ON_A_PAGE = 20


@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """My path in each season that I take part in, with the next text; without one, what is open to everybody."""
    found = courses(request.user, parts_for(request))
    to_do = next((course for course in found if course.next), None)
    open_to_all = [] if found else list(_readable(request).open_to_all().order_by("slug"))
    return render(request, "learning/mine.html", {"courses": found, "to_do": to_do, "open_to_all": open_to_all})


@login_required
@require_GET
def everything(request: HttpRequest) -> HttpResponse:
    """Every text that one may read, narrowed to a goal where one is chosen."""
    rows = _readable(request).order_by("kind", "title_en", "slug")
    goals = Goal.objects.filter(pk__in=Resource.goals.through.objects.filter(resource__in=rows).values("goal"))
    goal = goals.filter(slug=request.GET.get("goal", "")).first()
    if goal is not None:
        rows = rows.filter(goals=goal)
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    read = {row.resource.slug for row in completions_of(request.user, parts_for(request))}
    return render(
        request,
        "learning/everything.html",
        {"page": page, "goals": goals, "goal": goal, "read": read, "count": page.paginator.count},
    )


@login_required
@require_GET
def resource(request: HttpRequest, slug: str) -> HttpResponse:
    """One text with its self-check at the foot."""
    row = _resource(request, slug)
    return render(request, "learning/resource.html", {**_about(request, row), "form": check_form(row)})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, slug: str) -> HttpResponse:
    """The self-check alone; sending it says at once what is right and why, and keeps nothing."""
    row = _resource(request, slug)
    form = check_form(row, request.POST if request.method == "POST" else None)
    if form is None:
        return redirect(row)
    context = {**_about(request, row), "form": form}
    if form.is_valid():
        found = verdicts(row, form.answers)
        context |= {"verdicts": found, "right": sum(1 for verdict in found if verdict.is_right)}
        return render(request, "learning/checked.html", context)
    return render(request, "learning/check.html", context)


@login_required
@require_POST
def read(request: HttpRequest, slug: str) -> HttpResponse:
    """Mark the text as read, or take that back."""
    row, person, now = _resource(request, slug), cast(User, request.user), timezone.now()
    if "undo" in request.POST:
        services.take_back_reading(resource=row, by=person, now=now)
        messages.success(request, _("“%(title)s” is no longer marked as read.") % {"title": row})
        return redirect(row)
    try:
        services.mark_read(resource=row, by=person, now=now)
    except services.LearningError as error:
        messages.error(request, str(error))
        return redirect(row)
    messages.success(request, _("“%(title)s” is marked as read.") % {"title": row})
    return redirect("learning:mine")


def _readable(request: HttpRequest) -> Any:
    return Resource.objects.readable_by(request.user, timezone.now())


def _resource(request: HttpRequest, slug: str) -> Resource:
    row: Resource = get_object_or_404(_readable(request).prefetch_related("check_questions"), slug=slug)
    return row


def _about(request: HttpRequest, row: Resource) -> dict[str, Any]:
    """What every page of a text shows: the language it can be read in, and whether the person has read it."""
    parts = parts_for(request)
    done = [entry for entry in completions_of(request.user, parts) if entry.resource.slug == row.slug]
    language = (get_language() or "en")[:2]
    return {
        "resource": row,
        "language": language if language in row.languages else row.languages[0],
        "translated": language in row.languages,
        "takes_part": bool(parts),
        "done_at": max((entry.completed_at for entry in done), default=None),
        # Who reads it in one season and not yet in another can still mark it.
        "done": bool(parts) and {entry.season_id for entry in done} >= {part.season.pk for part in parts},
    }
