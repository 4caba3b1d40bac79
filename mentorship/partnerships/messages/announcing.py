"""What is said to the members of a pair: the quiet question, one reminder of it, and the announcement."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Value
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mentorship.common.bilingual import localized
from mentorship.partnerships.messages.common import concerning_pairs, pair_of, season_key
from mentorship.partnerships.models import Membership, Partnership
from mentorship.partnerships.reading import partners, with_members
from mentorship.partnerships.services import ANSWER_DAYS
from mentorship.partnerships.words import goal_titles, why
from mentorship.reminders.links import absolute
from mentorship.reminders.models import Delivery
from mentorship.reminders.registry import Rule, register
from mentorship.reminders.samples import sample_of
from mentorship.reminders.season_rules import not_said, shifted, switched_off, waits
from mentorship.reminders.services import Draft, queue_deliveries
from mentorship.seasons.phases import zone

AGAIN = "mentor-asked-again"
State = Partnership.State


def register_rules() -> None:
    """Called once, when the program starts."""
    register(
        Rule(
            key="mentor-asked",
            title=gettext_lazy("Would you mentor …? (the quiet question to a mentor)"),
            context=_question,
            unless=_no_longer_asked,
            essential=True,
            in_hours=True,
            concerns=concerning_pairs,
            audience=gettext_lazy("the mentor of each approved pair"),
            when=lambda days: _("when a coordinator asks the mentors"),
            season_of=season_key,
            sample=sample_of("mentor-asked"),
            placeholders=("name", "mentee", "unit", "goals", "due", "season"),
        )
    )
    register(
        Rule(
            key="mentor-asked-again",
            title=gettext_lazy("The quiet question to a mentor, once more"),
            context=_question,
            unless=_no_longer_asked,
            concerns=concerning_pairs,
            audience=gettext_lazy("a mentor who was asked and hasn't answered"),
            when=_after_the_question,
            days=3,
            most_days=ANSWER_DAYS - 1,
            season_of=season_key,
            sample=sample_of("mentor-asked-again"),
            placeholders=("name", "mentee", "unit", "goals", "due", "season"),
        )
    )
    register(
        Rule(
            key="question-taken-back",
            title=gettext_lazy("The quiet question is taken back (to a mentor)"),
            context=_taken_back,
            essential=True,
            in_hours=True,
            concerns=concerning_pairs,
            audience=gettext_lazy("a mentor whose question no longer holds"),
            when=lambda days: _("when a coordinator takes the match back"),
            season_of=season_key,
            sample=sample_of("question-taken-back"),
            placeholders=("name", "mentee", "season"),
        )
    )
    for role, title, audience in (
        (
            Membership.Role.MENTOR,
            gettext_lazy("Your mentee (the announcement to a mentor)"),
            gettext_lazy("every mentor with a match"),
        ),
        (
            Membership.Role.MENTEE,
            gettext_lazy("Your mentor (the announcement to a mentee)"),
            gettext_lazy("every mentee with a match"),
        ),
    ):
        register(
            Rule(
                key=f"announced-{role}",
                title=title,
                context=_announcement,
                unless=_not_announced,
                essential=True,
                concerns=concerning_pairs,
                audience=audience,
                when=lambda days: _("when the matches are announced"),
                season_of=season_key,
                sample=sample_of(f"announced-{role}"),
                placeholders=("name", "partner", "unit", "goals", "season", "start"),
            )
        )


def remind_mentors(now: datetime) -> None:
    """Remind mentors once, so many days after the question as their season says, while they may answer in time.

    The days are counted back from the last one, since the question itself may have waited for working hours.
    """
    left = Value(timedelta(days=ANSWER_DAYS)) - waits(AGAIN, "partnership__season")
    mentors = (
        Membership.objects.filter(
            not_said(AGAIN, subject="partnership"),
            ~switched_off(AGAIN, "partnership__season"),
            role=Membership.Role.MENTOR,
            partnership__state=State.ASKED,
            partnership__answer_due__lte=shifted(now, left, "partnership__season__zone"),
            partnership__answer_due__gt=now,
        )
        .select_related("person", "partnership")
        .order_by("pk")
    )
    drafts = [
        Draft(
            rule=AGAIN,
            recipient=mentor.person,
            dedupe_key=f"mentor-asked-again:{mentor.partnership_id}",
            subject=mentor.partnership,
        )
        for mentor in mentors
    ]
    if drafts:
        queue_deliveries(drafts=drafts, now=now)


def _question(delivery: Delivery) -> dict[str, Any]:
    if delivery.subject_id is None:
        return _invented(delivery)
    pair = with_members(Partnership.objects.all()).get(pk=delivery.subject_id)
    mentee = partners(pair, delivery.recipient)[0]
    due = pair.answer_due or delivery.made_at
    return {
        "name": delivery.recipient.get_short_name(),
        "mentee": mentee.name,
        "unit": mentee.unit,
        "goals": mentee.goals,
        "due": date_format(due.astimezone(zone(pair.season)), "MONTH_DAY_FORMAT"),
        "season": str(pair.season),
        "action_url": absolute(reverse("partnerships:asked", args=[pair.pk])),
        "action": _("Read and answer"),
    }


def _taken_back(delivery: Delivery) -> dict[str, Any]:
    return _question(delivery) | {"action_url": absolute(reverse("portal:home")), "action": _("Go to the first page")}


def _announcement(delivery: Delivery) -> dict[str, Any]:
    if delivery.subject_id is None:
        return _invented(delivery)
    pair = with_members(Partnership.objects.all()).get(pk=delivery.subject_id)
    partner = partners(pair, delivery.recipient)[0]
    return {
        "name": delivery.recipient.get_short_name(),
        "partner": partner.name,
        "partner_first": partner.first_name,
        "unit": partner.unit,
        "goals": why(pair.reasons, goal_titles(pair.reasons)).goals,
        "season": str(pair.season),
        "start": localized(pair.season, "start"),
        "action_url": absolute(reverse("partnerships:detail", args=[pair.pk])),
        "action": _("Meet %(name)s") % {"name": partner.first_name},
    }


def _no_longer_asked(delivery: Delivery, now: datetime) -> str:
    pair = pair_of(delivery)
    if pair is None or pair.state != State.ASKED:
        return "answered"
    return (
        "" if all(member.application_id is None or _stands(member) for member in pair.memberships.all()) else "gone"
    )


def _stands(member: Membership) -> bool:
    return member.application is not None and member.application.state == "eligible"


def _not_announced(delivery: Delivery, now: datetime) -> str:
    pair = pair_of(delivery)
    return "" if pair is not None and pair.state in {State.ANNOUNCED, State.RUNNING} else "ended"


def _after_the_question(days: int | None) -> str:
    text = ngettext("%(days)d day after the question", "%(days)d days after the question", days or 0)
    return text % {"days": days}


def _invented(delivery: Delivery) -> dict[str, Any]:
    """What a sample says, for the preview alone."""
    return {
        "name": delivery.recipient.given_name,
        "mentee": "Rosa Santos",
        "partner": "Rosa Santos",
        "partner_first": "Rosa",
        "unit": _("Central Library"),
        "goals": [_("Supervising people"), _("Library school")],
        "due": date_format(date(2027, 3, 1), "MONTH_DAY_FORMAT"),
        "season": _("Spring 2027"),
        "start": "",
        "action_url": absolute(reverse("portal:home")),
        "action": _("Read and answer")
        if delivery.rule.startswith("mentor")
        else _("Meet %(name)s") % {"name": "Rosa"},
    }
