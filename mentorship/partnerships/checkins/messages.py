"""What is said about check-ins: the question, once more the question, and a coordinator's letter."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentorship.partnerships.checkins import asking
from mentorship.partnerships.checkins.querysets import GOING_ON
from mentorship.partnerships.checkins.words import partner_names
from mentorship.partnerships.helping.services import open_help_case
from mentorship.partnerships.models import CheckIn, CoordinatorMessage
from mentorship.people.models import User
from mentorship.reminders.links import absolute, one_click
from mentorship.reminders.models import Delivery
from mentorship.reminders.registry import Rule, add_due_source, register
from mentorship.seasons.phases import phase, zone
from mentorship.seasons.states import Phase
from mentorship.seasons.working_hours import next_moment

LINK = "check-in"
NOBODY = UUID(int=0)
# Between the question and its second time; less than `asking.CHASE_AFTER`, since the first one may have waited.
APART = timedelta(days=4)


def register_all() -> None:
    """Called once, when the program starts."""
    for key, title in (
        ("check-in", gettext_lazy("How is it going? (the monthly check-in)")),
        ("check-in-again", gettext_lazy("The monthly check-in, once more")),
    ):
        register(
            Rule(
                key=key,
                title=title,
                context=_question,
                unless=_no_longer_asked,
                wait_until=_in_working_hours,
                season_of=_season_key,
                sample=_sample(key),
                placeholders=("name", "partner", "season", "last_day"),
            )
        )
    register(
        Rule(
            key="from-coordinator",
            title=gettext_lazy("A coordinator's letter to a member of a pair"),
            context=_letter,
            essential=True,
            wait_until=_in_working_hours,
            season_of=_season_key,
            sample=_sample("from-coordinator"),
            placeholders=("name", "words", "season"),
            private=True,
        )
    )
    add_due_source(asking.ask_due)
    add_due_source(asking.chase_due)


def _check_in(delivery: Delivery) -> CheckIn | None:
    rows = CheckIn.objects.select_related("membership__partnership__season", "membership__person")
    return rows.filter(pk=delivery.subject_id or NOBODY).first()


def _open_beside(check_in: CheckIn) -> list[CheckIn]:
    """What the person has still to answer this month in this season."""
    rows = CheckIn.objects.beside(check_in).filter(state=CheckIn.State.ASKED)
    return list(rows.select_related("membership__partnership"))


def _question(delivery: Delivery) -> dict[str, Any]:
    if delivery.subject_id is None:
        return _invented(delivery)
    rows = CheckIn.objects.named()
    check_in: CheckIn = rows.get(pk=delivery.subject_id)
    season = check_in.membership.partnership.season
    ends = asking.month_ends_at(season, check_in.month)
    return {
        "name": delivery.recipient.get_short_name(),
        "partner": partner_names(check_in.membership),
        "more": max(0, len(_open_beside(check_in)) - 1),
        "season": str(season),
        "last_day": formats.date_format(ends.astimezone(zone(season)) - timedelta(days=1), "MONTH_DAY_FORMAT"),
        "action_url": one_click(
            "partnerships:check_in_link",
            delivery=delivery,
            purpose=LINK,
            lifetime=ends - delivery.due_at,
            subject_id=check_in.pk,
        ),
        "action": _("Answer one question"),
    }


def _letter(delivery: Delivery) -> dict[str, Any]:
    if delivery.subject_id is None:
        return _invented(delivery)
    rows = CoordinatorMessage.objects.select_related("membership__partnership__season")
    message = rows.get(pk=delivery.subject_id)
    membership = message.membership
    return {
        "name": delivery.recipient.get_short_name(),
        "words": message.words,
        "season": str(membership.partnership.season),
        "action_url": absolute(reverse("partnerships:ask_for_help", args=[membership.partnership_id])),
        "action": _("Write to the coordinators"),
    }


def _no_longer_asked(delivery: Delivery, now: datetime) -> str:
    check_in = _check_in(delivery)
    if check_in is None or phase(check_in.membership.partnership.season, now) != Phase.RUNNING:
        return "season-over"
    membership = check_in.membership
    if check_in.month != asking.month_of(membership.partnership.season, now):
        return "month-over"
    if not membership.active or membership.partnership.state not in GOING_ON:
        return "ended"
    left = _open_beside(check_in)
    if not left:
        return "answered"
    if all(open_help_case(row.membership.partnership) for row in left):
        return "help-case"
    return "too-soon" if delivery.rule == "check-in-again" and _just_asked(delivery, check_in, now) else ""


def _just_asked(delivery: Delivery, check_in: CheckIn, now: datetime) -> bool:
    """Whether the first question has only just gone out, or waits still: it had to rest, or the person was away."""
    first = Delivery.objects.filter(
        rule="check-in",
        recipient=delivery.recipient_id,
        dedupe_key=f"check-in:{check_in.membership.season_id}:{delivery.recipient_id}:{check_in.month:%Y-%m}",
    ).first()
    return first is not None and (first.state == "due" or (first.sent_at is not None and first.sent_at > now - APART))


def _in_working_hours(delivery: Delivery, now: datetime) -> datetime:
    season = _season(delivery)
    return now if season is None else next_moment(season, now)


def _season_key(delivery: Delivery) -> Any:
    season = _season(delivery)
    return None if season is None else season.pk


def _season(delivery: Delivery) -> Any:
    model: Any = CoordinatorMessage if delivery.rule == "from-coordinator" else CheckIn
    rows = model.objects.select_related("membership__partnership__season")
    row = rows.filter(pk=delivery.subject_id or NOBODY).first()
    return None if row is None else row.membership.partnership.season


def _sample(rule: str) -> Callable[[], Delivery]:
    """A message about nobody: how it goes with a real pair is not for every coordinator to read."""

    def sample() -> Delivery:
        return Delivery(rule=rule, recipient=User(given_name="Sam", family_name="Tran", email="sam@library.example"))

    return sample


def _invented(delivery: Delivery) -> dict[str, Any]:
    """What a sample says, for the preview alone."""
    letter = delivery.rule == "from-coordinator"
    return {
        "name": delivery.recipient.given_name,
        "partner": "Rosa",
        "more": 0,
        "season": _("Spring 2027"),
        "last_day": formats.date_format(date(2027, 3, 31), "MONTH_DAY_FORMAT"),
        "words": _("Hello %(name)s,") % {"name": "Sam"} + "\n\n" + _("When may I call you?"),
        "action_url": absolute(reverse("portal:home")),
        "action": _("Write to the coordinators") if letter else _("Answer one question"),
    }
