"""What is said about a survey, and what the clock does with it: reminders, latecomers, the close."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mentorship.reminders.links import absolute
from mentorship.reminders.models import Delivery
from mentorship.reminders.registry import Rule, add_due_source, register, rule_of
from mentorship.reminders.samples import sample_of
from mentorship.reminders.season_rules import choice_of, switched_off, waits
from mentorship.reminders.services import Draft, queue_deliveries
from mentorship.seasons.models import Season
from mentorship.seasons.phases import zone
from surveys.models import Ticket, Wave
from surveys.querysets import WaveQuerySet
from surveys.services import close_wave, invite_latecomers

# From one reminder to the next, and how many there are; after 7, 14 and 21 days unless the season says otherwise.
STEP_DAYS, TIMES = 7, 3
INVITATION, REMINDER = "survey-invitation", "survey-reminder"


def register_all() -> None:
    """Called once, when the program starts."""
    shared: dict[str, Any] = {
        "context": _context,
        "season_of": _season_key,
        "placeholders": ("name", "season", "closes"),
    }
    register(
        Rule(
            key=INVITATION,
            title=gettext_lazy("How was your season? (the invitation to the survey)"),
            unless=_no_longer_open,
            essential=True,
            in_hours=True,
            audience=gettext_lazy("everybody who was told of a match, also who left early"),
            when=lambda days: _("when a coordinator opens the survey"),
            sample=sample_of(INVITATION),
            **shared,
        )
    )
    register(
        Rule(
            key=REMINDER,
            title=gettext_lazy("The survey, once more"),
            unless=_answered_or_over,
            # Whether it still goes out says who has answered.
            private=True,
            audience=gettext_lazy("whoever hasn't answered the survey"),
            when=_after_the_opening,
            days=STEP_DAYS,
            most_days=14,
            sample=sample_of(REMINDER),
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
    """Remind those who haven't answered three times, a step of days apart; a missed one isn't made up for."""
    open_ones = Wave.objects.open(now).filter(~switched_off(REMINDER, "season"))
    for wave in open_ones.select_related("season").annotate(step=waits(REMINDER, "season")):
        # Added on the season's clock, so that each comes at the hour at which the survey was opened.
        opened = wave.opened_at.astimezone(zone(wave.season))
        passed = sum(opened + n * wave.step <= now for n in range(1, TIMES + 1))
        if passed:
            _remind(wave, passed, now)


def reminders_of(season: Season) -> str:
    """When the reminders of a season's survey go out, in words; "" where it has none."""
    choice = choice_of(rule_of(REMINDER), season.pk)
    return _after_the_opening(choice.days) if choice.on else ""


def _after_the_opening(days: int | None) -> str:
    step = days or 0
    text = ngettext(
        "%(days)d day after the opening, then after %(second)d and %(third)d days",
        "%(days)d days after the opening, then after %(second)d and %(third)d days",
        step,
    )
    return text % {"days": step, "second": 2 * step, "third": 3 * step}


def _remind(wave: Wave, time: int, now: datetime) -> None:
    prefix = f"{REMINDER}:{wave.pk}:{time}:"
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


def _season_key(delivery: Delivery) -> Any:
    return _waves(delivery).values_list("season_id", flat=True).first()
