"""What is said to the people of a circle: the quiet question to its facilitators, and the announcement."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentorship.common.bilingual import localized
from mentorship.partnerships.messages.common import concerning_pairs, pair_of, sample_of, season_key
from mentorship.partnerships.models import Membership, Partnership
from mentorship.partnerships.reading import partners, with_members
from mentorship.partnerships.words import goal_titles, together, why
from mentorship.reminders.links import absolute
from mentorship.reminders.models import Delivery
from mentorship.reminders.registry import Rule, register
from mentorship.seasons.phases import zone

State = Partnership.State
Role = Membership.Role


def register_rules() -> None:
    """Called once, when the program starts."""
    placeholders = ("name", "theme", "meets", "people", "season")
    register(
        Rule(
            key="facilitator-asked",
            title=gettext_lazy("Would you facilitate …? (the quiet question to a facilitator)"),
            context=_question,
            unless=_no_longer_asked,
            essential=True,
            in_hours=True,
            concerns=concerning_pairs,
            audience=gettext_lazy("the facilitators of each approved circle"),
            when=lambda days: _("when a coordinator asks the facilitators"),
            season_of=season_key,
            sample=_sample("facilitator-asked"),
            placeholders=(*placeholders, "due"),
        )
    )
    register(
        Rule(
            key="guiding-taken-back",
            title=gettext_lazy("The quiet question is taken back (to a facilitator)"),
            context=_taken_back,
            essential=True,
            in_hours=True,
            concerns=concerning_pairs,
            audience=gettext_lazy("a facilitator whose question no longer holds"),
            when=lambda days: _("when a coordinator takes the circle back"),
            season_of=season_key,
            sample=_sample("guiding-taken-back"),
            placeholders=("name", "theme", "season"),
        )
    )
    for role, title, audience in (
        (
            Role.PEER,
            gettext_lazy("Your circle (the announcement to its people)"),
            gettext_lazy("everybody in a circle"),
        ),
        (
            Role.FACILITATOR,
            gettext_lazy("The circle that you facilitate (the announcement)"),
            gettext_lazy("every facilitator of a circle"),
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
                sample=_sample(f"announced-{role}"),
                placeholders=(*placeholders, "guided_by", "start"),
            )
        )


def _circle(circle: Partnership, delivery: Delivery) -> dict[str, Any]:
    said = why(circle.reasons, goal_titles(circle.reasons))
    others = partners(circle, delivery.recipient)
    return {
        "name": delivery.recipient.get_short_name(),
        "theme": said.goals_together,
        "meets": ", ".join([*said.times, *said.modes, *said.languages]),
        "people": [f"{each.name} ({each.unit})" if each.unit else each.name for each in others if each.is_peer],
        "guided_by": together(each.name for each in others if not each.is_peer),
        "season": str(circle.season),
    }


def _question(delivery: Delivery) -> dict[str, Any]:
    if delivery.subject_id is None:
        return _invented(delivery)
    circle = with_members(Partnership.objects.all()).get(pk=delivery.subject_id)
    due = circle.answer_due or delivery.made_at
    return _circle(circle, delivery) | {
        "due": date_format(due.astimezone(zone(circle.season)), "MONTH_DAY_FORMAT"),
        "action_url": absolute(reverse("partnerships:asked", args=[circle.pk])),
        "action": _("Read and answer"),
    }


def _taken_back(delivery: Delivery) -> dict[str, Any]:
    return _question(delivery) | {"action_url": absolute(reverse("portal:home")), "action": _("Go to the first page")}


def _announcement(delivery: Delivery) -> dict[str, Any]:
    if delivery.subject_id is None:
        return _invented(delivery)
    circle = with_members(Partnership.objects.all()).get(pk=delivery.subject_id)
    return _circle(circle, delivery) | {
        "start": localized(circle.season, "start"),
        "action_url": absolute(reverse("partnerships:detail", args=[circle.pk])),
        "action": _("Meet your circle"),
    }


def _no_longer_asked(delivery: Delivery, now: datetime) -> str:
    """Somebody who has left a circle hears no more of it; the rest of it still does."""
    circle = pair_of(delivery)
    if circle is None or circle.state != State.ASKED:
        return "answered"
    own = next((member for member in circle.memberships.all() if member.person_id == delivery.recipient_id), None)
    return "" if own is not None and own.active and own.answered_at is None else "answered"


def _not_announced(delivery: Delivery, now: datetime) -> str:
    circle = pair_of(delivery)
    return "" if circle is not None and circle.state in {State.ANNOUNCED, State.RUNNING} else "ended"


def _sample(rule: str) -> Callable[[], Delivery]:
    return lambda: sample_of(rule)


def _invented(delivery: Delivery) -> dict[str, Any]:
    """What a sample says, for the preview alone."""
    return {
        "name": delivery.recipient.given_name,
        "theme": _("Supervising people"),
        "meets": _("Tuesday mornings, Video call"),
        "people": ["Rosa Santos", "Lee Park", "Ada Okafor"],
        "guided_by": "Maria Luna",
        "due": date_format(date(2027, 3, 1), "MONTH_DAY_FORMAT"),
        "season": _("Spring 2027"),
        "start": "",
        "action_url": absolute(reverse("portal:home")),
        "action": _("Read and answer") if delivery.rule == "facilitator-asked" else _("Meet your circle"),
    }
