"""What applications add to lower layers: a person's next step, the coordinator's tasks, a season's button."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentorship.applications.models import Application, Avoidance, IdentityAnswer
from mentorship.applications.querysets import CLEAR, SECOND_LOOK, TO_DECIDE, TO_TELL
from mentorship.applications.sections import closing_words
from mentorship.common.registries import HomeSection, Task
from mentorship.seasons.actions import Action
from mentorship.seasons.models import Season
from mentorship.seasons.phases import phase
from mentorship.seasons.states import Phase

State = Application.State
TOLD_ORDER = [State.DRAFT, State.INELIGIBLE, State.WAITING, State.SUBMITTED, State.ELIGIBLE]


def your_applications(request: HttpRequest) -> HomeSection | None:
    """The person's own applications until matches are announced, the one that asks for something first."""
    now = timezone.now()
    rows = [
        application
        for application in Application.objects.visible_to(request.user)
        .open()
        .filter(applicant=request.user, season__archived_at=None)
        .select_related("season")
        .order_by("-created_at", "id")[:10]
        if _is_current(application, now)
    ]
    if not rows:
        return None
    rows.sort(key=lambda row: TOLD_ORDER.index(State(row.told_state)))
    entries = [
        {
            "application": row,
            "season": row.season,
            "told": row.told_state,
            "closes": closing_words(row.season),
            "url": reverse("applications:tasks", args=[row.pk]),
        }
        for row in rows
    ]
    waits = rows[0].told_state in {State.DRAFT, State.INELIGIBLE}
    return HomeSection(
        "applications/home_yours.html", {"first": entries[0], "others": entries[1:]}, order=50, next_action=waits
    )


def applications_open(request: HttpRequest) -> HomeSection | None:
    """A season that is open for applications and for which the person hasn't written any."""
    now = timezone.now()
    mine = Application.objects.visible_to(request.user).open().filter(applicant=request.user).values("season")
    for season in Season.objects.visible_to(request.user).current(now).exclude(pk__in=mine)[:3]:
        if phase(season, now) == Phase.APPLYING:
            return HomeSection(
                "applications/home_open.html",
                {"season": season, "closes": closing_words(season)},
                order=80,
                next_action=True,
            )
    return None


def _is_current(application: Application, now: datetime) -> bool:
    stage = phase(application.season, now)
    if application.state == State.DRAFT:
        return stage == Phase.APPLYING
    return stage in {Phase.APPLYING, Phase.REVIEWING}


def season_action(request: HttpRequest, season: Season, now: datetime) -> Action | None:
    """Apply, go on, or look at what one sent: the button on a season's page."""
    stage = phase(season, now)
    if stage not in {Phase.APPLYING, Phase.REVIEWING}:
        return None
    rows = Application.objects.visible_to(request.user).open().filter(applicant=request.user, season=season)
    held = sorted(rows, key=lambda row: TOLD_ORDER.index(State(row.told_state)))
    start = reverse("applications:start", args=[season.slug])
    if not held:
        if stage != Phase.APPLYING:
            return None
        text = _("About 5 minutes, until %(time)s on %(day)s.") % closing_words(season)
        return Action(_("Apply"), start, text=text, tag=_("Open now"), order=10)
    if held[0].state == State.DRAFT and stage == Phase.APPLYING:
        text = _("What you wrote is saved, until %(time)s on %(day)s.") % closing_words(season)
        return Action(_("Continue your application"), _tasks_url(held[0]), text=text, tag=_("Not sent yet"), order=10)
    if held[0].state == State.DRAFT:
        return None
    return Action(_("Look at your application"), _tasks_url(held[0]), order=20)


def _tasks_url(application: Application) -> str:
    return reverse("applications:tasks", args=[application.pk])


def coordinator_tasks(user: Any, now: datetime) -> list[Task]:
    """What waits for a coordinator in each season under way: second looks, doubts, clear ones, untold decisions."""
    if not user.has_role("coordinator"):
        return []
    counts: dict[Any, dict[int, int]] = {}
    rows = (
        Application.objects.screenable_by(user)
        .filter(season__archived_at=None, season__announced_at=None)
        .by_urgency()
        .order_by()
        .values("season", "urgency")
        .annotate(people=Count("pk"))
    )
    for row in rows:
        counts.setdefault(row["season"], {})[row["urgency"]] = row["people"]
    tasks = []
    for season in Season.objects.filter(pk__in=counts):
        stage = phase(season, now)
        url = reverse("admin:applications_application_screening", args=[season.pk])
        found = counts[season.pk]
        tasks += _tasks_of(season, found, url, urgent=stage == Phase.REVIEWING)
    return tasks


def _tasks_of(season: Season, found: dict[int, int], url: str, *, urgent: bool) -> list[Task]:
    words: dict[int, tuple[Callable[[int], str], str]] = {
        SECOND_LOOK: (
            lambda n: ngettext("%(n)d person asks for a second look", "%(n)d people ask for a second look", n),
            _("Take a second look"),
        ),
        TO_DECIDE: (
            lambda n: ngettext("%(n)d application needs your decision", "%(n)d applications need your decision", n),
            _("Decide"),
        ),
        CLEAR: (
            lambda n: ngettext("%(n)d application meets every rule", "%(n)d applications meet every rule", n),
            _("Mark as eligible"),
        ),
        TO_TELL: (
            lambda n: ngettext("%(n)d decision isn't told yet", "%(n)d decisions aren't told yet", n),
            _("Tell them"),
        ),
    }
    return [
        Task(
            f"{season}: {sentence(found[urgency]) % {'n': found[urgency]}}",
            url,
            action,
            order=20 + urgency,
            count=found[urgency],
            urgent=urgent and urgency < TO_TELL,
            kind=_("Applications"),
        )
        for urgency, (sentence, action) in words.items()
        if found.get(urgency)
    ]


def takes_part(user: Any) -> Q:
    """The seasons in which a person applied: their ribbon shows these first."""
    return Q(pk__in=Application.objects.open().filter(applicant=user).values("season"))


def listed_mentors(user: Any) -> Q:
    """The people whom everybody on the staff may see: mentors who asked to be in the directory."""
    listed = Application.objects.in_directory().filter(season__published_at__isnull=False, season__archived_at=None)
    return Q(pk__in=listed.values("applicant"))


def purge_private(season: Season, now: datetime) -> None:
    """Delete what only its owner could read, once the season is archived."""
    IdentityAnswer.objects.filter(application__season=season).delete()
    Avoidance.objects.filter(application__season=season).delete()


def gaps_url(season: Season) -> str:
    return reverse("admin:applications_application_gaps", args=[season.pk])


def screening_url(season: Season) -> str:
    return reverse("admin:applications_application_screening", args=[season.pk])
