"""What reports add to pages of lower layers: the header's entry, a season's button, a card, a coordinator's task."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from mentorship.common.registries import HomeSection, NavItem, Task
from mentorship.reports.querysets import closed, reads_reports, with_sentence
from mentorship.seasons.actions import Action
from mentorship.seasons.models import Season
from surveys.home import survey_url
from surveys.models import Release, Wave

# For so long after the report's day the home page leads to it.
NEWS = timedelta(days=60)


def report_url(season: Season) -> str:
    """Where a season's report is read, and where coordinators work on its last step."""
    return reverse("reports:season", args=[season.slug])


def navigation(request: HttpRequest) -> list[NavItem]:
    """Reports, for those they are made for."""
    return [NavItem(_("Reports"), reverse("reports:list"), order=61)] if reads_reports(request.user) else []


def season_action(request: HttpRequest, season: Season, now: datetime) -> Action | None:
    """On a season's page: the report for its readers, and for its members, after the close, what came of it."""
    if reads_reports(request.user):
        if season.announced_at is None or season.announced_at > now:
            return None
        return Action(_("Read the report"), report_url(season), order=500)
    if not with_sentence(request.user, now).filter(pk=season.pk).exists():
        return None
    return Action(_("Read what came of it"), report_url(season), order=500)


def what_came_of_it(request: HttpRequest) -> HomeSection | None:
    """The newest season that the person took part in and that closed lately."""
    user: Any = request.user
    if not user.is_authenticated or reads_reports(user):
        return None
    now = timezone.now()
    lately = with_sentence(user, now).filter(report_on__gte=(now - NEWS).date())
    season = lately.order_by("-report_on", "slug").first()
    if season is None:
        return None
    return HomeSection("reports/home_sentence.html", {"season": season, "url": report_url(season)}, order=600)


def coordinator_tasks(user: Any, now: datetime) -> list[Task]:
    """Closed seasons whose report lacks what people said, since their survey isn't published; one query."""
    if not user.has_role("coordinator"):
        return []
    published = Release.objects.filter(wave__season=OuterRef("pk"), wave__kind=Wave.Kind.END_OF_SEASON)
    seasons = closed(Season.objects.filter(archived_at=None), now).filter(~Exists(published))
    return [
        Task(
            _("%(season)s: the report was due on %(day)s and lacks the survey's results")
            % {"season": season, "day": formats.date_format(season.report_on)},
            survey_url(season),
            _("Publish the survey"),
            order=53,
            urgent=True,
            kind=_("Reports"),
        )
        for season in seasons.order_by("report_on", "slug")
    ]
