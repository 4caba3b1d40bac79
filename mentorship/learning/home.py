"""What learning adds to other pages: the header's entry, the next module, a pair's agendas, coordinators' tasks."""

from datetime import datetime
from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentorship.applications import concerns
from mentorship.common.registries import HomeSection, NavItem, Task
from mentorship.learning.figures import without_orientation
from mentorship.learning.models import PARTICIPANTS, LearnerRole, Resource
from mentorship.learning.participation import takes_part
from mentorship.learning.reading import courses, parts_for, slugs_of_paths
from mentorship.partnerships.hooks import PairCard
from mentorship.partnerships.models import Partnership
from mentorship.partnerships.querysets import GOING_ON
from mentorship.seasons.models import Season
from mentorship.seasons.phases import phase
from mentorship.seasons.states import Phase

BEFORE_THE_END = {Phase.APPLYING, Phase.REVIEWING, Phase.RUNNING}
AGENDA = "agenda-"
# As they are used in the course of a season; a library's own come after these.
IN_ORDER = ["first", "monthly", "midpoint", "closing"]


def navigation(request: HttpRequest) -> list[NavItem]:
    """ "Learn" for whoever takes part in a current season, and for those who run one."""
    person = request.user
    if not person.is_authenticated:
        return []
    if not person.has_role("coordinator") and not takes_part(person, timezone.now()):
        return []
    return [NavItem(_("Learn"), reverse("learning:mine"), order=30)]


def next_module(request: HttpRequest) -> HomeSection | None:
    """The next text on the person's path, until they have read it all; of several paths the newest season's."""
    now = timezone.now()
    parts = [
        part
        for part in parts_for(request)
        if part.going_on and part.role in PARTICIPANTS and phase(part.season, now) in BEFORE_THE_END
    ]
    course = next((course for course in courses(request.user, parts) if course.next), None)
    if course is None:
        return None
    return HomeSection("learning/home.html", {"course": course}, order=60, next_action=True)


def agendas(request: HttpRequest, pair: Partnership) -> PairCard | None:
    """The agendas for meetings, on the pair's own page while there are meetings to come."""
    if pair.state not in GOING_ON:
        return None
    rows = list(Resource.objects.in_use().filter(slug__startswith=AGENDA, kind=Resource.Kind.CHECKLIST))
    rows.sort(key=lambda row: _place(row.slug))
    return PairCard("learning/pair_agendas.html", {"agendas": rows}) if rows else None


def _place(slug: str) -> int:
    """Where an agenda stands among the others."""
    which = slug.removeprefix(AGENDA).partition("-")[0]
    return IN_ORDER.index(which) if which in IN_ORDER else len(IN_ORDER)


def coordinator_tasks(person: Any, now: datetime) -> list[Task]:
    """Mentors of a season under way who haven't read their orientation, without those near the coordinator."""
    if not person.has_role("coordinator"):
        return []
    running = {row.pk: row for row in Season.objects.current(now) if phase(row, now) == Phase.RUNNING}
    paths = slugs_of_paths(running.values())
    there = set(Resource.objects.in_use().values_list("slug", flat=True))
    first = {key: slug for key in running for slug in paths[key, LearnerRole.MENTOR.value][:1] if slug in there}
    counts = (
        without_orientation(first)
        .exclude(person=person)
        .exclude(concerns.near(person, "person"))
        .order_by()
        .values_list("season")
        .annotate(mentors=Count("person", distinct=True))
    )
    return [_task(running[season], count) for season, count in sorted(counts, key=lambda row: str(row[0]))]


def _task(season: Season, count: int) -> Task:
    text = ngettext(
        "%(season)s: %(n)d mentor hasn't read the orientation",
        "%(season)s: %(n)d mentors haven't read the orientation",
        count,
    ) % {"season": season, "n": count}
    url = f"{reverse('admin:learning_completion_season', args=[season.pk])}?role=mentor&show=open"
    return Task(text, url, _("See who"), order=60, count=count, kind=_("Training not begun"))
