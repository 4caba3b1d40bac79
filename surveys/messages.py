"""What is said about a survey, and what the clock does with it: reminders, latecomers, the close."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentorship.people.models import User
from mentorship.reminders.links import absolute
from mentorship.reminders.models import Delivery
from mentorship.reminders.registry import Rule, add_due_source, register
from mentorship.reminders.services import Draft, queue_deliveries
from mentorship.seasons.phases import zone
from mentorship.seasons.working_hours import next_moment
from surveys.models import Ticket, Wave
from surveys.querysets import WaveQuerySet
from surveys.services import close_wave, invite_latecomers

REMIND_AFTER_DAYS = (7, 14, 21)
INVITATION, REMINDER = "survey-invitation", "survey-reminder"


def register_all() -> None:
    """Called once, when the program starts."""
    shared: dict[str, Any] = {
        "context": _context,
        "wait_until": _in_working_hours,
        "season_of": _season_key,
        "placeholders": ("name", "season", "closes"),
    }
    register(
        Rule(
            key=INVITATION,
            title=gettext_lazy("How was your season? (the invitation to the survey)"),
            unless=_no_longer_open,
            essential=True,
            sample=_sample(INVITATION),
            **shared,
        )
    )
    register(
        Rule(
            key=REMINDER,
            title=gettext_lazy("The survey, once more (after 7, 14 and 21 days)"),
            unless=_answered_or_over,
            # Whether it still goes out says who has answered.
            private=True,
            sample=_sample(REMINDER),
            **shared,
        )
    )
    add_due_source(close_overdue)
    add_due_source(invite_late)
    add_due_source(remind)


def close_overdue(now: datetime) -> None:
    """Close surveys whose closing day has come."""
    for wave in Wave.objects.overdue(now):
        close_wave(wave=wave, by=None, now=now)


def invite_late(now: datetime) -> None:
    """Invite those who were announced while a survey is open."""
    for wave in Wave.objects.open(now):
        invite_latecomers(wave=wave, now=now)


def remind(now: datetime) -> None:
    """Remind those who haven't answered, 7, 14 and 21 days after the opening; a missed one isn't made up for."""
    for wave in Wave.objects.open(now):
        passed = [days for days in REMIND_AFTER_DAYS if wave.opened_at + timedelta(days=days) <= now]
        if passed:
            _remind(wave, passed[-1], now)


def _remind(wave: Wave, days: int, now: datetime) -> None:
    prefix = f"{REMINDER}:{wave.pk}:{days}:"
    key = Concat(Value(prefix), Cast(OuterRef("person"), CharField()))
    waiting = (
        Ticket.objects.filter(~Exists(Delivery.objects.filter(dedupe_key=key)), wave=wave, answered=False)
        .select_related("person")
        .order_by("person")
    )
    drafts = [
        Draft(rule=REMINDER, recipient=ticket.person, dedupe_key=f"{prefix}{ticket.person_id}", subject=wave)
        for ticket in waiting
    ]
    if drafts:
        queue_deliveries(drafts=drafts, now=now)


def _waves(delivery: Delivery) -> WaveQuerySet:
    rows: WaveQuerySet = Wave.objects.filter(pk=delivery.subject_id or UUID(int=0)).select_related("season")
    return rows


def _context(delivery: Delivery) -> dict[str, Any]:
    if delivery.subject_id is None:
        # A preview, of a season that is about to be asked or of none.
        season = delivery.ids.get("season") or _("Spring 2027")
        closes = date.fromisoformat(delivery.ids.get("closes", "2027-09-29"))
        url = reverse("portal:home")
    else:
        wave = _waves(delivery).get()
        season, closes = str(wave.season), wave.closes_at.astimezone(zone(wave.season)).date()
        url = reverse("surveys:start", args=[wave.pk])
    return {
        "name": delivery.recipient.get_short_name(),
        "season": season,
        "closes": date_format(closes, "MONTH_DAY_FORMAT"),
        "action_url": absolute(url),
        "action": _("Read more and answer"),
    }


def _no_longer_open(delivery: Delivery, now: datetime) -> str:
    return "" if _waves(delivery).open(now).exists() else "closed"


def _answered_or_over(delivery: Delivery, now: datetime) -> str:
    return "" if _waves(delivery).to_answer(delivery.recipient, now).exists() else "not-needed"


def _in_working_hours(delivery: Delivery, now: datetime) -> datetime:
    wave = _waves(delivery).first()
    return now if wave is None else next_moment(wave.season, now)


def _season_key(delivery: Delivery) -> Any:
    return _waves(delivery).values_list("season_id", flat=True).first()


def _sample(rule: str) -> Any:
    """A message about nobody."""
    return lambda: Delivery(
        rule=rule, recipient=User(given_name="Sam", family_name="Tran", email="sam@library.example")
    )
