"""What the messages to members share: whom a message is about, whose eyes it is not for, and who takes part."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from mentorship.partnerships.models import Meeting, Membership, Partnership
from mentorship.partnerships.querysets import GOING_ON
from mentorship.partnerships.reading import partners, with_members
from mentorship.partnerships.words import together
from mentorship.reminders.links import absolute
from mentorship.reminders.models import Delivery
from mentorship.seasons.models import Season
from mentorship.seasons.phases import zone

NOBODY = UUID(int=0)


def pair_of(delivery: Delivery) -> Partnership | None:
    """The partnership that a message is about, with its members."""
    return with_members(Partnership.objects.filter(pk=delivery.subject_id or NOBODY)).first()


def meeting_of(delivery: Delivery) -> Meeting | None:
    """The meeting that a message is about, with its partnership."""
    rows = Meeting.objects.filter(pk=delivery.subject_id or NOBODY)
    return rows.select_related("partnership__season").first()


def pair_context(pair: Partnership, delivery: Delivery) -> dict[str, Any]:
    """Who is addressed, who the others are, and the season; the button leads to the pair's page."""
    others = partners(pair, delivery.recipient)
    return {
        "name": delivery.recipient.get_short_name(),
        "partner": together(partner.first_name for partner in others),
        "season": str(pair.season),
        "action_url": absolute(reverse("partnerships:detail", args=[pair.pk])),
        "action": _("Open your page"),
    }


def when(moment: datetime, season: Season) -> dict[str, str]:
    """The day and the time of a meeting, in words, in the season's zone."""
    local = moment.astimezone(zone(season))
    return {
        "weekday": date_format(local, "l"),
        "day": date_format(local, "MONTH_DAY_FORMAT"),
        "time": date_format(local, "TIME_FORMAT"),
    }


def still_member(partnership_id: UUID, delivery: Delivery) -> bool:
    """Whether the recipient still takes part in a partnership that goes on."""
    return Membership.objects.filter(
        partnership=partnership_id, person=delivery.recipient, active=True, partnership__state__in=GOING_ON
    ).exists()


def season_key(delivery: Delivery) -> Any:
    """The season of the pair that a message is about."""
    return Partnership.objects.filter(pk=delivery.subject_id or NOBODY).values_list("season_id", flat=True).first()


def meeting_season_key(delivery: Delivery) -> Any:
    """The season of the meeting that a message is about."""
    rows = Meeting.objects.filter(pk=delivery.subject_id or NOBODY)
    return rows.values_list("partnership__season_id", flat=True).first()


def concerning_pairs(coordinator: Any) -> QuerySet[Any]:
    """The pairs of which they may not read even who was written to: it would tell a mentee their mentor."""
    return Partnership.objects.concerning(coordinator).values("pk")


def concerning_meetings(coordinator: Any) -> QuerySet[Any]:
    """The meetings of pairs of which they may not read even who was written to."""
    return Meeting.objects.filter(partnership__in=concerning_pairs(coordinator)).values("pk")


def invented() -> dict[str, Any]:
    """What every sample says, for the preview alone."""
    return {
        "name": "Sam",
        "partner": "Rosa",
        "season": _("Spring 2027"),
        "weekday": _("Tuesday"),
        "day": date_format(date(2027, 3, 9), "MONTH_DAY_FORMAT"),
        "time": time_format(time(10, 0), "TIME_FORMAT"),
        "minutes": 45,
        "action_url": absolute(reverse("portal:home")),
        "action": _("Open your page"),
    }
