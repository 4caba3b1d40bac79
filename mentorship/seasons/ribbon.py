"""The six steps of a season, with their dates, on top of its pages; upper apps say where one works on each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import BooleanField, Case, Q, Value, When
from django.http import HttpRequest
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentorship.seasons.models import Season
from mentorship.seasons.phases import phase, today
from mentorship.seasons.states import Phase

APPLY, REVIEW, MATCHES, MEET, SURVEY, REPORT = "apply", "review", "matches", "meet", "survey", "report"
LABELS: dict[str, Promise] = {
    APPLY: gettext_lazy("Apply"),
    REVIEW: gettext_lazy("Review"),
    MATCHES: gettext_lazy("Matches"),
    MEET: gettext_lazy("Meet"),
    SURVEY: gettext_lazy("Survey"),
    REPORT: gettext_lazy("Report"),
}
# Which step is now, in each phase; those before it are done.
NOW: dict[Phase, str | None] = {
    Phase.DRAFT: None,
    Phase.UPCOMING: None,
    Phase.APPLYING: APPLY,
    Phase.REVIEWING: REVIEW,
    Phase.RUNNING: MEET,
    Phase.CLOSING: SURVEY,
}


@dataclass(frozen=True)
class Step:
    """One step: `state` is done, now or to-come; `url` only where a click leads somebody on."""

    key: str
    label: str
    detail: str
    state: str
    url: str = ""


@dataclass(frozen=True)
class Ribbon:
    """What components/ribbon.html reads."""

    season: Season
    steps: list[Step]


_workplaces: dict[str, Callable[[Season], str]] = {}
_participations: list[Callable[[Any], Q]] = []


def register_workplace(step: str, url_of: Callable[[Season], str]) -> None:
    """Say where coordinators work on a step of a season. Raises ValueError for an unknown step."""
    if step not in LABELS:
        raise ValueError(f"{step} is no step of a season")
    _workplaces[step] = url_of


def register_participation(rule: Callable[[Any], Q]) -> None:
    """Add a condition on the seasons that a person takes part in, or wants to: theirs come first."""
    _participations.append(rule)


def season_of(request: HttpRequest, now: datetime) -> Season | None:
    """Return the season of the page, else the person's own, else the newest current one; one query at most."""
    if hasattr(request, "season"):
        season: Season | None = request.season
        return season
    if not request.user.is_authenticated:
        return None
    mine = Q(pk=None)
    for rule in _participations:
        mine |= Q(pk__in=Season.objects.filter(rule(request.user)).values("pk"))
    theirs_first = Case(When(mine, then=Value(True)), default=Value(False), output_field=BooleanField())
    found: Season | None = Season.objects.current(now).order_by(theirs_first.desc(), "-opens_on", "slug").first()
    return found


def ribbon(request: HttpRequest) -> Ribbon | None:
    """Return the ribbon of a request's season, None where there is none."""
    now = timezone.now()
    season = season_of(request, now)
    if season is None:
        return None
    coordinates = request.user.is_authenticated and request.user.has_role("coordinator")
    return Ribbon(season, steps(season, now, linked=coordinates))


def steps(season: Season, now: datetime, *, linked: bool = False) -> list[Step]:
    """Return the six steps as they stand at `now`; `linked` adds where a coordinator works on them."""
    stage = phase(season, now)
    keys = list(LABELS)
    if stage in {Phase.CLOSED, Phase.ARCHIVED}:
        here = len(keys)
    else:
        current = NOW[stage]
        here = keys.index(current) if current else -1
    return [
        Step(
            key,
            str(LABELS[key]),
            _detail(key, season, stage, now),
            "now" if place == here else "done" if place < here else "to-come",
            _workplaces[key](season) if linked and key in _workplaces else "",
        )
        for place, key in enumerate(keys)
    ]


def month_of(season: Season, day: date) -> tuple[int, int]:
    """Return which month of meetings it is on `day`, and of how many; both at least 1."""
    total = max(1, round((season.ends_on - season.starts_on).days / 30.44))
    passed = (day.year - season.starts_on.year) * 12 + day.month - season.starts_on.month
    if day.day < season.starts_on.day:
        passed -= 1
    return min(max(1, passed + 1), total), total


def short_day(day: date) -> str:
    """Return a day without its year, as people of this language write it."""
    return formats.date_format(day, "MONTH_DAY_FORMAT")


def _detail(key: str, season: Season, stage: Phase, now: datetime) -> str:
    if key == APPLY:
        if stage in {Phase.DRAFT, Phase.UPCOMING}:
            return _("from %(day)s") % {"day": short_day(season.opens_on)}
        if stage == Phase.APPLYING:
            return _("until %(day)s") % {"day": short_day(season.closes_on)}
        return _("closed %(day)s") % {"day": short_day(season.closes_on)}
    if key == REVIEW:
        return _("until %(day)s") % {"day": short_day(season.matches_on)}
    if key == MATCHES:
        return short_day(today(season, season.announced_at) if season.announced_at else season.matches_on)
    if key == MEET:
        if stage == Phase.RUNNING:
            month, total = month_of(season, today(season, now))
            return _("month %(month)d of %(total)d") % {"month": month, "total": total}
        day = season.ends_on if stage in {Phase.CLOSING, Phase.CLOSED, Phase.ARCHIVED} else season.starts_on
        words = _("until %(day)s") if day == season.ends_on else _("from %(day)s")
        return words % {"day": short_day(day)}
    if key == SURVEY:
        return _("from %(day)s") % {"day": short_day(season.survey_on)}
    return short_day(season.report_on)
