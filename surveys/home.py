"""What surveys add to pages of lower layers: a person's next step, results to read, the coordinator's tasks."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentorship.common import numbers
from mentorship.common.registries import HomeSection, NavItem, Task
from mentorship.seasons.models import Season
from mentorship.seasons.phases import today
from surveys.models import Wave
from surveys.querysets import READERS
from surveys.release import comments_allowed, percent


def to_answer(request: HttpRequest) -> HomeSection | None:
    """The survey that waits for the person's answers, the one that closes first."""
    wave = Wave.objects.to_answer(request.user, timezone.now()).select_related("season").order_by("closes_at").first()
    if wave is None:
        return None
    return HomeSection(
        "surveys/home_to_answer.html", {"wave": wave, "season": wave.season}, order=20, next_action=True
    )


def navigation(request: HttpRequest) -> list[NavItem]:
    """Published results, for those who may read every season's."""
    user: Any = request.user
    if not user.is_authenticated or not user.has_role(*READERS):
        return []
    return [NavItem(_("Survey results"), reverse("surveys:results_list"), order=60)]


def survey_url(season: Season) -> str:
    """Where coordinators work on a season's survey."""
    return reverse("admin:surveys_of_season", args=[season.pk])


def coordinator_tasks(user: Any, now: datetime) -> list[Task]:
    """Surveys to open, to publish, comments to read, and how open ones are answered; three queries."""
    if not user.has_role("coordinator"):
        return []
    asked = Wave.objects.exclude(state=Wave.State.DRAFT).filter(season=OuterRef("pk"))
    found = [
        Task(
            _("%(season)s: the survey was to open") % {"season": season},
            survey_url(season),
            _("Preview and open"),
            order=50,
            kind=_("Surveys"),
        )
        for season in Season.objects.current(now).filter(~Exists(asked), announced_at__isnull=False)
        if season.survey_on <= today(season, now)
    ]
    waves = Wave.objects.filter(season__archived_at=None).select_related("season").order_by("closes_at", "pk")
    waiting = Count("comments", filter=Q(comments__state="waiting"))
    for wave in waves.filter(state__in=["closed", "released"]).annotate(waiting=waiting):
        if wave.state == Wave.State.CLOSED:
            text = _("%(season)s: the survey is closed; its results can be published") % {"season": wave.season}
            found.append(Task(text, survey_url(wave.season), _("Publish them"), order=51, kind=_("Surveys")))
        elif wave.waiting and comments_allowed(wave.submitted or 0):
            words = ngettext(
                "%(season)s: %(n)d comment to read", "%(season)s: %(n)d comments to read", wave.waiting
            ) % {"season": wave.season, "n": wave.waiting}
            url = reverse("admin:surveys_comments", args=[wave.pk])
            found.append(
                Task(words, url, _("Read one by one"), order=52, count=wave.waiting, kind=_("Comments to read"))
            )
    return found + [_response_rate(wave) for wave in waves.open(now).with_answered()]


def _response_rate(wave: Any) -> Task:
    values = {"season": wave.season, "submitted": wave.have_answered, "invited": wave.were_invited}
    rate = percent(wave.have_answered, wave.were_invited)
    return Task(
        _("%(season)s: %(submitted)s of %(invited)s have answered the survey (%(rate)s)")
        % {**values, "rate": numbers.percent(rate or 0)},
        reverse("admin:surveys_overview", args=[wave.pk]),
        _("Look at the survey"),
        order=50,
        kind=_("Surveys"),
        waits=False,
    )
