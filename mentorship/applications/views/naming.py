"""The two screens on which one names colleagues: favourites, and whom one would rather not be matched with.

Each button saves at once, so the screens work without a script and from any computer.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from mentorship.applications import colleagues, sections
from mentorship.applications.models import Application
from mentorship.applications.services import ApplicationError, save_section
from mentorship.applications.views.access import may_write, own_application, person, season_of
from mentorship.applications.views.writing import GETS_AND_POSTS, frame, leave, part_of, to_next
from mentorship.people.models import User

PAGE = 10


@login_required
@require_http_methods(GETS_AND_POSTS)
def favourites(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A mentee's choice among the mentors of the directory, a mentor's among all colleagues."""
    application = own_application(request, pk)
    part = part_of(application, "favourites")
    named = [row.person for row in sorted(application.favourites.all(), key=lambda row: row.rank)]
    if (response := _act(request, application, part.key, named)) is not None:
        return response
    context = frame(application, part) | {"named": named, "most": sections.MOST_FAVOURITES, "ordered": True}
    keys = [colleague.pk for colleague in named]
    if application.role == sections.MENTOR:
        context |= _found(request, application, keys)
    else:
        words = request.GET.get("q", "").strip()
        best = [] if words else colleagues.best_fits(application, besides=keys)
        above = keys + [row.person.pk for row in best]
        mentors = colleagues.nameable(application, besides=above)
        page = _page(request, colleagues.search(mentors, words))
        wanted = {str(row.goal_id): row.weight for row in application.goals.all()}
        context |= {
            "words": words,
            "page": page,
            "mentors": colleagues.with_offers(page.object_list, application.season, wanted),
            "best": best,
        }
    return render(request, "applications/favourites.html", context)


@login_required
@require_http_methods(GETS_AND_POSTS)
def avoid(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Whom one would rather not be matched with; its owner alone ever sees it."""
    application = own_application(request, pk)
    part = part_of(application, "avoid")
    if not may_write(application, timezone.now()):
        return redirect("applications:tasks", pk=application.pk)
    keys = application.avoidance.people
    people = {str(row.pk): row for row in User.objects.filter(pk__in=keys).select_related("profile__unit")}
    named = [people[key] for key in keys if key in people]
    if (response := _act(request, application, part.key, named)) is not None:
        return response
    context = frame(application, part) | {"named": named, "most": sections.MOST_AVOIDED, "ordered": False}
    return render(
        request, "applications/avoid.html", context | _found(request, application, [row.pk for row in named])
    )


@login_required
@require_GET
def directory(request: HttpRequest, slug: str) -> HttpResponse:
    """The mentors of a season who asked to be listed, with what they offer."""
    season = season_of(request, slug)
    words = request.GET.get("q", "").strip()
    mentors = colleagues.in_directory(season, besides=person(request).pk)
    page = _page(request, colleagues.search(mentors, words))
    return render(
        request,
        "applications/directory.html",
        {
            "season": season,
            "words": words,
            "page": page,
            "mentors": colleagues.with_offers(page.object_list, season),
            "count": page.paginator.count,
        },
    )


def _found(request: HttpRequest, application: Application, besides: list[Any]) -> dict[str, Any]:
    words = request.GET.get("q", "").strip()
    people = colleagues.found_by_name(words, besides=application.applicant_id).exclude(pk__in=besides)
    return {"words": words, "page": _page(request, people), "too_short": 0 < len(words) < colleagues.SHORTEST_SEARCH}


def _page(request: HttpRequest, people: QuerySet[User]) -> Page[User]:
    return Paginator(people, PAGE).get_page(request.GET.get("page"))


def _act(request: HttpRequest, application: Application, key: str, named: list[User]) -> HttpResponse | None:
    """Do what the pressed button says: add, remove, up, or go on. None where the page is only looked at."""
    now = timezone.now()
    if not may_write(application, now):
        return redirect("applications:tasks", pk=application.pk)
    if request.method != "POST":
        return None
    people = _changed([str(colleague.pk) for colleague in named], request)
    try:
        save_section(application=application, section=key, data={"people": people}, by=person(request), now=now)
    except ApplicationError as error:
        messages.error(request, str(error))
        return redirect(request.get_full_path())
    if request.POST.get("then") == "leave":
        return leave(request, application)
    if request.POST.get("then") == "continue":
        return to_next(application, part_of(application, key))
    return redirect(request.get_full_path())


def _changed(people: list[str], request: HttpRequest) -> list[str]:
    added, removed, up = (request.POST.get(name, "") for name in ("add", "remove", "up"))
    if added and added not in people and colleagues.is_key(added):
        people = [*people, added]
    people = [key for key in people if key != removed]
    if up in people[1:]:
        place = people.index(up)
        people[place - 1], people[place] = people[place], people[place - 1]
    return people
