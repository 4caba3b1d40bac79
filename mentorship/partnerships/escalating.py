"""What has waited for a week goes to the season's second coordinator too: one message, and lines on their Today."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mentorship.partnerships.care import UNHANDLED_AFTER
from mentorship.partnerships.models import ChangeWish, CheckIn, HelpCase
from mentorship.reminders.links import absolute
from mentorship.reminders.models import Delivery
from mentorship.reminders.registry import Rule, add_due_source, register
from mentorship.reminders.samples import sample_of
from mentorship.reminders.services import queue_delivery
from mentorship.seasons.models import Season
from mentorship.seasons.phases import today

RULE = "waits-for-a-week"


def register_all() -> None:
    """Called once, when the program starts."""
    register(
        Rule(
            key=RULE,
            title=gettext_lazy("Something has waited for a week (to the second coordinator)"),
            context=_context,
            unless=_nothing_left,
            essential=True,
            in_hours=True,
            audience=gettext_lazy("the season's second coordinator"),
            when=lambda days: _after_a_week(),
            season_of=lambda delivery: delivery.subject_id,
            sample=sample_of(RULE),
            placeholders=("name", "season", "count"),
            # Beside those that they see themselves, its being sent would tell others of a request for help.
            private=True,
        )
    )
    add_due_source(escalate_due)


def escalate_due(now: datetime) -> None:
    """Tell each season's second coordinator what has waited for a week and they may read; a source of the tick."""
    seasons = Season.objects.current(now).filter(announced_at__isnull=False, second_coordinator__is_active=True)
    for season in seasons.select_related("second_coordinator"):
        escalate(season=season, now=now)


@transaction.atomic
def escalate(*, season: Season, now: datetime) -> int:
    """Queue one message about all that is new to the second coordinator; return how many things that are."""
    count = 0
    for rows in overdue(season, now):
        keys = list(rows.filter(escalated_at=None).select_for_update(of=("self",)).values_list("pk", flat=True))
        count += rows.model._default_manager.filter(pk__in=keys).update(escalated_at=now)
    if count:
        queue_delivery(
            rule=RULE,
            recipient=season.second_coordinator,
            dedupe_key=f"{RULE}:{season.pk}:{season.second_coordinator_id}:{today(season, now)}",
            subject=season,
            now=now,
        )
    return count


def overdue(season: Season, now: datetime) -> list[Any]:
    """What of a season has waited for a week and its second coordinator may read: a queryset for each kind."""
    second = season.second_coordinator
    if second is None:
        return []
    since = now - UNHANDLED_AFTER
    of_season = {"membership__season": season}
    return [
        CheckIn.objects.handled_by_others_than(second).filter(waits_since__lte=since, **of_season),
        HelpCase.objects.handleable_by(second).filter(waits_since__lte=since, **of_season),
        ChangeWish.objects.to_settle(second).filter(wished_at__lte=since, **of_season),
    ]


def _season(delivery: Delivery) -> Season | None:
    rows = Season.objects.select_related("second_coordinator")
    found: Season | None = rows.filter(pk=delivery.subject_id or UUID(int=0)).first()
    return found


def _count(season: Season, now: datetime) -> int:
    return sum(rows.count() for rows in overdue(season, now))


def _context(delivery: Delivery) -> dict[str, Any]:
    season = _season(delivery)
    return {
        "name": delivery.recipient.get_short_name(),
        "season": str(season) if season else _("Spring 2027"),
        "count": _count(season, delivery.due_at) if season else 2,
        "action_url": absolute(reverse("admin:index")),
        "action": _("Open Today"),
    }


def _nothing_left(delivery: Delivery, now: datetime) -> str:
    season = _season(delivery)
    if season is None or season.second_coordinator_id != delivery.recipient_id:
        return "not-second"
    return "" if _count(season, now) else "handled"


def _after_a_week() -> str:
    days = UNHANDLED_AFTER.days
    text = ngettext(
        "when a check-in or a request for help has waited for %(days)d day",
        "when a check-in or a request for help has waited for %(days)d days",
        days,
    )
    return text % {"days": days}
