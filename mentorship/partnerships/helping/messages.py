"""What is said about requests for help: that there is a message, and nothing else."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentorship.partnerships.models import HelpCase, HelpMessage
from mentorship.reminders.links import absolute
from mentorship.reminders.models import Delivery
from mentorship.reminders.registry import Rule, register
from mentorship.reminders.samples import sample_of

NOBODY = UUID(int=0)


def register_all() -> None:
    """Called once, when the program starts. The outbox shows neither to others: each would tell of the request."""
    for key, title, unless, audience, when in (
        (
            "help-asked",
            gettext_lazy("You have a message (to a coordinator, about help)"),
            _not_theirs_any_more,
            gettext_lazy("each coordinator who may handle the request, or the one who took it"),
            lambda days: _("when somebody in a pair asks for help or writes back"),
        ),
        (
            "help-answered",
            gettext_lazy("You have a message (to whoever asked for help)"),
            _settled,
            gettext_lazy("whoever asked for help"),
            lambda days: _("when a coordinator answers"),
        ),
    ):
        register(
            Rule(
                key=key,
                title=title,
                context=_context,
                unless=unless,
                essential=True,
                in_hours=True,
                audience=audience,
                when=when,
                season_of=_season_key,
                sample=sample_of(key),
                placeholders=("name", "season"),
                private=True,
            )
        )


def _message(delivery: Delivery) -> HelpMessage | None:
    rows = HelpMessage.objects.select_related("case__membership__partnership__season")
    return rows.filter(pk=delivery.subject_id or NOBODY).first()


def _context(delivery: Delivery) -> dict[str, Any]:
    name = delivery.recipient.get_short_name()
    action = _("Sign in and read it")
    if delivery.subject_id is None:
        return {"name": name, "season": _("Spring 2027"), "action_url": absolute("/"), "action": action}
    message = HelpMessage.objects.select_related("case__membership__partnership__season").get(pk=delivery.subject_id)
    page = "admin:partnerships_helpcase_change" if delivery.rule == "help-asked" else "partnerships:help_case"
    return {
        "name": name,
        "season": str(message.case.membership.partnership.season),
        "action_url": absolute(reverse(page, args=[message.case_id])),
        "action": action,
    }


def _not_theirs_any_more(delivery: Delivery, now: datetime) -> str:
    """Another coordinator took it meanwhile, or the recipient may no longer handle it."""
    message = _message(delivery)
    if message is None or message.case.waits_since is None:
        return "settled"
    if not HelpCase.objects.handleable_by(delivery.recipient).filter(pk=message.case_id).exists():
        return "concerned"
    return "" if message.case.handler_id in {None, delivery.recipient_id} else "taken"


def _settled(delivery: Delivery, now: datetime) -> str:
    message = _message(delivery)
    return "settled" if message is None or message.case.state == HelpCase.State.CLOSED else ""


def _season_key(delivery: Delivery) -> Any:
    message = _message(delivery)
    return None if message is None else message.case.membership.season_id
