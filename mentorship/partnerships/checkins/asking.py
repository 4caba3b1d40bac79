"""When the monthly question is asked, of whom, and when a missing answer is asked for once more."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from mentorship.partnerships.checkins.querysets import GOING_ON
from mentorship.partnerships.models import CheckIn, Kind, Membership, Partnership
from mentorship.reminders.registry import rule_of
from mentorship.reminders.season_rules import choice_of
from mentorship.reminders.services import Draft, queue_deliveries
from mentorship.seasons.models import Season
from mentorship.seasons.phases import days_before, phase, today, zone
from mentorship.seasons.states import Phase

QUESTION, AGAIN = "check-in", "check-in-again"
# Late in a month there is no time left to answer.
LAST_DAY_TO_ASK = 20
FIT_AFTER = timedelta(days=30)
# How many one tick asks in a season: the rest follows a minute later.
AT_ONCE = 2000


def month_of(season: Season, now: datetime) -> date:
    """Return the first day of the month that it is in the season's zone."""
    return today(season, now).replace(day=1)


def month_ends_at(season: Season, month: date) -> datetime:
    """Return the moment from which an answer for `month` can't be given or changed any more."""
    following = (month + timedelta(days=31)).replace(day=1)
    return datetime.combine(following, time.min, zone(season))


def is_open(check_in: CheckIn, now: datetime) -> bool:
    """The month isn't over, the season runs and the pair goes on."""
    membership = check_in.membership
    pair = membership.partnership
    return (
        phase(pair.season, now) == Phase.RUNNING
        and check_in.month == month_of(pair.season, now)
        and membership.active
        and pair.state in GOING_ON
    )


def asks_fit(check_in: CheckIn, now: datetime) -> bool:
    """Whether the form also asks how the match fits: once the two have met, until one of them says that it does."""
    if not have_met(check_in.membership.partnership, now):
        return False
    earlier = CheckIn.objects.filter(membership=check_in.membership, month__lt=check_in.month)
    return not earlier.filter(fit=CheckIn.Fit.GOOD).exists()


def have_met(pair: Partnership, now: datetime) -> bool:
    """Whether the two know each other: they have met, or could have within 30 days after they were told."""
    could_have = pair.announced_at is not None and pair.announced_at <= now - FIT_AFTER
    return pair.last_met_at is not None or could_have


def ask_due(now: datetime) -> None:
    """Ask every member of a told pair once a month, once it has had the days to settle that its season gives.

    A season without the mail still asks on the first page. A source of the tick.
    """
    for season in running(now):
        day = today(season, now)
        if season.starts_on <= day and day.day <= LAST_DAY_TO_ASK:
            _ask(season, now)


def chase_due(now: datetime) -> None:
    """Ask once more, so many days later as the season says, where nothing was answered; a source of the tick."""
    for season in running(now):
        _chase(season, now)


def running(now: datetime) -> list[Season]:
    """The seasons in which pairs meet at `now`."""
    told = Season.objects.current(now).filter(announced_at__isnull=False)
    return [season for season in told if phase(season, now) == Phase.RUNNING]


@transaction.atomic
def _ask(season: Season, now: datetime) -> None:
    month = month_of(season, now)
    choice = choice_of(rule_of(QUESTION), season.pk)
    asked = CheckIn.objects.filter(membership=OuterRef("pk"), month=month)
    members = (
        Membership.objects.filter(
            ~Exists(asked),
            season=season,
            kind=Kind.PAIR,
            active=True,
            partnership__state__in=GOING_ON,
            partnership__announced_at__lte=days_before(season, choice.days or 0, now),
        )
        .select_related("person")
        .order_by("person_id", "joined_at", "pk")[:AT_ONCE]
    )
    rows = [CheckIn(membership=member, month=month, asked_at=now) for member in members]
    if rows:
        CheckIn.objects.bulk_create(rows, ignore_conflicts=True)
        if choice.on:
            _say(QUESTION, season, month, rows, now)


@transaction.atomic
def _chase(season: Season, now: datetime) -> None:
    month = month_of(season, now)
    choice = choice_of(rule_of(AGAIN), season.pk)
    if not choice.on:
        return
    missing = (
        CheckIn.objects.open_in(season, month)
        .filter(
            state=CheckIn.State.ASKED,
            chased_at=None,
            asked_at__lte=days_before(season, choice.days or 0, now),
        )
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("membership__person")
        .order_by("membership__person_id", "membership__joined_at", "pk")[:AT_ONCE]
    )
    rows = list(missing)
    if rows:
        CheckIn.objects.filter(pk__in=[row.pk for row in rows]).update(chased_at=now)
        _say(AGAIN, season, month, rows, now)


def _say(rule: str, season: Season, month: date, rows: Iterable[CheckIn], now: datetime) -> None:
    """One message to each person, however many pairs they are in."""
    first: dict[Any, CheckIn] = {}
    for row in rows:
        first.setdefault(row.membership.person_id, row)
    queue_deliveries(
        drafts=[
            Draft(
                rule=rule,
                recipient=row.membership.person,
                dedupe_key=f"{rule}:{season.pk}:{person}:{month:%Y-%m}",
                subject=row,
            )
            for person, row in first.items()
        ],
        now=now,
    )
