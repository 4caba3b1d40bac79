"""What is said to those who haven't met for a while, by the clock, and by their contact."""

from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mentorship.partnerships.helping.services import help_case_open, open_help_case
from mentorship.partnerships.messages.common import (
    concerning_pairs,
    invented,
    pair_context,
    pair_of,
    season_key,
    still_member,
)
from mentorship.partnerships.models import Membership, Partnership
from mentorship.partnerships.querysets import NO_FIRST_MEETING as FIRST
from mentorship.partnerships.querysets import NO_RECENT_MEETING as LATER
from mentorship.partnerships.services.helping import OFFER
from mentorship.people.models import User
from mentorship.reminders.models import Delivery
from mentorship.reminders.registry import Rule, register
from mentorship.reminders.samples import sample_of
from mentorship.reminders.season_rules import not_said, switched_off, waited_at_least_since
from mentorship.reminders.services import Draft, queue_deliveries
from mentorship.seasons.phases import zone

PLACEHOLDERS = ("name", "partner", "season", "since")


def register_rules() -> None:
    """Called once, when the program starts."""
    for key, title, audience, when, days in (
        (
            FIRST,
            gettext_lazy("No first meeting yet"),
            gettext_lazy("both members of a pair that hasn't met and plans no meeting"),
            _after_the_announcement,
            21,
        ),
        (
            LATER,
            gettext_lazy("No meeting for a while"),
            gettext_lazy("both members of a pair that plans no further meeting"),
            _after_the_last_meeting,
            35,
        ),
    ):
        register(
            Rule(
                key=key,
                title=title,
                context=_context,
                unless=_not_needed,
                concerns=concerning_pairs,
                audience=audience,
                when=when,
                days=days,
                season_of=season_key,
                sample=sample_of(key),
                placeholders=PLACEHOLDERS,
            )
        )
    register(
        Rule(
            key=OFFER,
            title=gettext_lazy("Your contact offers help (sent by a coordinator to a quiet pair)"),
            context=_offer,
            unless=_met_meanwhile,
            essential=True,
            in_hours=True,
            concerns=concerning_pairs,
            audience=gettext_lazy("both members of a pair that hasn't met for a while"),
            when=lambda days: _("when a coordinator writes to them"),
            season_of=season_key,
            sample=sample_of(OFFER),
            placeholders=(*PLACEHOLDERS, "contact", "contact_email"),
        )
    )


def remind_quiet_pairs(now: datetime) -> None:
    """Remind the members of a quiet pair once for each silence; while one of them waits for help it rests."""
    never_met = Partnership.objects.filter(announced_at__lte=waited_at_least_since(FIRST, now)).never_met(now)
    gone_quiet = Partnership.objects.filter(last_met_at__lte=waited_at_least_since(LATER, now)).gone_quiet(now)
    _remind(FIRST, never_met, "", now)
    _remind(LATER, gone_quiet, "last_met_at", now)


def _remind(rule: str, pairs: Any, since: str, now: datetime) -> None:
    members = Membership.objects.filter(active=True).select_related("person").order_by("pk")
    due = pairs.filter(not_said(rule, since=since), ~switched_off(rule, "season"), ~help_case_open("pk"))
    quiet = due.prefetch_related(Prefetch("memberships", members)).order_by("pk")
    drafts = [
        Draft(
            rule=rule,
            recipient=member.person,
            dedupe_key=f"{rule}:{member.pk}:{pair.last_met_at:%Y%m%d%H%M}"
            if pair.last_met_at
            else f"{rule}:{member.pk}",
            subject=pair,
        )
        for pair in quiet
        for member in pair.memberships.all()
    ]
    if drafts:
        queue_deliveries(drafts=drafts, now=now)


def _context(delivery: Delivery) -> dict[str, Any]:
    pair = pair_of(delivery)
    if pair is None:
        return {**invented(), "since": date_format(date(2027, 3, 9), "MONTH_DAY_FORMAT")}
    since = pair.last_met_at or pair.announced_at or pair.approved_at
    return {
        **pair_context(pair, delivery),
        "since": date_format(since.astimezone(zone(pair.season)), "MONTH_DAY_FORMAT"),
        "never": pair.last_met_at is None,
    }


def _offer(delivery: Delivery) -> dict[str, Any]:
    writer = User.objects.filter(pk=delivery.ids.get("by")).select_related("profile").first()
    return {
        **_context(delivery),
        "contact": writer.display_name if writer else "Ana Ortiz",
        "contact_email": writer.profile.listed_email if writer and not writer.mailbox_is_shared else "",
    }


def _not_needed(delivery: Delivery, now: datetime) -> str:
    pair = pair_of(delivery)
    return "help-case" if pair is not None and open_help_case(pair) else _met_meanwhile(delivery, now)


def _met_meanwhile(delivery: Delivery, now: datetime) -> str:
    pair = pair_of(delivery)
    if pair is None or not still_member(pair.pk, delivery):
        return "ended"
    quiet = Partnership.objects.filter(pk=pair.pk)
    return "" if quiet.never_met(now).exists() or quiet.gone_quiet(now).exists() else "met"


def _after_the_announcement(days: int | None) -> str:
    text = ngettext(
        "%(days)d day after they were told, or after the season's start where that is later",
        "%(days)d days after they were told, or after the season's start where that is later",
        days or 0,
    )
    return text % {"days": days}


def _after_the_last_meeting(days: int | None) -> str:
    text = ngettext("%(days)d day after their last meeting", "%(days)d days after their last meeting", days or 0)
    return text % {"days": days}
