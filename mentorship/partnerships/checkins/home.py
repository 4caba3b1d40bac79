"""The card of the month's check-in on the home page."""

from django.http import HttpRequest
from django.utils import timezone

from mentorship.common.registries import HomeSection
from mentorship.partnerships.checkins import asking
from mentorship.partnerships.checkins.querysets import GOING_ON
from mentorship.partnerships.checkins.words import partner_names
from mentorship.partnerships.models import CheckIn


def check_in_card(request: HttpRequest) -> HomeSection | None:
    """The first check-in that this person hasn't answered; the next one follows on its page."""
    now = timezone.now()
    rows = CheckIn.objects.filter(
        membership__person=request.user.pk,
        membership__active=True,
        membership__partnership__state__in=GOING_ON,
        state=CheckIn.State.ASKED,
    ).order_by("-month", "membership__joined_at", "pk")
    found = [row for row in rows.named()[:20] if asking.is_open(row, now)]
    if not found:
        return None
    context = {"check_in": found[0], "partner": partner_names(found[0].membership), "more": len(found) - 1}
    return HomeSection("partnerships/home_check_in.html", context, order=20, next_action=True)
