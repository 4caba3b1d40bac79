"""What is said about check-ins: the question, once more the question, and a coordinator's letter."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mentorship.partnerships.checkins import asking
from mentorship.partnerships.checkins.asking import AGAIN, QUESTION
from mentorship.partnerships.checkins.querysets import GOING_ON
from mentorship.partnerships.checkins.words import partner_names
from mentorship.partnerships.helping.services import open_help_case
from mentorship.partnerships.messages.common import concerning_pairs
from mentorship.partnerships.models import CheckIn, CoordinatorMessage
from mentorship.reminders.links import absolute, one_click
from mentorship.reminders.models import Delivery
from mentorship.reminders.registry import Rule, add_due_source, register, rule_of
from mentorship.reminders.samples import sample_of
from mentorship.reminders.season_rules import choice_of
from mentorship.seasons.phases import phase, zone
from mentorship.seasons.states import Phase

LINK = "check-in"
NOBODY = UUID(int=0)
# How many days the season has the question wait for its second time, and how many a pair may settle before it.
AGAIN_DAYS, SETTLING_DAYS = 7, 14
# Between the two mails at most, and less than the season's days, since the first one may have waited.
APART = timedelta(days=4)


def register_all() -> None:
    """Called once, when the program starts."""
    for key, title, audience, when, days, most_days in (
        (
            QUESTION,
            gettext_lazy("How is it going? (the monthly check-in)"),
            gettext_lazy("every member of a pair"),
            _every_month,
            SETTLING_DAYS,
            60,
        ),
        (
            AGAIN,
            gettext_lazy("The monthly check-in, once more"),
            gettext_lazy("whoever hasn't answered the monthly check-in"),
            _after_the_question,
            AGAIN_DAYS,
            21,
        ),
    ):
        register(
            Rule(
                key=key,
                title=title,
                context=_question,
                unless=_no_longer_asked,
                concerns=_concerning,
                audience=audience,
                when=when,
                days=days,
                most_days=most_days,
                season_of=_season_key,
                sample=sample_of(key),
                placeholders=("name", "partner", "season", "last_day"),
            )
        )
    register(
        Rule(
            key="from-coordinator",
            title=gettext_lazy("A coordinator's letter to a member of a pair"),
            context=_letter,
            essential=True,
            in_hours=True,
            audience=gettext_lazy("a member of a pair to whom a coordinator writes"),
            when=lambda days: _("when a coordinator writes it"),
            season_of=_season_key,
            sample=sample_of("from-coordinator"),
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
    return "too-soon" if delivery.rule == AGAIN and _just_asked(delivery, check_in, now) else ""


def _just_asked(delivery: Delivery, check_in: CheckIn, now: datetime) -> bool:
    """Whether the first question has only just gone out, or waits still: it had to rest, or the person was away."""
    first = Delivery.objects.filter(
        rule=QUESTION,
        recipient=delivery.recipient_id,
        dedupe_key=f"{QUESTION}:{check_in.membership.season_id}:{delivery.recipient_id}:{check_in.month:%Y-%m}",
    ).first()
    if first is None:
        return False
    days = choice_of(rule_of(AGAIN), check_in.membership.season_id).days or 0
    apart = min(APART, timedelta(days=days) / 2)
    return first.state == "due" or (first.sent_at is not None and first.sent_at > now - apart)


def _season_key(delivery: Delivery) -> Any:
    model: Any = CoordinatorMessage if delivery.rule == "from-coordinator" else CheckIn
    rows = model.objects.filter(pk=delivery.subject_id or NOBODY)
    return rows.values_list("membership__season_id", flat=True).first()


def _concerning(coordinator: Any) -> QuerySet[Any]:
    """The check-ins of pairs of which they may not read even who was written to."""
    return CheckIn.objects.filter(membership__partnership__in=concerning_pairs(coordinator)).values("pk")


def _every_month(days: int | None) -> str:
    text = ngettext(
        "at the beginning of each month, from %(days)d day after the pair was told on",
        "at the beginning of each month, from %(days)d days after the pair was told on",
        days or 0,
    )
    return text % {"days": days}


def _after_the_question(days: int | None) -> str:
    text = ngettext("%(days)d day after the question", "%(days)d days after the question", days or 0)
    return text % {"days": days}


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
