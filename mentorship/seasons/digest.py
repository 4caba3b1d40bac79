"""The coordinator's week: on Monday, how much waits for them, where anything does; figures and one link, no names."""

from collections import Counter
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentorship.common.registries import Task, registries
from mentorship.people.models import Role, User
from mentorship.reminders.links import absolute
from mentorship.reminders.models import Delivery
from mentorship.reminders.registry import Rule, add_due_source, register
from mentorship.reminders.samples import sample_of
from mentorship.reminders.services import Draft, queue_deliveries
from mentorship.seasons.models import Season
from mentorship.seasons.working_hours import FIRST_HOUR, LAST_HOUR, next_moment

RULE = "weekly-digest"
MONDAY = 0


def register_all() -> None:
    """Called once, when the program starts."""
    register(
        Rule(
            key=RULE,
            title=gettext_lazy("What waits for you this week (to coordinators)"),
            context=_context,
            unless=_nothing_waits,
            audience=gettext_lazy("every coordinator"),
            when=lambda days: _("on Monday morning, where something waits for them"),
            wait_until=lambda delivery, now: next_working_moment(now),
            sample=sample_of(RULE),
            placeholders=("name", "count", "urgent"),
        )
    )
    add_due_source(remind_coordinators)


def remind_coordinators(now: datetime) -> None:
    """Queue this week's mail to each coordinator on Monday in working hours; a source of the tick.

    Whether anything waits for them is looked up when it is sent.
    """
    local = now.astimezone(ZoneInfo(settings.LIBRARY_ZONE))
    if local.weekday() != MONDAY or not FIRST_HOUR <= local.time() < LAST_HOUR or not _seasons(now):
        return
    week = f"{local.date():%Y-%m-%d}"
    people = User.objects.active().filter(is_staff=True, groups__name=Role.COORDINATOR).order_by("pk")
    keys = {f"{RULE}:{person.pk}:{week}": person for person in people}
    told = set(Delivery.objects.filter(dedupe_key__in=keys).values_list("dedupe_key", flat=True))
    drafts = [Draft(rule=RULE, recipient=keys[key], dedupe_key=key) for key in keys if key not in told]
    if drafts:
        queue_deliveries(drafts=drafts, now=now)


def next_working_moment(now: datetime) -> datetime:
    """Return the first moment at which some season that goes on is in its working hours; `now` where none does."""
    return min((next_moment(season, now) for season in _seasons(now)), default=now)


def _seasons(now: datetime) -> list[Season]:
    return list(Season.objects.current(now))


def _waiting(delivery: Delivery, now: datetime) -> list[Task]:
    return registries.tasks_of(delivery.recipient, now)


def _nothing_waits(delivery: Delivery, now: datetime) -> str:
    """Nothing waits any more, the recipient is no coordinator any more, or the week is over."""
    zone = ZoneInfo(settings.LIBRARY_ZONE)
    if (now.astimezone(zone).date() - delivery.due_at.astimezone(zone).date()).days >= 7:
        return "week-over"
    if not delivery.recipient.has_role(Role.COORDINATOR):
        return "no-coordinator"
    return "" if _waiting(delivery, now) else "nothing"


def _context(delivery: Delivery) -> dict[str, Any]:
    if delivery.recipient._state.adding:
        tasks = [
            Task("", "", "", count=2, urgent=True, kind=_("Requests for help")),
            Task("", "", "", kind=_("Matches")),
        ]
    else:
        tasks = _waiting(delivery, delivery.due_at)
    return {
        "name": delivery.recipient.get_short_name(),
        "count": sum(task.count for task in tasks),
        "urgent": sum(task.count for task in tasks if task.urgent),
        "kinds": list(counted(tasks).items()),
        "action_url": absolute(reverse("admin:index")),
        "action": _("Open Today"),
    }


def counted(tasks: list[Task]) -> Counter[str]:
    """How many things of each kind wait, in the order of their urgency."""
    found: Counter[str] = Counter()
    for task in tasks:
        found[task.kind or _("Other things")] += task.count
    return found
