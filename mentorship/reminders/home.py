"""The card on the home page of those whom mail doesn't reach, or reaches only as "you have a message"."""

from django.http import HttpRequest

from mentorship.common.registries import HomeSection
from mentorship.reminders import registry
from mentorship.reminders.models import Delivery

SHOWN = 3


def latest_messages(request: HttpRequest) -> HomeSection | None:
    """The newest messages to a person without a mailbox of their own."""
    person = request.user
    if not person.is_authenticated or (person.email and not person.mailbox_is_shared):
        return None
    rows = Delivery.objects.visible_to(person).filter(recipient=person).reached()[:SHOWN]
    titled = [(delivery, registry.title_of(delivery.rule)) for delivery in rows]
    return HomeSection("reminders/home.html", {"rows": titled}, order=60) if titled else None
