"""What pairs need of coordinators: a wish for a different match, a first meeting, a meeting after a long silence."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentorship.common.registries import Task
from mentorship.partnerships.models import ChangeWish, Partnership
from mentorship.partnerships.services.helping import OFFER
from mentorship.reminders.models import Delivery

# A pair to which a coordinator has written is left in peace for so long.
LEFT_IN_PEACE = timedelta(days=14)


def pairs_in_need(user: Any, now: datetime) -> list[Task]:
    """One line for each kind of need, for the pairs that a coordinator may decide on."""
    if not user.has_role("coordinator"):
        return []
    url = reverse("admin:partnerships_partnership_quiet")
    wishes = wishing(user).count()
    never = never_met(user, now).count()
    silent = gone_quiet(user, now).count()
    found = []
    if wishes:
        text = ngettext(
            "%(n)d person would like a different match", "%(n)d people would like a different match", wishes
        )
        wish_url = reverse("admin:partnerships_partnership_wishes")
        kind = _("Wishes for a different match")
        found.append(
            Task(text % {"n": wishes}, wish_url, _("Get in touch"), order=30, count=wishes, urgent=True, kind=kind)
        )
    if never:
        text = ngettext("%(n)d pair hasn't had a first meeting", "%(n)d pairs haven't had a first meeting", never)
        kind = _("Pairs without a first meeting")
        found.append(Task(text % {"n": never}, url, _("Offer help"), order=40, count=never, kind=kind))
    if silent:
        text = ngettext("%(n)d pair hasn't met for a while", "%(n)d pairs haven't met for a while", silent)
        kind = _("Pairs that haven't met for long")
        found.append(Task(text % {"n": silent}, url, _("Offer help"), order=41, count=silent, kind=kind))
    return found


def wishing(user: Any) -> Any:
    """The open wishes that a coordinator may settle, the oldest first."""
    return ChangeWish.objects.to_settle(user)


def never_met(user: Any, now: datetime) -> Any:
    """Pairs without a first meeting to which nobody has written lately."""
    return _not_written_to(Partnership.objects.decidable_by(user).never_met(now), now)


def gone_quiet(user: Any, now: datetime) -> Any:
    """Pairs that haven't met for long and to which nobody has written lately."""
    return _not_written_to(Partnership.objects.decidable_by(user).gone_quiet(now), now)


def _not_written_to(pairs: Any, now: datetime) -> Any:
    written = Delivery.objects.filter(rule=OFFER, subject_id=OuterRef("pk"), made_at__gt=now - LEFT_IN_PEACE)
    return pairs.filter(~Exists(written))
