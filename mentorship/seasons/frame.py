"""What seasons add to pages of lower layers: the header's entry, a card on the home page, coordinators' tasks."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from mentorship.common.registries import HomeSection, NavItem, Task
from mentorship.seasons.models import Season
from mentorship.seasons.phases import phase, today
from mentorship.seasons.states import Phase

SOON = timedelta(days=14)


def nav_items(request: HttpRequest) -> list[NavItem]:
    return [NavItem(_("Seasons"), reverse("seasons:list"), order=20)]


def opening_soon(request: HttpRequest) -> HomeSection | None:
    """The next season that one can't apply for yet; it stays behind everything that can be done now."""
    now = timezone.now()
    upcoming = Season.objects.current(now).filter(opens_on__gte=now.date() - timedelta(days=1)).order_by("opens_on")
    for season in upcoming[:3]:
        if phase(season, now) == Phase.UPCOMING:
            return HomeSection("seasons/home_upcoming.html", {"season": season}, order=900)
    return None


def coordinator_tasks(user: Any, now: datetime) -> list[Task]:
    """Drafts to publish, seasons to archive, and the first season to make; one query."""
    tasks = []
    seasons = list(Season.objects.visible_to(user).filter(archived_at=None).order_by("opens_on", "slug"))
    for season in seasons:
        stage = phase(season, now)
        if stage == Phase.DRAFT:
            tasks.append(
                Task(
                    _("%(season)s is a draft; applications are to open on %(day)s.")
                    % {"season": season, "day": formats.date_format(season.opens_on)},
                    reverse("admin:seasons_season_publish", args=[season.pk]),
                    _("Look through and publish"),
                    order=200,
                    urgent=season.opens_on - today(season, now) <= SOON,
                    kind=_("Seasons"),
                )
            )
        elif stage == Phase.CLOSED:
            tasks.append(
                Task(
                    _("%(season)s is over and can be archived.") % {"season": season},
                    reverse("admin:seasons_season_archive", args=[season.pk]),
                    _("Archive it"),
                    order=900,
                    kind=_("Seasons"),
                )
            )
    if not seasons:
        url = reverse("admin:seasons_season_add")
        tasks.append(Task(_("No season is planned."), url, _("Start one"), order=300, kind=_("Seasons")))
    return tasks
