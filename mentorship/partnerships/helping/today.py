"""What requests for help put on a coordinator's Today: before everything else."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentorship.common.registries import Task
from mentorship.partnerships.models import HelpCase

SHOWN = 5
FIRST, THEN = 1, 2


def tasks(user: Any, now: datetime) -> list[Task]:
    """One line for each of the five most pressing, and one for the rest."""
    if not user.has_role("coordinator"):
        return []
    kind = _("Requests for help")
    found = []
    for case in HelpCase.objects.waiting_for(user, now).most_pressing(SHOWN).named().order_by("place"):
        name = {"name": case.membership.person.display_name, "topic": case.get_topic_display()}
        if case.state == HelpCase.State.OPEN:
            text, action = _("%(name)s asks for help: %(topic)s") % name, _("Read and take it")
        else:
            text, action = _("%(name)s waits for an answer: %(topic)s") % name, _("Read and answer")
        url = reverse("admin:partnerships_helpcase_change", args=[case.pk])
        order = FIRST if case.weight == 0 else THEN
        found.append(Task(text, url, action, order=order, urgent=True, since=case.waits_since, kind=kind))
        if len(found) == SHOWN and case.alike > SHOWN:
            rest = case.alike - SHOWN
            text = ngettext("%(n)d more request for help", "%(n)d more requests for help", rest) % {"n": rest}
            url = reverse("admin:partnerships_helpcase_changelist")
            found.append(Task(text, url, _("See them all"), order=THEN, count=rest, urgent=True, kind=kind))
            break
    return found
