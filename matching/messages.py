"""What is said to somebody for whom a season has no match."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matching.models import CallListEntry
from matching.told import SENTENCES, shortage, why_not
from mentorship.common.bilingual import localized
from mentorship.partnerships.models import Membership
from mentorship.reminders.links import absolute
from mentorship.reminders.models import Delivery
from mentorship.reminders.registry import Rule, register
from mentorship.reminders.samples import sample_of


def register_all() -> None:
    """Called once, when the program starts."""
    register(
        Rule(
            key="unmatched",
            title=gettext_lazy("No match this season (to a mentee)"),
            context=_context,
            unless=_unless,
            essential=True,
            audience=gettext_lazy("a mentee without a match"),
            when=lambda days: _("when a coordinator has called them"),
            season_of=_season_key,
            sample=sample_of("unmatched"),
            placeholders=("name", "season", "instead"),
        )
    )


def _season_key(delivery: Delivery) -> Any:
    return None if delivery.subject_id is None else _entry(delivery).season_id


def _entry(delivery: Delivery) -> CallListEntry:
    """The entry that the message is about. Raises CallListEntry.DoesNotExist."""
    return CallListEntry.objects.select_related("season", "application").get(pk=delivery.subject_id or UUID(int=0))


def _context(delivery: Delivery) -> dict[str, Any]:
    if delivery.subject_id is None:
        season, called, instead = _("Spring 2027"), True, _("The circle for new supervisors starts in April.")
        why, url = [shortage(), str(SENTENCES["min_shared_slots"])], reverse("portal:home")
    else:
        entry = _entry(delivery)
        season, called = str(entry.season), entry.called_at is not None
        instead = localized(entry.season, "instead")
        why, url = why_not(entry.application), reverse("matching:alone", args=[entry.application_id])
    return {
        "name": delivery.recipient.get_short_name(),
        "season": season,
        "called": called,
        "instead": instead,
        "why": why[1:],
        "action_url": absolute(url),
        "action": _("Say whether you would wait for a place"),
    }


def _unless(delivery: Delivery, now: datetime) -> str:
    entry = _entry(delivery)
    if entry.application.state != "eligible":
        return "withdrawn"
    paired = Membership.objects.filter(application=entry.application_id, active=True, role="mentee").exists()
    return "paired" if paired else ""
