"""Whose report one may read: those it is made for every season's, members their own season's once it is closed."""

from datetime import datetime
from typing import Any

from django.db.models import DateField, Exists, F, Func, OuterRef, Q, Value
from django.db.models.functions import Cast

from mentorship.partnerships.models import Membership
from mentorship.partnerships.querysets import TOLD
from mentorship.seasons.models import Season
from mentorship.seasons.querysets import SeasonQuerySet

READERS = ("coordinator", "analyst", "leadership")


def reads_reports(user: Any) -> bool:
    """Whether a person reads whole reports; everybody else reads one sentence of them at most."""
    return bool(user.is_authenticated and user.has_role(*READERS))


def with_report(user: Any) -> SeasonQuerySet:
    """The seasons whose whole report the person may read, as far as they may see the season."""
    seasons: SeasonQuerySet = Season.objects.visible_to(user)
    return seasons if reads_reports(user) else seasons.none()


def with_sentence(user: Any, now: datetime) -> SeasonQuerySet:
    """The closed seasons in which the person was told of a match: they read what came of it, in a sentence."""
    told = Membership.objects.filter(partnership__state__in=TOLD, season=OuterRef("pk"), person=user.pk)
    return closed(Season.objects.published(), now).filter(Exists(told))


def announced(seasons: SeasonQuerySet, now: datetime) -> SeasonQuerySet:
    """Those whose matches were announced: before that there is nothing to report."""
    return seasons.filter(announced_at__lte=now)


def closed(seasons: SeasonQuerySet, now: datetime) -> SeasonQuerySet:
    """Those that were announced and are over: archived, or past the day of their report in their own zone."""
    day = Cast(Func(F("zone"), Value(now), function="timezone"), DateField())
    return announced(seasons, now).filter(Q(archived_at__lte=now) | Q(report_on__lt=day))
