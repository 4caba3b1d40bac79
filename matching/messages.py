"""What is said to somebody for whom a season has no match."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matching.models import CallListEntry
from mentorship.common.bilingual import localized
from mentorship.partnerships.models import Membership
from mentorship.reminders.links import absolute
from mentorship.reminders.models import Delivery
from mentorship.reminders.registry import Rule, register


def register_all() -> None:
    """Called once, when the program starts."""
    register(
        Rule(
            key="unmatched",
            title=gettext_lazy("No match this season (to a mentee)"),
            context=_context,
            unless=_unless,
            essential=True,
            season_of=lambda delivery: _entry(delivery).season_id,
            sample=_sample,
            placeholders=("name", "season", "instead"),
        )
    )


def _entry(delivery: Delivery) -> CallListEntry:
    return CallListEntry.objects.select_related("season", "application").get(pk=delivery.subject_id)


def _context(delivery: Delivery) -> dict[str, Any]:
    entry = _entry(delivery)
    return {
        "name": delivery.recipient.get_short_name(),
        "season": str(entry.season),
        "called": entry.called_at is not None,
        "instead": localized(entry.season, "instead"),
        "action_url": absolute(reverse("portal:home")),
        "action": _("See what is open to you"),
    }


def _unless(delivery: Delivery, now: datetime) -> str:
    entry = _entry(delivery)
    if entry.application.state != "eligible":
        return "withdrawn"
    paired = Membership.objects.filter(application=entry.application_id, active=True, role="mentee").exists()
    return "paired" if paired else ""


def _sample() -> Delivery | None:
    entry = CallListEntry.objects.select_related("application__applicant").order_by("pk").first()
    if entry is None:
        return None
    return Delivery(rule="unmatched", recipient=entry.application.applicant, subject_id=entry.pk)
