"""What is said when a pair comes to its end, and the clock's part in it: the season's meetings are over."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentorship.partnerships.messages.common import (
    concerning_pairs,
    invented,
    pair_context,
    pair_of,
    season_key,
)
from mentorship.partnerships.models import Membership, Partnership
from mentorship.partnerships.services.closing import close_season_pairs
from mentorship.reminders.models import Delivery
from mentorship.reminders.registry import Rule, register
from mentorship.reminders.samples import sample_of
from mentorship.seasons.models import Season
from mentorship.seasons.phases import meetings_end_at

PLACEHOLDERS = ("name", "partner", "season")


def register_rules() -> None:
    """Called once, when the program starts."""
    for key, title, audience, when in (
        (
            "pair-completed",
            gettext_lazy("The pair has completed its time (thank you)"),
            gettext_lazy("the members of a pair that is done, but not whoever said so"),
            lambda days: _("when the season's meetings are over, or when a pair says that it is done"),
        ),
        (
            "pair-ended",
            gettext_lazy("The pair has ended, without fault"),
            gettext_lazy("the members of a pair that ends, but not whoever ended it"),
            lambda days: _("when a member or a coordinator ends it"),
        ),
    ):
        register(
            Rule(
                key=key,
                title=title,
                context=_context,
                unless=_not_a_member,
                essential=True,
                in_hours=True,
                concerns=concerning_pairs,
                audience=audience,
                when=when,
                season_of=season_key,
                sample=sample_of(key),
                placeholders=PLACEHOLDERS,
            )
        )


def close_with_the_season(now: datetime) -> None:
    """Close the pairs of each season whose meetings are over."""
    pairs = Partnership.objects.going_on().filter(season=OuterRef("pk"))
    over = Season.objects.filter(Exists(pairs), ends_on__lte=now.date())
    for season in over.order_by("pk"):
        if meetings_end_at(season) <= now:
            close_season_pairs(season=season, now=now)


def _context(delivery: Delivery) -> dict[str, Any]:
    pair = pair_of(delivery)
    return invented() if pair is None else pair_context(pair, delivery)


def _not_a_member(delivery: Delivery, now: datetime) -> str:
    known = Membership.objects.filter(partnership=delivery.subject_id, person=delivery.recipient)
    return "" if known.exists() else "gone"
