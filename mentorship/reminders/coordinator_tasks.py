"""What coordinators have to settle in the outbox."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentorship.common.registries import Task
from mentorship.reminders.models import Delivery

UNSETTLED = (Delivery.State.UNCERTAIN, Delivery.State.DEAD)


def unsettled_messages(user: Any, now: datetime) -> list[Task]:
    """One line where messages may have been sent or could not be."""
    if not user.has_role("coordinator"):
        return []
    others = Delivery.objects.visible_to(user).exclude(recipient=user)
    count = others.filter(state__in=UNSETTLED).count()
    if not count:
        return []
    text = ngettext("%(count)d message may not have arrived", "%(count)d messages may not have arrived", count)
    url = f"{reverse('admin:reminders_delivery_changelist')}?state__in={','.join(UNSETTLED)}"
    return [Task(text % {"count": count}, url, _("Look at the outbox"), order=80, count=count, kind=_("Messages"))]
